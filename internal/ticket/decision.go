package ticket

import (
	"strings"
	"time"
)

// Decision is an approval or a rejection: who decided, when, and why.
type Decision struct {
	Status  Status // Approved or Rejected
	By      string // "agent:<account id>", "rule:<rule name>" or "key:<key name>"
	At      time.Time
	Reason  string // a reason code of the form; empty for an approval
	Comment string // what the user reads
	Note    string // what the user never reads
}

// Approve is the decision to approve, by an actor, with an internal note that may be empty.
func Approve(by, note string) Decision {
	return Decision{Status: Approved, By: by, Note: note}
}

// Reject is the decision to reject for a reason of the form. The user reads comment and never note.
func Reject(by, reason, comment, note string) Decision {
	return Decision{Status: Rejected, By: by, Reason: reason, Comment: comment, Note: note}
}

// Repeats reports whether d is the same decision as one already made: same actor, same outcome, same words.
// A double click repeats; other words under an old decision do not, or they would be lost silently.
func (d Decision) Repeats(made Decision) bool {
	d.At = made.At
	return d == made
}

// Agent names an agent as the actor of a decision or an event.
func Agent(accountID string) string { return "agent:" + accountID }

// User names a user as the actor of an event.
func User(accountID string) string { return "user:" + accountID }

// Key names another system, by the name of its API key, as the actor of a decision or an event.
func Key(name string) string { return "key:" + name }

// ActorID splits an actor into its kind and the id or name behind it.
func ActorID(actor string) (kind, id string) {
	kind, id, _ = strings.Cut(actor, ":")
	return kind, id
}
