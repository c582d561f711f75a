package cache

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// proven asks where it may: a replica that is proven, else the primary, and when there is no primary any replica after
// all. One that stands still must not keep a ticket open for ever.
func proven[T any](ctx context.Context, c *Cache, ask reading[T]) (T, error) {
	if ticket.IsFresh(ctx) {
		return ask(ctx, c.Desk)
	}
	first := c.Desk
	if r, open := c.replicas.proven(); open {
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
	return proven(ctx, c, func(ctx context.Context, desk ticket.Desk) (ticket.Ticket, error) { return desk.Ticket(ctx, id) })
}

// TicketOf implements ticket.Desk.
func (c *Cache) TicketOf(ctx context.Context, userID string, id uuid.UUID) (ticket.Ticket, error) {
	return proven(ctx, c, func(ctx context.Context, desk ticket.Desk) (ticket.Ticket, error) {
		return desk.TicketOf(ctx, userID, id)
	})
}

// History implements ticket.Desk.
func (c *Cache) History(ctx context.Context, id uuid.UUID) ([]ticket.Event, error) {
	return proven(ctx, c, func(ctx context.Context, desk ticket.Desk) ([]ticket.Event, error) { return desk.History(ctx, id) })
}

// Queue implements ticket.Desk.
func (c *Cache) Queue(ctx context.Context, q ticket.Query) (ticket.List, error) {
	return proven(ctx, c, func(ctx context.Context, desk ticket.Desk) (ticket.List, error) { return desk.Queue(ctx, q) })
}

// Compare implements ticket.Desk.
func (c *Cache) Compare(ctx context.Context, from, to time.Time) (ticket.Comparison, error) {
	return proven(ctx, c, func(ctx context.Context, desk ticket.Desk) (ticket.Comparison, error) {
		return desk.Compare(ctx, from, to)
	})
}

// Older implements ticket.Desk.
func (c *Cache) Older(ctx context.Context, t time.Time) (ticket.Backlog, error) {
	return proven(ctx, c, func(ctx context.Context, desk ticket.Desk) (ticket.Backlog, error) { return desk.Older(ctx, t) })
}
