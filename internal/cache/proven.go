package cache

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// everybody is what a question is about that is about no one user or ticket: whoever wrote may not see it there at once.
const everybody = ""

// proven asks where it may: a replica that is proven, else the primary, and when there is no primary any replica after
// all. One that stands still must not keep a ticket open for ever, and what was written here a moment ago, to the user or
// the ticket that the question is about, is seen.
func proven[T any](ctx context.Context, c *Cache, about string, ask reading[T]) (T, error) {
	if ticket.IsFresh(ctx) {
		return ask(ctx, c.Desk)
	}
	first := c.Desk
	_, dirty := c.leases.take(about, c.now())
	if r, open := c.replicas.proven(); open && !dirty {
		first = r.Desk
	}
	answer, err := ask(ctx, first)
	for _, r := range c.replicas.nearest() {
		if !errors.Is(err, ticket.ErrUnavailable) {
			break
		}
		answer, err = ask(ctx, r.Desk)
	}
	return answer, err
}

// Ticket implements ticket.Desk.
func (c *Cache) Ticket(ctx context.Context, id uuid.UUID) (ticket.Ticket, error) {
	return proven(ctx, c, id.String(), func(ctx context.Context, desk ticket.Desk) (ticket.Ticket, error) { return desk.Ticket(ctx, id) })
}

// TicketOf implements ticket.Desk.
func (c *Cache) TicketOf(ctx context.Context, userID string, id uuid.UUID) (ticket.Ticket, error) {
	return proven(ctx, c, userID, func(ctx context.Context, desk ticket.Desk) (ticket.Ticket, error) {
		return desk.TicketOf(ctx, userID, id)
	})
}

// History implements ticket.Desk.
func (c *Cache) History(ctx context.Context, id uuid.UUID) ([]ticket.Event, error) {
	return proven(ctx, c, id.String(), func(ctx context.Context, desk ticket.Desk) ([]ticket.Event, error) { return desk.History(ctx, id) })
}

// Queue implements ticket.Desk.
func (c *Cache) Queue(ctx context.Context, q ticket.Query) (ticket.List, error) {
	return proven(ctx, c, q.UserID, func(ctx context.Context, desk ticket.Desk) (ticket.List, error) { return desk.Queue(ctx, q) })
}

// Backlog implements ticket.Desk.
func (c *Cache) Backlog(ctx context.Context, t time.Time) (ticket.Backlog, error) {
	return proven(ctx, c, everybody, func(ctx context.Context, desk ticket.Desk) (ticket.Backlog, error) { return desk.Backlog(ctx, t) })
}
