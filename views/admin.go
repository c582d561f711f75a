package views

import (
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// Where admins manage accounts, keys and the data of users.
const (
	AdminPath    = "/admin"
	PeoplePath   = "/admin/people" // GET: the list; POST: invite somebody
	KeysPath     = "/admin/keys"   // GET: the list; POST: make one
	UserFindPath = "/admin/users"  // GET ?user=: to the data of a user
)

// PersonPath is one account, for admins.
func PersonPath(id uuid.UUID) string { return PeoplePath + "/" + id.String() }

// PersonDonePath is PersonPath after a change, and says what was done.
func PersonDonePath(id uuid.UUID, done string) string {
	return withQuery(PersonPath(id), url.Values{"done": {done}})
}

// PeopleDonePath is the list of people after one was invited by e-mail.
func PeopleDonePath() string { return withQuery(PeoplePath, url.Values{"done": {"invited"}}) }

// KeyPath is one API key, for admins.
func KeyPath(id uuid.UUID) string { return KeysPath + "/" + id.String() }

// KeysDonePath is the list of keys after one was revoked.
func KeysDonePath() string { return withQuery(KeysPath, url.Values{"done": {"revoked"}}) }

// Roles are those that an account may have.
var Roles = []string{"agent", "admin", "customer"}

// PeopleView is the list of agents and admins, and the form that invites another.
type PeopleView struct {
	Find    string // part of an address, or a whole one
	People  []Person
	More    bool // there are others
	Invited bool // just now, by e-mail
	Invite  Invite
}

// Invite is the form that invites somebody: what was typed, and what was wrong.
type Invite struct {
	Email, Role string
	Problem     string
	Asked       Confirmation
}

// Person is an account as admins see it.
type Person struct {
	ID           uuid.UUID
	Email, Role  string
	Version      int64
	Teams        string
	Attributes   []string // each as NAME=VALUE
	Factor       bool
	Sessions     int
	Added        time.Time
	SignedIn     time.Time // zero: never, as far as the audit goes back
	Disabled     time.Time // zero: it may sign in
	Invited      bool      // it has no password yet
	Provider     bool      // it signs in at the provider, which says its role
	Unconfirmed  bool      // nobody has confirmed the address
	Self         bool      // the one who looks
	FactorNeeded bool      // the role has to have a second factor
}

// PersonView is one account with what an admin may do with it.
type PersonView struct {
	Person
	Done    string // what was done just now, one of PersonChanges
	Problem string
	Typed   string // teams that are none; empty: the teams are those of the account
	Wrong   string // with the teams
	Asked   Confirmation
}

// PersonChanges are what can be done with an account; the texts are person.done.NAME.
var PersonChanges = []string{"teams", "customer", "agent", "admin", "disable", "enable", "sign_out", "factor_off"}

// reviews reports whether the account works on the queue.
func (p Person) reviews() bool { return p.Role == "agent" || p.Role == "admin" }

// HandedLink is a link that an admin hands over; it is shown once.
type HandedLink struct{ Email, Link string }

// KeysView is the list of API keys, and the form that makes another.
type KeysView struct {
	Keys    []APIKey
	Revoked bool // one was, just now
	Form    KeyForm
	Asked   Confirmation
}

// KeyView is one API key, which can be revoked.
type KeyView struct {
	APIKey
	Asked Confirmation
}

// APIKey is a key as admins see it.
type APIKey struct {
	ID      uuid.UUID
	Name    string
	Scopes  []string
	NotOwn  bool
	Added   time.Time
	Used    time.Time // zero: never
	Expires time.Time // zero: never
	Revoked time.Time // zero: it works, unless it has expired
	Origins []string  // to which its submission links may lead back
	Fixed   []string  // answers of its tickets, each as FIELD=ANSWER
}

// KeyForm is the form of a new key: what was typed, and what was wrong.
type KeyForm struct {
	Name    string
	Scopes  []string // that were chosen
	Choice  []string // every scope
	Expires string   // one of KeyLives
	NotOwn  bool
	Origins string            // one a line
	Invalid map[string]string // name, scope, origins → message
}

// KeyLives are how long a new key may work, in days; empty: for ever.
var KeyLives = []string{"90", "30", "365", ""}

// NewKey is a key that was made; it is shown once.
type NewKey struct{ Name, Secret string }

// personState says what keeps an account from signing in, if anything does.
func (s Site) personState(p Person) string {
	switch {
	case !p.Disabled.IsZero():
		return s.T("people.disabled")
	case p.Invited:
		return s.T("people.invited")
	case p.Unconfirmed:
		return s.T("people.unconfirmed")
	}
	return ""
}

// keyState says what keeps a key from working, if anything does.
func (s Site) keyState(k APIKey) string {
	switch {
	case !k.Revoked.IsZero():
		return s.T("keys_page.revoked")
	case !k.Expires.IsZero() && !k.Expires.After(s.Now):
		return s.T("keys_page.expired")
	}
	return ""
}

// yesNo is a short answer.
func (s Site) yesNo(yes bool) string {
	if yes {
		return s.T("people.yes")
	}
	return s.T("people.no")
}

// dayOrDash is the day of a time, or a dash for none.
func (s Site) dayOrDash(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return s.shortClock(t)
}

// keyLife says how long a new key works.
func (s Site) keyLife(days string) string {
	n, err := strconv.Atoi(days)
	if err != nil {
		return s.T("keys_page.for_ever")
	}
	return s.T("keys_page.days", "Count", n)
}
