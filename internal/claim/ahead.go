package claim

import (
	"cmp"
	"context"
	"hash/fnv"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// aheadTime is how long a ticket is claimed ahead unless that is renewed: a page that is closed without a word holds it no longer.
const aheadTime = 90 * time.Second

// Ahead claims the next ticket of a list while the agent decides another one, so that its pictures can be loaded: the one that is claimed
// ahead already, or what next claims. One is ahead at most. It returns ticket.ErrNotFound when there is none, and the errors of next.
func (c *Claims) Ahead(ctx context.Context, agent uuid.UUID, list string, next func(context.Context) (uuid.UUID, error)) (uuid.UUID, error) {
	kept, err := c.q.AheadKeep(ctx, c.primary, db.AheadKeepParams{AccountID: agent, ListHash: hashList(list), LeaseMs: aheadTime.Milliseconds()})
	if err == nil {
		return kept, nil
	}
	if !postgres.IsNoRows(err) {
		return uuid.Nil, postgres.WrapError("renew a claim ahead", err)
	}
	if err := c.DropAhead(ctx, agent); err != nil {
		return uuid.Nil, err
	}
	id, err := next(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	added, err := c.q.AheadAdd(ctx, c.primary, db.AheadAddParams{AccountID: agent, TicketID: id, ListHash: hashList(list), LeaseMs: aheadTime.Milliseconds()})
	if postgres.IsNoRows(err) { // another page of the agent was faster
		_, err := c.Release(ctx, agent, id)
		return uuid.Nil, cmp.Or(err, ticket.ErrNotFound)
	}
	if err != nil {
		return uuid.Nil, postgres.WrapError("claim ahead", err)
	}
	return added, nil
}

// TakeAhead claims the ticket that is claimed ahead for a list, as Next does, and gives back one that is for another list. It returns
// ticket.ErrNotFound when there is none.
func (c *Claims) TakeAhead(ctx context.Context, agent uuid.UUID, list string) (uuid.UUID, error) {
	row, err := c.q.AheadTake(ctx, c.primary, db.AheadTakeParams{AccountID: agent, ListHash: hashList(list), LeaseMs: leaseTime.Milliseconds()})
	if err != nil {
		return uuid.Nil, postgres.WrapError("take the ticket ahead", err)
	}
	if row.Dropped != uuid.Nil {
		c.publish(ctx, row.Dropped)
	}
	if row.Taken == uuid.Nil {
		return uuid.Nil, ticket.ErrNotFound
	}
	return row.Taken, nil
}

// OpenAhead makes the claim on a ticket that its agent opens an ordinary one, if it was claimed ahead.
func (c *Claims) OpenAhead(ctx context.Context, held Claim, id uuid.UUID) error {
	if time.Until(held.Until) > leaseTime/2 {
		return nil
	}
	if err := c.q.AheadOpen(ctx, c.primary, db.AheadOpenParams{AccountID: held.Agent, TicketID: id, LeaseMs: leaseTime.Milliseconds()}); err != nil {
		return postgres.WrapError("open the ticket ahead", err)
	}
	return nil
}

// DropAhead gives back the ticket that an agent has claimed ahead; it is no error if there is none.
func (c *Claims) DropAhead(ctx context.Context, agent uuid.UUID) error {
	id, err := c.q.AheadDrop(ctx, c.primary, agent)
	if postgres.IsNoRows(err) {
		return nil
	}
	if err != nil {
		return postgres.WrapError("give back the ticket ahead", err)
	}
	c.publish(ctx, id)
	return nil
}

// hashList is kept in place of the list: it may have the name of a person.
func hashList(list string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(list)) // it never fails
	return int64(h.Sum64())
}
