package store

import (
	"context"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// TicketsOf implements ticket.Desk. A replica that knows no ticket of the user may be behind, so the primary is asked.
func (s *Store) TicketsOf(ctx context.Context, userID string, page ticket.Page) (ticket.List, error) {
	after := newestFirst(page.After, time.UnixMilli(math.MaxInt64))
	rows, err := read(ctx, s, func(ctx context.Context, on db.DBTX) ([]db.Ticket, error) {
		return some(s.q.TicketListOf(ctx, on, db.TicketListOfParams{
			UserID: userID, AfterMs: after.At.UnixMilli(), AfterID: after.ID, Max: int32(page.Limit + 1),
		}))
	})
	return list(rows, err, page.Limit, "list a user's tickets")
}

// Queue implements ticket.Desk.
func (s *Store) Queue(ctx context.Context, q ticket.Query) (ticket.List, error) {
	rows, err := read(ctx, s, func(ctx context.Context, on db.DBTX) ([]db.Ticket, error) { return s.queue(ctx, on, q) })
	return list(rows, err, q.Limit, "list the queue")
}

// queue picks the one query that serves q by an index alone.
func (s *Store) queue(ctx context.Context, on db.DBTX, q ticket.Query) ([]db.Ticket, error) {
	status, from, to, limit := string(q.Status), q.From.UnixMilli(), q.To.UnixMilli(), int32(q.Limit+1)
	if q.Newest {
		after := newestFirst(q.After, q.To)
		if q.UserID == "" {
			return s.q.TicketQueueNewest(ctx, on, db.TicketQueueNewestParams{
				Status: status, FromMs: from, AfterMs: after.At.UnixMilli(), AfterID: after.ID, Max: limit,
			})
		}
		return s.q.TicketQueueNewestOf(ctx, on, db.TicketQueueNewestOfParams{
			UserID: q.UserID, Status: status, FromMs: from, AfterMs: after.At.UnixMilli(), AfterID: after.ID, Max: limit,
		})
	}
	after := oldestFirst(q.After, q.From)
	if q.UserID == "" {
		return s.q.TicketQueueOldest(ctx, on, db.TicketQueueOldestParams{
			Status: status, ToMs: to, AfterMs: after.At.UnixMilli(), AfterID: after.ID, Max: limit,
		})
	}
	return s.q.TicketQueueOldestOf(ctx, on, db.TicketQueueOldestOfParams{
		UserID: q.UserID, Status: status, ToMs: to, AfterMs: after.At.UnixMilli(), AfterID: after.ID, Max: limit,
	})
}

// oldestFirst is where a list that grows towards the present begins: at after, or at from itself.
func oldestFirst(after ticket.Cursor, from time.Time) ticket.Cursor {
	if after.IsZero() || after.At.Before(from) {
		return ticket.Cursor{At: from}
	}
	return after
}

// newestFirst is where a list that grows towards the past begins: at after, or just before to.
func newestFirst(after ticket.Cursor, to time.Time) ticket.Cursor {
	if after.IsZero() || !after.At.Before(to) {
		return ticket.Cursor{At: to}
	}
	return after
}

// Backlog implements ticket.Desk.
func (s *Store) Backlog(ctx context.Context, t time.Time) (ticket.Backlog, error) {
	row, err := read(ctx, s, func(ctx context.Context, on db.DBTX) (db.TicketCountOlderRow, error) {
		return s.q.TicketCountOlder(ctx, on, db.TicketCountOlderParams{BeforeMs: t.UnixMilli(), Most: ticket.BacklogMost + 1})
	})
	if err != nil {
		return ticket.Backlog{}, postgres.WrapError("count older tickets", err)
	}
	if row.Waiting == 0 {
		return ticket.Backlog{}, nil
	}
	return ticket.Backlog{Count: row.Waiting, Oldest: time.UnixMilli(row.OldestMs)}, nil
}

// some makes an empty list of a replica read like a missing row.
func some[T any](rows []T, err error) ([]T, error) {
	if err == nil && len(rows) == 0 {
		err = pgx.ErrNoRows
	}
	return rows, err
}

func list(rows []db.Ticket, err error, limit int, doing string) (ticket.List, error) {
	if err != nil && !postgres.IsNoRows(err) {
		return ticket.List{}, postgres.WrapError(doing, err)
	}
	l := ticket.List{Tickets: make([]ticket.Ticket, 0, len(rows))}
	for _, row := range rows {
		l.Tickets = append(l.Tickets, fromRow(row))
	}
	if len(l.Tickets) > limit {
		l.Tickets = l.Tickets[:limit]
		l.Next = ticket.After(l.Tickets[limit-1])
	}
	return l, nil
}
