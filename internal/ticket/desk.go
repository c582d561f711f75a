package ticket

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Desk keeps tickets. It is the one interface of docket: the store is a Desk on PostgreSQL, the cache is a Desk around a
// Desk.
type Desk interface {
	Reader
	PendingDesk

	// Submit adds the ticket of a checked submission. Repeating it under the same key returns the ticket that the first
	// one made; other content under that key is ErrKeyReused. Where the submission allows one open ticket, it returns
	// ErrOpenTicket with the user's open ticket, and ErrResubmissionClosed with the user's last one if that was rejected
	// for good, or as often as allowed. ErrFile says that a file does not exist, is not the user's or not for that field,
	// or is used by another ticket that is open or was approved. If a rule decides the ticket, it is never open.
	Submit(ctx context.Context, s Submission) (Ticket, error)

	// Decide closes an open ticket as it stood at version. An approval by a program that is not the last of the ticket's steps leaves it open;
	// an agent gives a step by Postpone. Who may not give the ticket's step now gets ErrStep. If it was closed before, it returns ErrDecided and the ticket
	// as it stands; repeating one's own decision is no error. An own ticket is ErrOwnTicket, one that another agent has
	// claimed ErrClaimed.
	Decide(ctx context.Context, id uuid.UUID, version int64, d Decision) (Ticket, error)

	// GiveFirstOpinion keeps what a program would decide of an open ticket, as it stood at version, as the first of two opinions, and
	// returns the ticket, which stays open. Repeating it is no error. If there is another opinion, it returns ErrOpinion; otherwise it
	// returns what Decide does.
	GiveFirstOpinion(ctx context.Context, id uuid.UUID, version int64, d Decision) (Ticket, error)

	// Revoke takes back the approval of a ticket as it stood at version. The user then has no latest approval, if it was this
	// one. A ticket that was closed otherwise or revoked before is ErrDecided, with the ticket as it stands, and so is one that
	// was erased; repeating one's own revocation is no error. An open ticket or another version is ErrStale, an own ticket
	// ErrOwnTicket.
	Revoke(ctx context.Context, id uuid.UUID, version int64, r Revocation) (Ticket, error)

	// ExpireDue notes that approvals have ended, so that their event is written, and returns the users. Any number of instances may
	// do so: each end is noted once.
	ExpireDue(ctx context.Context) (users []string, err error)

	// Withdraw closes an open ticket for its owner. It returns ErrNotFound for anyone else, and ErrDecided with the ticket
	// as it stands if it was decided. Withdrawing twice is no error.
	Withdraw(ctx context.Context, userID string, id uuid.UUID) (Ticket, error)

	// WithdrawSent is Withdraw for the actor who sent the ticket, whom the history then names.
	WithdrawSent(ctx context.Context, by string, id uuid.UUID) (Ticket, error)
}

// Reader looks tickets up.
type Reader interface {
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

	// Search finds tickets by what was submitted with them. It is never cached.
	Search(ctx context.Context, s Search) (List, error)

	// Signals are the warnings of the pictures of some tickets, as they were when these were submitted.
	Signals(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID][]string, error)

	// SamePerson lists the newest tickets of users other than this one that have an identity, most at most.
	SamePerson(ctx context.Context, userID string, identity Identity, most int) ([]Ticket, error)

	// Backlog counts the open tickets created before t, so that a time range hides none of them for good.
	Backlog(ctx context.Context, t time.Time) (Backlog, error)

	// Latest is the user's latest approval, the last one to commit. ErrNotFound when there is none; the Approval
	// beside it still says whether that is Degraded, and has the UpdatedAt of one that was removed. A Reader of a database returns one
	// that has ended, too. The cache knows the primary's clock, and returns ErrNotFound and an Approval that is Expired.
	Latest(ctx context.Context, userID string) (Approval, error)

	// LatestBatch is Latest of several users, in their order. A user without one has an Approval without a TicketID.
	LatestBatch(ctx context.Context, userIDs []string) ([]Approval, error)

	// LatestFor is LatestBatch for a subject, which is not empty.
	LatestFor(ctx context.Context, subject string, userIDs []string) ([]Approval, error)

	// LatestOf lists the latest approvals of a user for each subject, so many at most.
	LatestOf(ctx context.Context, userID string, most int) ([]Approval, error)
}

// Attempts is how often a user may send the same matter unless the form says fewer.
const Attempts = 9

// Submission is what a user sends in. Extra has been checked against the form.
type Submission struct {
	UserID      string
	Extra       json.RawMessage
	FormVersion string
	Language    string   // in which the user filled the form in
	Queue       string   // of the form, that the ticket is put in; empty: none
	Subject     string   // what it is for; empty: nothing in particular
	By          string   // the actor who sends it; Key is unique for each actor
	Key         string   // chosen by the sender: the same key twice is the same submission
	OneOpen     bool     // the user may have no other open ticket for the subject, and none after a final rejection
	Attempts    int      // how often the same matter may be sent, where OneOpen; 0: the constant Attempts
	DailyLimit  int      // how often the user may submit in a day; 0: as often as they like
	Files       Files    // that Extra names; they are assigned to the ticket
	Words       []string // that the ticket is found by, in its range of time
	Whole       []string // numbers and addresses that it is found by when they are given whole
	Signals     []string // the warnings of its pictures
	Identities  []Identity
	Steps       []NewStep // in which it is approved; none: one approval is enough
	Evaluation  Evaluation
	Evaluate    func(Others) Evaluation // if not nil, used instead of Evaluation: the rules ask for other tickets

	Windows []Window // asks for Others.Windows; submissions of the user that do so are evaluated one after the other

	// CountSamePerson asks for Others.SamePerson. Submissions with an identity in common are then evaluated one after the other.
	CountSamePerson bool
}

// Files are files of a user by the fields of the form that they are for.
type Files map[string][]uuid.UUID
