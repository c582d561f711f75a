package cache

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// proven asks the desk where it may: the replica while that is proven, else the primary, and when there is no primary
// the replica after all. A replica that stands still must not keep a ticket open for ever.
func proven[T any](ctx context.Context, c *Cache, ask func(context.Context) (T, error)) (T, error) {
	if ticket.IsFresh(ctx) || c.gate == nil || c.gate.Open() {
		return ask(ctx)
	}
	answer, err := ask(ticket.Fresh(ctx))
	if errors.Is(err, ticket.ErrUnavailable) {
		return ask(ctx)
	}
	return answer, err
}

// Ticket implements ticket.Desk.
func (c *Cache) Ticket(ctx context.Context, id uuid.UUID) (ticket.Ticket, error) {
	return proven(ctx, c, func(ctx context.Context) (ticket.Ticket, error) { return c.Desk.Ticket(ctx, id) })
}

// TicketOf implements ticket.Desk.
func (c *Cache) TicketOf(ctx context.Context, userID string, id uuid.UUID) (ticket.Ticket, error) {
	return proven(ctx, c, func(ctx context.Context) (ticket.Ticket, error) { return c.Desk.TicketOf(ctx, userID, id) })
}

// History implements ticket.Desk.
func (c *Cache) History(ctx context.Context, id uuid.UUID) ([]ticket.Event, error) {
	return proven(ctx, c, func(ctx context.Context) ([]ticket.Event, error) { return c.Desk.History(ctx, id) })
}

// Queue implements ticket.Desk.
func (c *Cache) Queue(ctx context.Context, q ticket.Query) (ticket.List, error) {
	return proven(ctx, c, func(ctx context.Context) (ticket.List, error) { return c.Desk.Queue(ctx, q) })
}

// Older implements ticket.Desk.
func (c *Cache) Older(ctx context.Context, t time.Time) (ticket.Backlog, error) {
	return proven(ctx, c, func(ctx context.Context) (ticket.Backlog, error) { return c.Desk.Older(ctx, t) })
}
