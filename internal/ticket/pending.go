package ticket

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// ClaimTime is how long an agent's claim on a ticket lasts unless it is renewed.
const ClaimTime = 10 * time.Minute

// PendingDecision is a decision that its agent can still undo: it is made when it is due.
type PendingDecision struct {
	TicketID uuid.UUID
	Decision Decision      // At is zero: it is not made yet
	Undone   bool          // it is not made any more, and only says what the agent typed
	Left     time.Duration // until it is due, on the primary's clock
}

// PendingDesk is the part of a Desk that keeps pending decisions.
type PendingDesk interface {
	// Postpone is Decide for a decision that is made when window is over, and can be undone until then. Meanwhile the ticket is
	// open, and any other decision of it is ErrClaimed. Repeating it leaves its time as it is. A decision that needs a second opinion
	// becomes an opinion then, and so does one that differs from the opinion of somebody else. Whoever has given an opinion
	// decides no more (ErrClaimed), and when two disagree only an admin does.
	Postpone(ctx context.Context, id uuid.UUID, version int64, d Decision, window time.Duration) error

	// Pending lists the pending decisions of an agent and those of these tickets, the one that is due last first.
	Pending(ctx context.Context, agent uuid.UUID, tickets ...uuid.UUID) ([]PendingDecision, error)

	// Undo takes back a pending decision of an agent and gives them the ticket. If the ticket was closed before, it returns
	// ErrDecided; if the decision is another agent's, ErrClaimed. Undoing twice is no error.
	Undo(ctx context.Context, id, agent uuid.UUID) error

	// DecideNow makes a pending decision of an agent before it is due, and returns the ticket, which is open when that became an opinion. A ticket
	// that has none is ErrStale, one that has another agent's ErrClaimed, one that was closed otherwise ErrDecided, one that the agent may not decide
	// alone any more ErrOpinion. Doing it twice is no error.
	DecideNow(ctx context.Context, id, agent uuid.UUID) (Ticket, error)

	// DecideDue makes the pending decisions that are due, returns the tickets that it closed, also beside an error, and says
	// in how long to call it again. Any number of instances may do so: each decision is made once.
	DecideDue(ctx context.Context) (decided []Ticket, wait time.Duration, err error)
}
