package store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/archive"
	"docket/internal/postgres"
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

// compareNewest orders tickets as lists do that begin with the newest.
func compareNewest(a, b ticket.Ticket) int {
	return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), bytes.Compare(b.ID[:], a.ID[:]))
}

// addArchived adds to a list of a user's tickets those that read finds in the archive, if any of the user are there.
func (r *Reader) addArchived(ctx context.Context, userID string, list ticket.List, limit int, cursorOf func(ticket.Ticket) ticket.Cursor,
	compare func(a, b ticket.Ticket) int, read func() ([]db.ArchivedRow, error),
) (ticket.List, error) {
	holds, err := r.q.ArchiveHolds(ctx, r.pool, userID)
	if err != nil || !holds {
		return list, postgres.WrapError("look for a user in the archive", err)
	}
	rows, err := read()
	return mergeArchived(list, rows, err, limit, cursorOf, compare)
}

// mergeArchived adds tickets of the archive to a page of a list, which was read before: of one that was moved in between it keeps the archived
// one. A page that had another one after it still has.
func mergeArchived(list ticket.List, rows []db.ArchivedRow, err error, limit int, cursorOf func(ticket.Ticket) ticket.Cursor, compare func(a, b ticket.Ticket) int) (ticket.List, error) {
	if err != nil || len(rows) == 0 {
		return list, postgres.WrapError("list tickets of the archive", err)
	}
	for _, row := range rows {
		list.Tickets = append(slices.DeleteFunc(list.Tickets, func(t ticket.Ticket) bool { return t.ID == row.ID }), fromArchived(row))
	}
	slices.SortFunc(list.Tickets, compare)
	if len(list.Tickets) > limit {
		list.Tickets = list.Tickets[:limit]
		list.Next = cursorOf(list.Tickets[limit-1])
	}
	return list, nil
}

// addArchivedClosed adds the closed tickets of a user that q asks for and that are in the archive.
func (r *Reader) addArchivedClosed(ctx context.Context, q ticket.Query, list ticket.List) (ticket.List, error) {
	p := db.ArchivedClosedOfParams{UserID: q.UserID, Status: string(q.Status), FromMs: q.From.UnixMilli() - 1, FromID: uuid.Max, ToMs: q.To.UnixMilli(), Newest: q.Newest, Max: pageRows(q)}
	compare := func(a, b ticket.Ticket) int {
		return cmp.Or(a.UpdatedAt.Compare(b.UpdatedAt), bytes.Compare(a.ID[:], b.ID[:]))
	}
	if q.Newest {
		after := startNewestFirst(q.After, q.To)
		p.ToMs, p.ToID = after.At.UnixMilli(), after.ID
		oldestFirst := compare
		compare = func(a, b ticket.Ticket) int { return oldestFirst(b, a) }
	} else if after := startOldestFirst(q.After, q.From); after != (ticket.Cursor{At: q.From}) {
		p.FromMs, p.FromID = after.At.UnixMilli(), after.ID
	}
	return r.addArchived(ctx, q.UserID, list, q.Limit, q.CursorOf, compare, func() ([]db.ArchivedRow, error) { return r.q.ArchivedClosedOf(ctx, r.pool, p) })
}

// addArchivedFound adds the tickets of the archive that have what is given whole.
func (r *Reader) addArchivedFound(ctx context.Context, s ticket.Search, list ticket.List) (ticket.List, error) {
	after := startNewestFirst(s.After, time.UnixMilli(math.MaxInt64))
	rows, err := r.q.ArchivedFindWhole(ctx, r.pool, db.ArchivedFindWholeParams{
		Whole: quoteAny(s.Whole), UserID: s.UserID, Email: s.Email, ID: s.ID, Most: mostWhole, AfterMs: after.At.UnixMilli(), AfterID: after.ID, Max: int32(s.Limit + 1),
	})
	return mergeArchived(list, rows, err, s.Limit, ticket.After, compareNewest)
}

// archivedHistory is History of a ticket of the archive.
func (r *Reader) archivedHistory(ctx context.Context, id uuid.UUID) ([]ticket.Event, error) {
	history, err := archive.ReadHistory(ctx, r.q, r.pool, id)
	if errors.Is(err, ticket.ErrNotFound) {
		return []ticket.Event{}, nil
	}
	return history.TicketEvents(id), err
}
