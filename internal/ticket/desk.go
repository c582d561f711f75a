package ticket

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
)

// Desk keeps tickets. It is the one interface of docket: the store is a Desk on Postgres,
// the cache is a Desk around a Desk.
type Desk interface {
	// Submit keeps a checked submission. Repeating it under the same key returns the ticket that the first made;
	// other content under that key is ErrKeyReused. A second open ticket of the user, where the submission
	// allows one, is ErrOpenTicket together with the ticket that is open, and where the last one was
	// rejected for good, or as often as may be, ErrResubmissionClosed together with that one. ErrFile says that a file is missing, is not the
	// user's or not for that field, or belongs to another ticket that is open or was approved. What a rule decides is
	// decided with it: there is no moment at which the ticket is open.
	Submit(ctx context.Context, s Submission) (Ticket, error)

	// Decide closes an open ticket as it stood at version. If someone was faster it returns ErrDecided and the
	// ticket as it stands; repeating one's own decision is no error. Deciding one's own ticket is ErrOwnTicket,
	// deciding one that a colleague holds ErrHeld.
	Decide(ctx context.Context, id uuid.UUID, version int64, d Decision) (Ticket, error)

	// Withdraw closes an open ticket for its owner; anyone else gets ErrNotFound, and a ticket that was decided
	// is ErrDecided together with the ticket as it stands. Withdrawing twice is no error.
	Withdraw(ctx context.Context, userID string, id uuid.UUID) (Ticket, error)

	// Ticket is one ticket of anyone, for agents. ErrNotFound when there is none.
	Ticket(ctx context.Context, id uuid.UUID) (Ticket, error)

	// TicketOf is one ticket for its owner. ErrNotFound when there is none or it is another user's.
	TicketOf(ctx context.Context, userID string, id uuid.UUID) (Ticket, error)

	// TicketsOf lists a user's tickets, newest first.
	TicketsOf(ctx context.Context, userID string, page Page) (List, error)

	// History is every change of a ticket, oldest first; empty when there is no such ticket.
	History(ctx context.Context, id uuid.UUID) ([]Event, error)

	// Queue lists the tickets of a time range. It is never cached.
	Queue(ctx context.Context, q Query) (List, error)

	// Backlog counts the open tickets created before t, so that a time range hides none of them for good.
	Backlog(ctx context.Context, t time.Time) (Backlog, error)

	// Latest is the user's latest approval, the last one to commit. ErrNotFound when there is none; the Approval
	// beside it still says whether that is Degraded.
	Latest(ctx context.Context, userID string) (Approval, error)
}

// Submission is what a user sends in. Extra has been checked against the form.
type Submission struct {
	UserID      string
	Extra       json.RawMessage
	FormVersion string
	Language    string // in which the user filled the form in
	By          string // the actor who sends it; Key is unique for each actor
	Key         string // chosen by the sender: the same key twice is the same submission
	OneOpen     bool   // the user may have no other open ticket, and a final rejection is the last word
	Attempts    int    // how often the same matter may be sent, where OneOpen; 0: Attempts
	Files       Files  // that Extra names; the ticket gets them
	Evaluation  Evaluation
	Evaluate    func(StatusCounts) Evaluation // instead of Evaluation, when it takes the user's other tickets; nil: it does not
}

// Files is files of a user by the fields of the form that they are for.
type Files map[string]uuid.UUID

// Page is a part of a list: at most Limit tickets, after a Cursor.
type Page struct {
	After Cursor
	Limit int
}

// Cursor is a place in a list ordered by time of creation. The zero Cursor is the beginning.
type Cursor struct {
	At time.Time
	ID uuid.UUID
}

// IsZero reports whether c is the beginning of a list.
func (c Cursor) IsZero() bool { return c == Cursor{} }

// After is the place just behind t.
func After(t Ticket) Cursor { return Cursor{At: t.CreatedAt, ID: t.ID} }

// Query asks for the tickets of one status that were created in [From, To).
type Query struct {
	Status   Status
	From, To time.Time
	UserID   string // empty: of every user
	Newest   bool   // newest first instead of oldest first
	Page
}

// BacklogMost is how far a Backlog is counted: beyond it there are many, and counting them all takes its time.
const BacklogMost = 1000

// Backlog is how many open tickets there are, or one above BacklogMost if there are more, and when the oldest of them was
// created; zero when there is none.
type Backlog struct {
	Count  int64
	Oldest time.Time
}

// List is one page of tickets and where the next one begins; Next is zero when this is the last.
type List struct {
	Tickets []Ticket
	Next    Cursor
}

// Attempts is how often a user may send the same matter unless the form says fewer.
const Attempts = 9

// What a Desk says no with. Everything else that it returns is a fault.
var (
	ErrNotFound           = errors.New("no such ticket")
	ErrDecided            = errors.New("the ticket is closed already")
	ErrStale              = errors.New("the ticket has changed since it was read")
	ErrHeld               = errors.New("a colleague holds the ticket")
	ErrOwnTicket          = errors.New("nobody decides their own ticket")
	ErrResubmissionClosed = errors.New("the user may not submit again")
	ErrOpenTicket         = errors.New("the user has an open ticket already")
	ErrKeyReused          = errors.New("the submission key was used for other content")
	ErrFile               = errors.New("a file is not there for this ticket")
	ErrUnavailable        = errors.New("the primary cannot be reached")
	ErrUnknown            = errors.New("the write may have been done or not")
	ErrOverloaded         = errors.New("too much is asked at this moment")
)

type freshKey struct{}

// Fresh marks ctx: reads under it see every write committed before they began.
func Fresh(ctx context.Context) context.Context { return context.WithValue(ctx, freshKey{}, true) }

// IsFresh reports whether ctx carries the mark of Fresh.
func IsFresh(ctx context.Context) bool { fresh, _ := ctx.Value(freshKey{}).(bool); return fresh }

type urgentKey struct{}

// Urgent marks ctx: what is asked under it does not wait behind everybody else.
func Urgent(ctx context.Context) context.Context { return context.WithValue(ctx, urgentKey{}, true) }

// IsUrgent reports whether ctx carries the mark of Urgent.
func IsUrgent(ctx context.Context) bool { urgent, _ := ctx.Value(urgentKey{}).(bool); return urgent }
