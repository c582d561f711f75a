package ticket

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Decision is an approval or a rejection: who decided, when, and why.
type Decision struct {
	Status  Status // Approved or Rejected
	By      string // "agent:<account id>", "rule:<rule name>" or "key:<key name>"
	At      time.Time
	Reasons []string // reason codes of the form; none for an approval
	Rows    []string // of a rejection: the rows of groups that it is for, such as "owners.1"; none: all at which a reason points
	Class   Class    // of a rejection; empty for an approval, and for a rejection from before it was kept
	Comment string   // what the user reads
	Note    string   // what the user never reads
	Hash    string   // of what the rule said that decided; empty when no rule did
	Grant   []byte   // of an approval: its own answers, one JSON object keyed by the fields that the form asks for it; nil: none
	Second  bool     // it is only made if somebody else thinks the same; read by Postpone, and by Submit of what a rule decides
}

// Class says whether the user may submit again after a rejection.
type Class string

// The classes of rejection: after Retry the user may correct the matter and submit again, after Final not.
const (
	Retry Class = "retry"
	Final Class = "final"
)

// Classes lists every class of rejection.
var Classes = []Class{Retry, Final}

// Revocation takes an approval back: who did that, when, and why.
type Revocation struct {
	By      string // "agent:<account id>"
	At      time.Time
	Reason  string // a reason code of the form
	Class   Class
	Comment string // what the user reads; may be empty
	Note    string // what the user never reads
}

// Repeats reports whether r is the same revocation as one already made.
func (r Revocation) Repeats(made Revocation) bool {
	r.At = made.At
	return r == made
}

// Approve is the decision to approve, by an actor, with an internal note that may be empty.
func Approve(by, note string) Decision {
	return Decision{Status: Approved, By: by, Note: note}
}

// Reject is the decision to reject for one reason that the user may correct. The user reads comment and never note.
func Reject(by, reason, comment, note string) Decision {
	return Decision{Status: Rejected, By: by, Reasons: []string{reason}, Class: Retry, Comment: comment, Note: note}
}

// Reason is the code of the first reason; empty for an approval.
func (d Decision) Reason() string {
	if len(d.Reasons) == 0 {
		return ""
	}
	return d.Reasons[0]
}

// Repeats reports whether d is the same decision as one already made: same actor, same outcome, same words.
// A double click repeats a decision. Other words do not: they would be lost silently.
func (d Decision) Repeats(made Decision) bool {
	return d.Status == made.Status && d.By == made.By && slices.Equal(d.Reasons, made.Reasons) && slices.Equal(d.Rows, made.Rows) && d.Class == made.Class &&
		d.Comment == made.Comment && d.Note == made.Note && sameJSON(d.Grant, made.Grant)
}

// sameJSON reports whether two JSON values, or none, say the same: the database writes them in another order.
func sameJSON(a, b []byte) bool {
	var values [2]any
	for i, text := range [][]byte{a, b} {
		if decoder := json.NewDecoder(bytes.NewReader(text)); len(text) > 0 {
			decoder.UseNumber() // else large numbers that differ could be equal
			if decoder.Decode(&values[i]) != nil {
				return bytes.Equal(a, b)
			}
		}
	}
	return reflect.DeepEqual(values[0], values[1])
}

// Agent names an agent as the actor of a decision or an event.
func Agent(accountID string) string { return "agent:" + accountID }

// User names a user as the actor of an event.
func User(accountID string) string { return "user:" + accountID }

// Rule names a rule of the form as the actor of a decision or an event.
func Rule(name string) string { return "rule:" + name }

// Key names another system, by the name of its API key, as the actor of a decision or an event.
func Key(name string) string { return "key:" + name }

// ActorID splits an actor into its kind and the id or name behind it.
func ActorID(actor string) (kind, id string) {
	kind, id, _ = strings.Cut(actor, ":")
	return kind, id
}
