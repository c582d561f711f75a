// Package claim keeps who works on which open ticket: claims, which are leases, so that two agents do not work on the same one;
// what is skipped, snoozed or handed over; comments; and who looks at it.
package claim

import (
	"cmp"
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const (
	leaseTime = ticket.ClaimTime

	// MostHeld is how many tickets an agent holds at a time.
	MostHeld = 3
)

// Claim is a lease on an open ticket: until it ends only its holder decides the ticket.
type Claim struct {
	Agent uuid.UUID
	Until time.Time
}

// Claims keeps claims in a database. It reads the primary only: with a claim that is not seen two agents do the same work.
type Claims struct {
	primary *postgres.Pool
	q       *db.Queries
	publish publisher // called after each change of who works on a ticket
	look    publisher // called after each change of who looks at a ticket
	queues  []string  // of the form that belong to a team
	teams   []string  // the team of each
}

// publisher tells every instance of a ticket.
type publisher = func(ctx context.Context, ticket uuid.UUID)

// New keeps claims on the primary.
func New(primary *postgres.Pool) *Claims {
	return &Claims{primary: primary, q: db.New(), publish: publishNothing, look: publishNothing, queues: []string{}, teams: []string{}}
}

func publishNothing(context.Context, uuid.UUID) {}

// WithPublish tells work of each ticket on which somebody else works now, and look of each at which somebody else looks.
func (c *Claims) WithPublish(work, look func(ctx context.Context, ticket uuid.UUID)) *Claims {
	c.publish, c.look = work, look
	return c
}

// WithTeams says which queues of the form belong to which team: their tickets are offered to its agents only.
func (c *Claims) WithTeams(teamOf map[string]string) *Claims {
	for queue, team := range teamOf {
		c.queues, c.teams = append(c.queues, queue), append(c.teams, team)
	}
	return c
}

// Next claims an open ticket that nobody holds, for an agent who is not its owner: one that was handed over to the agent, or else
// the oldest that waits. It returns ticket.ErrNotFound when there is none, and ticket.ErrTooManyHeld when the agent holds MostHeld.
func (c *Claims) Next(ctx context.Context, agent uuid.UUID) (uuid.UUID, error) {
	return c.next(ctx, agent, func(tx pgx.Tx) (uuid.UUID, error) {
		distributed, err := c.primary.Distributed(ctx, tx)
		if err != nil {
			return uuid.Nil, err
		}
		if distributed {
			return c.takeCandidate(ctx, tx, agent)
		}
		return c.q.ClaimNext(ctx, tx, db.ClaimNextParams{
			AccountID: agent, LeaseMs: leaseTime.Milliseconds(), TeamQueues: c.queues, QueueTeams: c.teams, Most: MostHeld,
		})
	})
}

// First is Next among these tickets, in their order. With anyQueue it may be one of the queue of a team that the agent is not in.
func (c *Claims) First(ctx context.Context, agent uuid.UUID, ids []uuid.UUID, anyQueue bool) (uuid.UUID, error) {
	return c.next(ctx, agent, func(tx pgx.Tx) (uuid.UUID, error) {
		distributed, err := c.primary.Distributed(ctx, tx)
		if err != nil {
			return uuid.Nil, err
		}
		if distributed {
			return c.takeEach(ctx, tx, agent, ids, anyQueue)
		}
		return c.takeFirst(ctx, tx, agent, "", ids, anyQueue)
	})
}

func (c *Claims) next(ctx context.Context, agent uuid.UUID, take func(pgx.Tx) (uuid.UUID, error)) (id uuid.UUID, err error) {
	err = postgres.Transact(ctx, c.primary, func(tx pgx.Tx) (err error) {
		if err = c.q.ClaimLock(ctx, tx, agent.String()); err == nil {
			id, err = take(tx)
		}
		return err
	})
	switch {
	case postgres.IsNoRows(err):
		return uuid.Nil, c.explainNone(ctx, agent)
	case err != nil:
		return uuid.Nil, postgres.WrapError("claim the next ticket", err)
	}
	c.publish(ctx, id)
	return id, nil
}

// explainNone finds out why there is no next ticket: there is none, or the agent holds too many.
func (c *Claims) explainNone(ctx context.Context, agent uuid.UUID) error {
	held, err := c.q.ClaimCount(ctx, c.primary, agent)
	switch {
	case err != nil:
		return postgres.WrapError("count claims", err)
	case held >= MostHeld:
		return ticket.ErrTooManyHeld
	}
	return ticket.ErrNotFound
}

// Take claims an open ticket, or renews the agent's claim, and returns until when. It returns ticket.ErrClaimed when another
// agent holds the ticket, ticket.ErrHandedOver when it was handed over to somebody else and the agent is no admin,
// ticket.ErrTooManyHeld when the agent holds MostHeld others and not this one, ticket.ErrOwnTicket when the agent submitted it, and
// ticket.ErrDecided when it is closed.
func (c *Claims) Take(ctx context.Context, agent, id uuid.UUID) (Claim, error) {
	var taken db.ClaimTakeRow
	err := postgres.Transact(ctx, c.primary, func(tx pgx.Tx) (err error) {
		if err = c.q.ClaimLockAgent(ctx, tx, agent.String()); err != nil {
			return err
		}
		on, user, err := c.primary.LockTicket(ctx, tx, id)
		if err != nil {
			return err
		}
		taken, err = c.q.ClaimTake(ctx, on, db.ClaimTakeParams{
			OfUser: user, TicketID: id, AccountID: agent, LeaseMs: leaseTime.Milliseconds(), Most: MostHeld,
		})
		return err
	})
	if postgres.IsNoRows(err) {
		return Claim{}, cmp.Or(c.explainRefusal(ctx, agent, id), ticket.ErrClaimed)
	}
	if err != nil {
		return Claim{}, postgres.WrapError("claim a ticket", err)
	}
	if taken.Added {
		c.publish(ctx, id)
	}
	return Claim{Agent: taken.AccountID, Until: time.UnixMilli(taken.UntilMs)}, nil
}

// explainRefusal finds out why an agent could not claim a ticket; nil when nothing stands against it any more.
func (c *Claims) explainRefusal(ctx context.Context, agent, id uuid.UUID) error {
	state, err := c.q.ClaimState(ctx, c.primary, db.ClaimStateParams{AccountID: agent, TicketID: id})
	switch {
	case postgres.IsNoRows(err):
		return ticket.ErrNotFound
	case err != nil:
		return postgres.WrapError("read a ticket", err)
	case !ticket.Status(state.Status).Open():
		return ticket.ErrDecided
	case state.UserID == agent.String():
		return ticket.ErrOwnTicket
	case state.Holder != nil && *state.Holder != agent:
		return ticket.ErrClaimed
	case state.HandedOver:
		return ticket.ErrHandedOver
	case state.Others >= MostHeld && state.Holder == nil:
		return ticket.ErrTooManyHeld
	}
	return nil
}

// Release ends the agent's claim on a ticket. It is no error if the agent does not hold it: released is false then.
func (c *Claims) Release(ctx context.Context, agent, id uuid.UUID) (released bool, err error) {
	n, err := c.q.ClaimRelease(ctx, c.primary, db.ClaimReleaseParams{TicketID: id, AccountID: agent})
	if err != nil {
		return false, postgres.WrapError("release a ticket", err)
	}
	if n > 0 {
		c.publish(ctx, id)
	}
	return n > 0, nil
}

// List returns the claims on these tickets that have not ended, by ticket.
func (c *Claims) List(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID]Claim, error) {
	rows, err := c.q.ClaimList(ctx, c.primary, ids)
	if err != nil {
		return nil, postgres.WrapError("list claims", err)
	}
	claims := make(map[uuid.UUID]Claim, len(rows))
	for _, row := range rows {
		claims[row.TicketID] = Claim{Agent: row.AccountID, Until: time.UnixMilli(row.UntilMs)}
	}
	return claims, nil
}
