package views

import (
	"strings"
	"time"
)

// What was done to one's own account; the texts are account.done.NAME.
const (
	PasswordChanged      = "password"
	FactorSet            = "factor_set"
	FactorRemoved        = "factor_removed"
	RecoveryCodesRenewed = "recovery_codes"
	SessionEnded         = "session"
	SessionsEnded        = "sessions"
	ZoneSet              = "zone"
	Confirmed            = "confirmed" // at the provider, for a form of another page
)

// AccountChanges lists what can be done to one's own account.
var AccountChanges = []string{PasswordChanged, FactorSet, FactorRemoved, RecoveryCodesRenewed, SessionEnded, SessionsEnded, ZoneSet, Confirmed}

// OwnAccount is one's own account.
type OwnAccount struct {
	Done           string // one of AccountChanges; empty: nothing was done just now
	FactorSince    time.Time
	Provider       bool // it signs in at the provider
	FactorRequired bool // it can be replaced, but not removed
	RecoveryCodes  int64
	Problem        ProofProblem // with a change of the second factor
	Sessions       []OwnSession
	Language       string // the tag of the one that was chosen; empty: none
	Zone           string // the time zone, as set or as typed; empty: the browser's
	ZoneProblem    string
}

// HasFactor reports whether the account has a second factor.
func (o OwnAccount) HasFactor() bool { return !o.FactorSince.IsZero() }

// OwnSession is one session of one's own account.
type OwnSession struct {
	ID      string
	Browser string // empty: not known
	Began   time.Time
	Seen    time.Time
	Current bool // this one
}

// ProofProblem is what is wrong with the present password and a code.
type ProofProblem struct {
	Summary  string // of neither
	Password string
	Code     string
}

// PasswordChange is the form to change one's own password: what was wrong.
type PasswordChange struct {
	Required   bool // before anything else can be done
	Next       string
	Problem    ProofProblem
	NewProblem string
}

// LoginCode is the form for a code after the password: what was wrong.
type LoginCode struct {
	Next    string
	Problem ProofProblem
}

// FactorForm is the form that sets up a second factor: what to scan or type, and what was wrong.
type FactorForm struct {
	Required         bool // before anything else can be done
	Replaces         bool // there is one, of which a code is asked
	Next             string
	QR               QR
	Secret           string
	Sealed           string // the secret, for the server
	FirstCodeProblem string
	Problem          ProofProblem
}

// QR is a QR code as a drawing: the side of its square, and its black modules as an SVG path.
type QR struct {
	Size int
	Path string
}

// RecoveryCodes are shown once; Next is where the page leads.
type RecoveryCodes struct {
	Codes []string
	Next  string
}

// browserName names the browser of a session.
func (s Site) browserName(session OwnSession) string {
	if session.Browser == "" {
		return s.T("sessions.unknown")
	}
	return session.Browser
}

// inGroups is a secret in groups of four letters, which are easier to type.
func inGroups(secret string) string {
	var b strings.Builder
	for i, letter := range secret {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(letter)
	}
	return b.String()
}

// secretInput is a field for something that is typed and not shown.
type secretInput struct {
	Name         string // also its id
	Label        string
	Autocomplete string
	Help         string
	Problem      string
}
