// Package ticket is the domain: what a ticket is, what may become of it, and the Desk that keeps tickets.
package ticket

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Status says where a ticket stands.
type Status string

// The statuses. Only Processing is open. An approval may be taken back, which makes the ticket Revoked; the others are final.
const (
	Processing Status = "processing"
	Approved   Status = "approved"
	Rejected   Status = "rejected"
	Withdrawn  Status = "withdrawn"
	Revoked    Status = "revoked"
)

// Statuses lists every status in the order in which a list of filters shows them.
var Statuses = []Status{Processing, Approved, Rejected, Withdrawn, Revoked}

// Open reports whether a ticket with this status still waits for a decision.
func (s Status) Open() bool { return s == Processing }

// Valid reports whether s is one of the statuses.
func (s Status) Valid() bool { return slices.Contains(Statuses, s) }

// Ticket is one submission of a user and what became of it.
type Ticket struct {
	ID          uuid.UUID
	UserID      string
	Status      Status
	Version     int64           // grows by one with every change
	Extra       json.RawMessage // the answers: one JSON object, keyed by the field names of the form
	FormVersion string          // which text of the form asked for the answers
	Language    string          // in which the user filled it in; empty: the form's first
	Queue       string          // of the form, that it was put in; empty: none
	Attempt     int             // how often the user has sent the matter with this one
	Previous    uuid.UUID       // the rejected ticket that this one is the next attempt of; the zero UUID: none
	SubmittedBy string          // who sent it: "user:<account id>" or "key:<key name>"
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Subject     string     // what it is for, where the form tells approvals of a user apart by that; empty: nothing in particular
	ValidUntil  time.Time  // when its approval ends; zero: it does not, or is none
	Decision    Decision   // the zero Decision while the ticket is open or when it was withdrawn
	Revocation  Revocation // of the approval; the zero Revocation if that was not taken back
	ErasedAt    time.Time  // when what was sent with it and said of it was removed; zero: it is there
	Archived    bool       // it is in the archive, where nobody changes it
}

// ClosesResubmission reports whether the user may not submit again after this ticket, where so many attempts are allowed
// and unless an admin reopens it. After a revocation the attempts start again.
func (t Ticket) ClosesResubmission(attempts int) bool {
	return t.Status == Rejected && (t.Decision.Class == Final || t.Attempt >= attempts) || t.Status == Revoked && t.Revocation.Class == Final
}

// Number is how people name a ticket to each other: the last eight digits of its id.
func Number(id uuid.UUID) string {
	text := strings.ToUpper(id.String())
	return text[len(text)-8:]
}

// ClosedBy is who decided the ticket, or took its approval back; empty when neither was done.
func (t Ticket) ClosedBy() string {
	if t.Status == Revoked {
		return t.Revocation.By
	}
	return t.Decision.By
}

// Reasons are the codes of the reasons for which the ticket was rejected, or its approval taken back; none otherwise.
func (t Ticket) Reasons() []string {
	if t.Status == Revoked {
		return []string{t.Revocation.Reason}
	}
	return t.Decision.Reasons
}

// Erased reports whether what was sent with the ticket and said of it was removed.
func (t Ticket) Erased() bool { return !t.ErasedAt.IsZero() }

// OwnedBy reports whether the ticket was submitted for this user.
func (t Ticket) OwnedBy(userID string) bool { return t.UserID == userID }

// Approval is a user's latest approved ticket, as the look-up returns it.
type Approval struct {
	UserID     string
	TicketID   uuid.UUID
	Subject    string // what it is for; empty: nothing in particular
	Extra      json.RawMessage
	Grant      []byte // what the approval granted: its own answers, one JSON object; nil: none
	DecidedBy  string
	ValidUntil time.Time // zero: it does not end
	CreatedAt  time.Time // when the user's first approval was kept
	UpdatedAt  time.Time // when this approval was decided; strictly greater than that of the user's approval before
	Degraded   bool      // the primary cannot be reached, and it is not known how old this is
	Expired    bool      // it has ended: there is no TicketID
}

// Event is one change of a ticket. Events are only ever added; an erasure takes comments and notes from them.
type Event struct {
	TicketID uuid.UUID
	Version  int64 // the version that the change made
	Kind     EventKind
	Actor    string // "user:<account id>", "agent:<account id>", "rule:<rule name>" or "key:<key name>"
	At       time.Time
	Reasons  []string
	Class    Class // of a rejection or a revocation
	Comment  string
	Note     string
	Hash     string // of what the rule said that decided; empty when no rule did
	Step     string // the name of the step that was approved
}

// Reason is the code of the first reason; empty where there is none.
func (e Event) Reason() string {
	if len(e.Reasons) == 0 {
		return ""
	}
	return e.Reasons[0]
}

// EventKind names what happened to a ticket.
type EventKind string

// The kinds of event.
const (
	EventSubmitted EventKind = "submitted"
	EventApproved  EventKind = "approved"
	EventRejected  EventKind = "rejected"
	EventWithdrawn EventKind = "withdrawn"
	EventErased    EventKind = "erased"
	EventRevoked   EventKind = "revoked"
	EventExpired   EventKind = "expired"
	EventStep      EventKind = "step_approved" // of a ticket that has steps, but for the last one; it changes no version
)

// EventKinds lists every kind of event.
var EventKinds = []EventKind{EventSubmitted, EventApproved, EventRejected, EventWithdrawn, EventErased, EventRevoked, EventExpired, EventStep}

// Change says that the tickets of this user were written, or that all that was known of the user was erased, or that the latest
// approval, or that for a subject, was removed.
type Change struct {
	UserID  string
	Subject string // of the approval that was removed; empty: the latest of all
	Erased  bool
	Removed time.Time // the UpdatedAt of the approval that was removed; zero: none was
}
