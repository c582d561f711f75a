package store

import (
	"cmp"
	"context"
	"time"

	"docket/db"
	"docket/internal/ticket"
)

// queryNarrow answers a query that hides tickets for which no index is made. Of open tickets, which are few, it reads what it has
// to; of closed ones those that one actor decided, or a part of the range after the other until there are enough.
func queryNarrow(ctx context.Context, queries *db.Queries, on db.DBTX, q ticket.Query) ([]db.Ticket, error) {
	switch {
	case q.Status.Open():
		return narrowOpen(ctx, queries, on, q)
	case q.Where.DecidedBy != "":
		return narrowDecided(ctx, queries, on, q)
	default:
		return narrowClosed(ctx, queries, on, q)
	}
}

func narrowOpen(ctx context.Context, queries *db.Queries, on db.DBTX, q ticket.Query) ([]db.Ticket, error) {
	if q.Where.DecidedBy != "" || q.Where.Reason != "" { // nobody has decided these
		return nil, nil
	}
	first := startOldestFirst(q.After, q.From)
	p := db.TicketNarrowOpenOldestParams{
		ToMs: q.To.UnixMilli(), AfterMs: first.At.UnixMilli(), AfterID: first.ID, UserID: q.UserID, Queue: q.Queue, Snoozed: withSnoozed(q),
		Attempt: int32(q.Where.Attempt), Answers: answersOf(q), Signal: signalOf(q), HeldBy: q.Where.HeldBy, Max: pageRows(q),
	}
	if !q.Newest {
		return queries.TicketNarrowOpenOldest(ctx, on, p)
	}
	last := startNewestFirst(q.After, q.To)
	return queries.TicketNarrowOpenNewest(ctx, on, db.TicketNarrowOpenNewestParams{
		FromMs: q.From.UnixMilli(), AfterMs: last.At.UnixMilli(), AfterID: last.ID, UserID: p.UserID, Queue: p.Queue, Snoozed: p.Snoozed,
		Attempt: p.Attempt, Answers: p.Answers, Signal: p.Signal, HeldBy: p.HeldBy, Max: p.Max,
	})
}

func narrowDecided(ctx context.Context, queries *db.Queries, on db.DBTX, q ticket.Query) ([]db.Ticket, error) {
	first, last := startOldestFirst(q.After, q.From), startNewestFirst(q.After, q.To)
	if q.Newest {
		return queries.TicketNarrowDecidedNewest(ctx, on, db.TicketNarrowDecidedNewestParams{
			DecidedBy: &q.Where.DecidedBy, Status: string(q.Status), FromMs: q.From.UnixMilli(), AfterMs: last.At.UnixMilli(), AfterID: last.ID,
			UserID: q.UserID, Attempt: int32(q.Where.Attempt), Answers: answersOf(q), Signal: signalOf(q), Reason: q.Where.Reason, Max: pageRows(q),
		})
	}
	return queries.TicketNarrowDecidedOldest(ctx, on, db.TicketNarrowDecidedOldestParams{
		DecidedBy: &q.Where.DecidedBy, Status: string(q.Status), ToMs: q.To.UnixMilli(), AfterMs: first.At.UnixMilli(), AfterID: first.ID,
		UserID: q.UserID, Attempt: int32(q.Where.Attempt), Answers: answersOf(q), Signal: signalOf(q), Reason: q.Where.Reason, Max: pageRows(q),
	})
}

// narrowClosed reads the day that comes first, then four, sixteen, the rest.
func narrowClosed(ctx context.Context, queries *db.Queries, on db.DBTX, q ticket.Query) (found []db.Ticket, err error) {
	p := db.TicketNarrowClosedOldestParams{
		Status: string(q.Status), UserID: q.UserID, Attempt: int32(q.Where.Attempt), Answers: answersOf(q), Signal: signalOf(q), Reason: q.Where.Reason,
	}
	after := startOldestFirst(q.After, q.From)
	if q.Newest {
		after = startNewestFirst(q.After, q.To)
	}
	p.AfterMs, p.AfterID = after.At.UnixMilli(), after.ID
	from, to := q.From, q.To
	for span := 24 * time.Hour; from.Before(to) && len(found) <= q.Limit; span *= 4 {
		p.Max = pageRows(q) - int32(len(found))
		var more []db.Ticket
		if q.Newest {
			start := maxTime(from, minTime(after.At, to).Add(-span))
			p.FromMs, p.ToMs = start.UnixMilli(), to.UnixMilli()
			more, err = queries.TicketNarrowClosedNewest(ctx, on, db.TicketNarrowClosedNewestParams(p))
			to = start
		} else {
			end := minTime(to, maxTime(after.At, from).Add(span))
			p.FromMs, p.ToMs = from.UnixMilli(), end.UnixMilli()
			more, err = queries.TicketNarrowClosedOldest(ctx, on, p)
			from = end
		}
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	return found, nil
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func maxTime(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func answersOf(q ticket.Query) []byte { return []byte(cmp.Or(q.Where.Answers, "{}")) }

// signalOf is a tsquery for tickets with the warning; empty for all.
func signalOf(q ticket.Query) string {
	if q.Where.Signal == "" {
		return ""
	}
	return quoteLexeme(signalMark + q.Where.Signal)
}
