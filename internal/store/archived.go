package store

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/archive"
	"docket/internal/ticket"
)

// fromArchived is a ticket of the archive.
func fromArchived(row db.ArchivedRow) ticket.Ticket {
	t := fromRow(db.Ticket(row))
	t.Archived = true
	return t
}

// toArchived is a ticket of the archive, where one is looked for that is not among the others: it may have been moved, but never comes
// back.
func toArchived(row db.ArchivedRow, err error) (ticket.Ticket, error) {
	if _, err := toTicket(db.Ticket(row), err, "read a ticket of the archive"); err != nil {
		return ticket.Ticket{}, err
	}
	return fromArchived(row), nil
}

// archivedHistory is History of a ticket of the archive.
func (r *Reader) archivedHistory(ctx context.Context, id uuid.UUID) ([]ticket.Event, error) {
	history, err := archive.ReadHistory(ctx, r.q, r.pool, id)
	if errors.Is(err, ticket.ErrNotFound) {
		return []ticket.Event{}, nil
	}
	return history.TicketEvents(id), err
}
