package views

import (
	"time"

	"docket/internal/form"
	"docket/internal/i18n"
	"docket/internal/ticket"
)

// Site is what every page shows around its content.
type Site struct {
	Form         *form.Form            // never nil; in the language of the page
	EarlierForms map[string]*form.Form // by version: earlier forms that tickets of the page were submitted under
	Me           Me
	Zone         *time.Location // of the times of the page; nil: the form's
	Now          time.Time      // the time that "3 h ago" is counted from
	Words        *i18n.Words    // docket's own; nil: in English
	Languages    []*i18n.Words  // to choose from; none or one: there is no choice
	Likely       []string       // countries that are likely for whom the page is, by their codes, the likeliest first
	Here         string         // the address to return to after a change of the language
	Workload     *Workload      // what waits; nil: it is not shown
	Search       string         // what the search box has
	SendsMail    bool           // whether pages may offer what an e-mail is needed for
	Link         Link           // with which the page was opened

	FormFile         FormFile // of docket dev
	SignIn           SignInWays
	SendsInvitations bool // whether who is invited gets an e-mail; otherwise an admin hands the link over
}

// T is a text of docket's own in the language of the page, as i18n.Words has it.
func (s Site) T(key string, args ...any) string { return s.words().T(key, args...) }

// statusName is where a ticket stands, in a word or two.
func (s Site) statusName(status ticket.Status) string { return s.T("status." + string(status)) }

// pageTitle is the title of a page with the name of the system.
func (s Site) pageTitle(title string) string { return title + " – " + s.Form.Title }

// formOf is the form that a ticket answers, in the language of the page; today's when that is not known.
func (s Site) formOf(t ticket.Ticket) *form.Form {
	if earlier := s.EarlierForms[t.FormVersion]; earlier != nil {
		return earlier.In(s.words().Tag())
	}
	return s.Form
}

func (s Site) words() *i18n.Words {
	if s.Words == nil {
		return i18n.Of(i18n.Source)
	}
	return s.Words
}

// SignInWays says how people sign in.
type SignInWays struct {
	Provider  string // the name of the OpenID Connect provider; empty: there is none
	Away      bool   // the provider cannot be reached
	NoLocal   bool   // nobody signs in with a password
	StaffAway bool   // agents and admins sign in at the provider alone
}

// Me is who is signed in; the zero Me is nobody.
type Me struct {
	ID    string
	Email string
	Role  string // "customer", "agent" or "admin"; empty: the session is not complete
}

// SignedIn reports whether anybody has signed in, the session complete or not.
func (m Me) SignedIn() bool { return m.ID != "" }

// Reviews reports whether this person works on the queue.
func (m Me) Reviews() bool { return m.Role == "agent" || m.Role == "admin" }

// Admin reports whether this person may do what only admins may.
func (m Me) Admin() bool { return m.Role == "admin" }

// Login is the sign-in form: what was typed, and what was wrong.
type Login struct {
	Email       string
	Next        string
	Problem     string
	Notice      string // what was done before
	Unconfirmed bool   // the address has to be confirmed first
}

// Signup is the form for a new account: what was typed, and what was wrong.
type Signup struct {
	Email           string
	Next            string
	EmailProblem    string
	PasswordProblem string
}

// TypedText is what somebody typed into one field.
type TypedText struct {
	Label string
	Text  string
}

// Problem is a request that failed.
type Problem struct {
	Title     string
	Detail    string
	RequestID string
	Typed     []TypedText // what was typed and not taken
	Back      string      // where the button leads; empty: the first page
}
