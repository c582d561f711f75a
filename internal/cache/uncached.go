package cache

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// allUsers is the subject of a read that is not about one user or ticket. Its reader may not see at once what was written.
const allUsers = ""

// readUncached reads where a load would: a proven replica, else the primary, or any replica while the primary cannot be
// reached. A write of this instance to the subject, a user or a ticket, is seen.
func readUncached[T any](ctx context.Context, c *Cache, subject string, read readFunc[T]) (T, error) {
	if ticket.IsFresh(ctx) {
		return read(ctx, c.primary)
	}
	_, dirty := c.leases.grant(subject, c.now())
	r, err := readFrom(ctx, c, c.chooseSource(dirty), read, read.unlessQuiet(c, true))
	return r.value, err
}

// Ticket implements ticket.Desk.
func (c *Cache) Ticket(ctx context.Context, id uuid.UUID) (ticket.Ticket, error) {
	return readUncached(ctx, c, id.String(), func(ctx context.Context, from ticket.Reader) (ticket.Ticket, error) {
		return from.Ticket(ctx, id)
	})
}

// TicketOf implements ticket.Desk.
func (c *Cache) TicketOf(ctx context.Context, userID string, id uuid.UUID) (ticket.Ticket, error) {
	return readUncached(ctx, c, userID, func(ctx context.Context, from ticket.Reader) (ticket.Ticket, error) {
		return from.TicketOf(ctx, userID, id)
	})
}

// History implements ticket.Desk.
func (c *Cache) History(ctx context.Context, id uuid.UUID) ([]ticket.Event, error) {
	events, err := readUncached(ctx, c, id.String(), func(ctx context.Context, from ticket.Reader) ([]ticket.Event, error) {
		events, err := from.History(ctx, id)
		return events, notFoundIfEmpty(events, err)
	})
	return events, emptyIfNotFound(err)
}

// Queue implements ticket.Desk.
func (c *Cache) Queue(ctx context.Context, q ticket.Query) (ticket.List, error) {
	return readUncached(ctx, c, q.UserID, func(ctx context.Context, from ticket.Reader) (ticket.List, error) { return from.Queue(ctx, q) })
}

// Search implements ticket.Desk.
func (c *Cache) Search(ctx context.Context, s ticket.Search) (ticket.List, error) {
	return readUncached(ctx, c, allUsers, func(ctx context.Context, from ticket.Reader) (ticket.List, error) { return from.Search(ctx, s) })
}

// Signals implements ticket.Desk.
func (c *Cache) Signals(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID][]string, error) {
	return readUncached(ctx, c, allUsers, func(ctx context.Context, from ticket.Reader) (map[uuid.UUID][]string, error) {
		return from.Signals(ctx, ids)
	})
}

// SamePerson implements ticket.Desk.
func (c *Cache) SamePerson(ctx context.Context, userID string, identity ticket.Identity, most int) ([]ticket.Ticket, error) {
	return readUncached(ctx, c, userID, func(ctx context.Context, from ticket.Reader) ([]ticket.Ticket, error) {
		return from.SamePerson(ctx, userID, identity, most)
	})
}

// Backlog implements ticket.Desk.
func (c *Cache) Backlog(ctx context.Context, t time.Time) (ticket.Backlog, error) {
	return readUncached(ctx, c, allUsers, func(ctx context.Context, from ticket.Reader) (ticket.Backlog, error) { return from.Backlog(ctx, t) })
}

// notFoundIfEmpty makes an empty list of a replica that is behind read like a missing row: the primary is asked.
func notFoundIfEmpty[T any](items []T, err error) error {
	if err == nil && len(items) == 0 {
		return ticket.ErrNotFound
	}
	return err
}

// emptyIfNotFound undoes notFoundIfEmpty.
func emptyIfNotFound(err error) error {
	if errors.Is(err, ticket.ErrNotFound) {
		return nil
	}
	return err
}
