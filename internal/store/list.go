package store

import (
	"context"
	"math"
	"time"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// TicketsOf implements ticket.Reader.
func (r *Reader) TicketsOf(ctx context.Context, userID string, page ticket.Page) (ticket.List, error) {
	after := startNewestFirst(page.After, time.UnixMilli(math.MaxInt64))
	rows, err := r.q.TicketListOf(ctx, r.pool, db.TicketListOfParams{
		UserID: userID, AfterMs: after.At.UnixMilli(), AfterID: after.ID, Max: int32(page.Limit + 1),
	})
	list, err := toList(rows, err, page.Limit, ticket.After, "list a user's tickets")
	if err != nil {
		return list, err
	}
	return r.addArchived(ctx, userID, list, page.Limit, ticket.After, compareNewest, func() ([]db.ArchivedRow, error) {
		return r.q.ArchivedListOf(ctx, r.pool, db.ArchivedListOfParams{UserID: userID, AfterMs: after.At.UnixMilli(), AfterID: after.ID, Max: int32(page.Limit + 1)})
	})
}

// narrowTime is how long a list may be looked for among tickets for which no index is made. What was found by then is a page of it,
// and the next one goes on where it was.
const narrowTime = 300 * time.Millisecond

// Queue implements ticket.Reader. A page may have fewer tickets than asked for, and another one follow.
func (r *Reader) Queue(ctx context.Context, q ticket.Query) (ticket.List, error) {
	if namesLexemes(q) {
		lexemes, err := r.fewLexemes(ctx, q)
		if err == nil && lexemes != "" {
			rows, err := narrowIndexed(ctx, r.q, customPlans{r.pool}, q, lexemes)
			return toList(rows, err, q.Limit, q.CursorOf, "list the queue")
		}
		if err != nil {
			return ticket.List{}, postgres.WrapError("list the queue", err)
		}
	}
	if readByParts(q) && (q.Place.Tab == "" || q.Place.Tab == ticket.Waiting) {
		rows, rest, err := narrowByParts(ctx, r.q, customPlans{r.pool}, q, r.narrowTime)
		list, err := toList(rows, err, q.Limit, q.CursorOf, "list the queue")
		if list.Next.IsZero() {
			list.Next = rest
		}
		return list, err
	}
	rows, err := queryQueue(ctx, r.q, postgres.Rewriting{Pool: r.pool}, q)
	list, err := toList(rows, err, q.Limit, q.CursorOf, "list the queue")
	if err != nil || q.UserID == "" || q.Status.Open() || q.Place.Tab != "" || q.Where.DecidedBy != "" {
		return list, err
	}
	return r.addArchivedClosed(ctx, q, list)
}

// startOldestFirst is where a list that grows towards the present begins: at after, or at from itself.
func startOldestFirst(after ticket.Cursor, from time.Time) ticket.Cursor {
	if after.IsZero() || after.At.Before(from) {
		return ticket.Cursor{At: from}
	}
	return after
}

// startNewestFirst is where a list that grows towards the past begins: at after, or just before to.
func startNewestFirst(after ticket.Cursor, to time.Time) ticket.Cursor {
	if after.IsZero() || !after.At.Before(to) {
		return ticket.Cursor{At: to}
	}
	return after
}

// Backlog implements ticket.Reader.
func (r *Reader) Backlog(ctx context.Context, t time.Time) (ticket.Backlog, error) {
	row, err := r.q.TicketBacklog(ctx, r.pool, db.TicketBacklogParams{BeforeMs: t.UnixMilli(), Most: ticket.BacklogMost + 1})
	if err != nil {
		return ticket.Backlog{}, postgres.WrapError("count older tickets", err)
	}
	if row.Waiting == 0 {
		return ticket.Backlog{}, nil
	}
	return ticket.Backlog{Count: row.Waiting, Oldest: time.UnixMilli(row.OldestMs)}, nil
}

// toList is a page of at most limit tickets, of rows of which there is one more if another page follows.
func toList(rows []db.Ticket, err error, limit int, cursorOf func(ticket.Ticket) ticket.Cursor, doing string) (ticket.List, error) {
	if err != nil {
		return ticket.List{}, postgres.WrapError(doing, err)
	}
	list := ticket.List{Tickets: make([]ticket.Ticket, 0, len(rows))}
	for _, row := range rows {
		list.Tickets = append(list.Tickets, fromRow(row))
	}
	if len(list.Tickets) > limit {
		list.Tickets = list.Tickets[:limit]
		list.Next = cursorOf(list.Tickets[limit-1])
	}
	return list, nil
}
