package views

import (
	"time"

	"docket/internal/form"
)

// Site is what every page shows around its content.
type Site struct {
	Form *form.Form // never nil
	Me   Me
	Now  time.Time // the moment that "3 h ago" is counted from
}

// Me is who is signed in; the zero Me is nobody.
type Me struct {
	ID    string
	Email string
	Role  string // "customer", "agent" or "admin"
}

// SignedIn reports whether anybody is signed in.
func (m Me) SignedIn() bool { return m.ID != "" }

// Reviews reports whether this person works on the queue.
func (m Me) Reviews() bool { return m.Role == "agent" || m.Role == "admin" }

// Login is the sign-in form: what was typed, and what was wrong.
type Login struct {
	Email   string
	Next    string
	Problem string
}

// Signup is the form for a new account: what was typed, and what was wrong.
type Signup struct {
	Email           string
	Next            string
	EmailProblem    string
	PasswordProblem string
}

// Problem is a request that came to nothing.
type Problem struct {
	Status    int
	Title     string // empty: the usual words for Status
	Detail    string // empty: the usual words for Status
	RequestID string
	Back      string // where the button leads; empty: the first page
}
