package store

import (
	"context"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Ticket implements ticket.Desk.
func (s *Store) Ticket(ctx context.Context, id uuid.UUID) (ticket.Ticket, error) {
	row, err := read(ctx, s, func(ctx context.Context, on db.DBTX) (db.Ticket, error) { return s.q.TicketGet(ctx, on, id) })
	return one(row, err, "read a ticket")
}

// TicketOf implements ticket.Desk.
func (s *Store) TicketOf(ctx context.Context, userID string, id uuid.UUID) (ticket.Ticket, error) {
	row, err := read(ctx, s, func(ctx context.Context, on db.DBTX) (db.Ticket, error) {
		return s.q.TicketGetOf(ctx, on, db.TicketGetOfParams{ID: id, UserID: userID})
	})
	return one(row, err, "read a user's ticket")
}

func one(row db.Ticket, err error, doing string) (ticket.Ticket, error) {
	if postgres.IsNoRows(err) {
		return ticket.Ticket{}, ticket.ErrNotFound
	}
	if err != nil {
		return ticket.Ticket{}, postgres.WrapError(doing, err)
	}
	return fromRow(row), nil
}

// History implements ticket.Desk. A replica that has not heard of the ticket shows none of it, so the primary is asked.
func (s *Store) History(ctx context.Context, id uuid.UUID) ([]ticket.Event, error) {
	rows, err := read(ctx, s, func(ctx context.Context, on db.DBTX) ([]db.TicketEvent, error) {
		return some(s.q.EventList(ctx, on, id))
	})
	if err != nil && !postgres.IsNoRows(err) {
		return nil, postgres.WrapError("read a ticket's history", err)
	}
	events := make([]ticket.Event, len(rows))
	for i, row := range rows {
		events[i] = fromEvent(row)
	}
	return events, nil
}
