// Package secondlook draws decided tickets for a second look: an agent who does not know the decision says what theirs would be. It
// changes nothing of a ticket; the numbers say how often both agree.
package secondlook

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// mostTried are the looks that are tried for one agent: others may take the first ones meanwhile.
const mostTried = 20

// Looks reads and writes on the primary only: whoever has given a look must not be asked again.
type Looks struct {
	primary *postgres.Pool
	q       *db.Queries
	share   float64
}

// New draws this share of decided tickets, from 0 to 1.
func New(primary *postgres.Pool, share float64) *Looks {
	return &Looks{primary: primary, q: db.New(), share: share}
}

// Offered lists the tickets at which an agent can take a second look, at most so many, those that were drawn first at the top.
func (l *Looks) Offered(ctx context.Context, agent uuid.UUID, most int) ([]uuid.UUID, error) {
	ids, err := l.q.SecondLookOffered(ctx, l.primary, db.SecondLookOfferedParams{Agent: agent, Most: int32(most)})
	return ids, postgres.WrapError("list second looks", err)
}

// TakeNext takes the next look for an agent, or the one that the agent has. It returns ticket.ErrNotFound when there is none.
func (l *Looks) TakeNext(ctx context.Context, agent uuid.UUID) (uuid.UUID, error) {
	ids, err := l.q.SecondLookNext(ctx, l.primary, db.SecondLookNextParams{Agent: agent, Most: mostTried})
	if err != nil {
		return uuid.Nil, postgres.WrapError("find the next second look", err)
	}
	for _, id := range ids {
		err := l.Take(ctx, agent, id)
		if errors.Is(err, ticket.ErrClaimed) { // another agent was faster
			continue
		}
		return id, err
	}
	return uuid.Nil, ticket.ErrNotFound
}

// Take takes a look for an agent, or keeps it. It returns ticket.ErrClaimed when somebody else has it, or it is not open to the agent.
func (l *Looks) Take(ctx context.Context, agent, id uuid.UUID) error {
	_, err := l.q.SecondLookTake(ctx, l.primary, db.SecondLookTakeParams{TicketID: id, Agent: agent, LeaseMs: ticket.ClaimTime.Milliseconds()})
	if postgres.IsNoRows(err) {
		return ticket.ErrClaimed
	}
	return postgres.WrapError("take a second look", err)
}

// Give gives an agent's look at a ticket: the status that it should have, and for a rejection the reasons. It returns ticket.ErrDecided
// when the look was given, or is not open to the agent; to give the same again changes nothing.
func (l *Looks) Give(ctx context.Context, agent, id uuid.UUID, d ticket.Decision) error {
	_, err := l.q.SecondLookGive(ctx, l.primary, db.SecondLookGiveParams{
		TicketID: id, Agent: agent, Verdict: string(d.Status), Reasons: d.Reasons, Note: d.Note,
	})
	if !postgres.IsNoRows(err) {
		return postgres.WrapError("give a second look", err)
	}
	look, err := l.Of(ctx, id)
	switch {
	case err != nil:
		return err
	case look.Given() && look.Second.By == d.By && look.Second.Status == d.Status:
		return nil
	}
	return ticket.ErrDecided
}

// Of is the look at a ticket. It returns ticket.ErrNotFound when the ticket was not drawn.
func (l *Looks) Of(ctx context.Context, id uuid.UUID) (ticket.SecondLook, error) {
	row, err := l.q.SecondLookGet(ctx, l.primary, id)
	if postgres.IsNoRows(err) {
		return ticket.SecondLook{}, ticket.ErrNotFound
	}
	return fromRow(row), postgres.WrapError("read a second look", err)
}

// Differing lists the looks since a time that differ from the decision, at most so many, the latest first.
func (l *Looks) Differing(ctx context.Context, since time.Time, most int) ([]ticket.SecondLook, error) {
	rows, err := l.q.SecondLookDiffering(ctx, l.primary, db.SecondLookDifferingParams{SinceMs: since.UnixMilli(), Most: int32(most)})
	return fromRows(rows), postgres.WrapError("list second looks that differ", err)
}

// By lists the looks that an agent gave since a time, at most so many, the latest first.
func (l *Looks) By(ctx context.Context, agent uuid.UUID, since time.Time, most int) ([]ticket.SecondLook, error) {
	rows, err := l.q.SecondLookOf(ctx, l.primary, db.SecondLookOfParams{GivenBy: ticket.Agent(agent.String()), SinceMs: since.UnixMilli(), Most: int32(most)})
	return fromRows(rows), postgres.WrapError("list an agent's second looks", err)
}

func fromRows(rows []db.SecondLook) []ticket.SecondLook {
	looks := make([]ticket.SecondLook, len(rows))
	for i, row := range rows {
		looks[i] = fromRow(row)
	}
	return looks
}

func fromRow(row db.SecondLook) ticket.SecondLook {
	look := ticket.SecondLook{TicketID: row.TicketID, By: row.DecidedBy, Status: ticket.Status(row.Status)}
	if row.GivenBy != nil {
		look.Second = ticket.Decision{
			By: *row.GivenBy, Status: ticket.Status(*row.Verdict), Reasons: row.Reasons, Note: *row.Note, At: time.UnixMilli(*row.GivenAtMs),
		}
	}
	return look
}
