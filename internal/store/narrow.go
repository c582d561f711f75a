package store

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/ticket"
)

// readByParts reports whether a query hides tickets for which no index is made: see narrowByParts. Those that one actor decided have
// one.
func readByParts(q ticket.Query) bool {
	return !q.Where.IsZero() && (q.Status.Open() || q.Where.DecidedBy == "")
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

// narrowByParts reads the day that comes first, then up to four times as many, until there are enough tickets or the time is over. Then
// rest is where to go on.
func narrowByParts(ctx context.Context, queries *db.Queries, on db.DBTX, q ticket.Query, most time.Duration) (found []db.Ticket, rest ticket.Cursor, err error) {
	from, to := q.From, q.To
	if q.Newest {
		to = minTime(to, startNewestFirst(q.After, q.To).At.Add(time.Millisecond))
	} else {
		from = maxTime(from, startOldestFirst(q.After, q.From).At)
	}
	began := time.Now()
	for span := 24 * time.Hour; from.Before(to) && len(found) <= q.Limit; {
		part, read := q, time.Now()
		if q.Newest {
			part.From, part.To = maxTime(from, to.Add(-span)), to
			to, rest = part.From, ticket.Cursor{At: part.From}
		} else {
			part.From, part.To = from, minTime(to, from.Add(span))
			from, rest = part.To, ticket.Cursor{At: part.To.Add(-time.Millisecond), ID: uuid.Max}
		}
		more, err := narrowPart(ctx, queries, on, q, part, pageRows(q)-int32(len(found)))
		if err != nil {
			return nil, rest, err
		}
		found = append(found, more...)
		left := most - time.Since(began)
		if left <= 0 && from.Before(to) && len(found) <= q.Limit {
			return found, rest, nil
		}
		span = min(4*span, max(24*time.Hour, time.Duration(float64(span)*float64(left)/float64(time.Since(read)+time.Microsecond))))
	}
	return found, ticket.Cursor{}, nil
}

// narrowPart reads a part of the range of q.
func narrowPart(ctx context.Context, queries *db.Queries, on db.DBTX, q, part ticket.Query, most int32) ([]db.Ticket, error) {
	if q.Status.Open() {
		return narrowOpen(ctx, queries, on, q, part, most)
	}
	p := db.TicketNarrowClosedOldestParams{
		Status: string(q.Status), FromMs: part.From.UnixMilli(), ToMs: part.To.UnixMilli(), UserID: q.UserID, Attempt: int32(q.Where.Attempt),
		Answers: answersOf(q), Signal: signalOf(q), Reason: q.Where.Reason, Max: most,
	}
	if q.Where.Reason != "" && q.UserID == "" {
		return narrowReason(ctx, queries, on, q, part, most)
	}
	if q.Newest {
		after := startNewestFirst(q.After, q.To)
		p.AfterMs, p.AfterID = after.At.UnixMilli(), after.ID
		return queries.TicketNarrowClosedNewest(ctx, on, db.TicketNarrowClosedNewestParams(p))
	}
	after := startOldestFirst(q.After, q.From)
	p.AfterMs, p.AfterID = after.At.UnixMilli(), after.ID
	return queries.TicketNarrowClosedOldest(ctx, on, p)
}

// narrowReason reads those tickets of a part that have a reason, by an index.
func narrowReason(ctx context.Context, queries *db.Queries, on db.DBTX, q, part ticket.Query, most int32) ([]db.Ticket, error) {
	p := db.TicketNarrowReasonOldestParams{
		Status: string(q.Status), FromMs: part.From.UnixMilli(), ToMs: part.To.UnixMilli(), Attempt: int32(q.Where.Attempt),
		Answers: answersOf(q), Signal: signalOf(q), Max: most,
	}
	for day := p.FromMs / dayMS; day <= (p.ToMs-1)/dayMS; day++ {
		p.ReasonDays = append(p.ReasonDays, strconv.FormatInt(day, 10)+" "+q.Where.Reason)
	}
	if q.Newest {
		after := startNewestFirst(q.After, q.To)
		p.AfterMs, p.AfterID = after.At.UnixMilli(), after.ID
		return queries.TicketNarrowReasonNewest(ctx, on, db.TicketNarrowReasonNewestParams(p))
	}
	after := startOldestFirst(q.After, q.From)
	p.AfterMs, p.AfterID = after.At.UnixMilli(), after.ID
	return queries.TicketNarrowReasonOldest(ctx, on, p)
}

func narrowOpen(ctx context.Context, queries *db.Queries, on db.DBTX, q, part ticket.Query, most int32) ([]db.Ticket, error) {
	if q.Where.DecidedBy != "" || q.Where.Reason != "" { // nobody has decided these
		return nil, nil
	}
	first := startOldestFirst(q.After, part.From)
	p := db.TicketNarrowOpenOldestParams{
		ToMs: part.To.UnixMilli(), AfterMs: first.At.UnixMilli(), AfterID: first.ID, UserID: q.UserID, Queue: q.Queue, Snoozed: withSnoozed(q),
		Attempt: int32(q.Where.Attempt), Answers: answersOf(q), Signal: signalOf(q), HeldBy: q.Where.HeldBy, Max: most,
	}
	if !q.Newest {
		return queries.TicketNarrowOpenOldest(ctx, on, p)
	}
	last := startNewestFirst(q.After, part.To)
	return queries.TicketNarrowOpenNewest(ctx, on, db.TicketNarrowOpenNewestParams{
		FromMs: part.From.UnixMilli(), AfterMs: last.At.UnixMilli(), AfterID: last.ID, UserID: p.UserID, Queue: p.Queue, Snoozed: p.Snoozed,
		Attempt: p.Attempt, Answers: p.Answers, Signal: p.Signal, HeldBy: p.HeldBy, Max: p.Max,
	})
}

// customPlans has each statement planned for the values that it has: they say which index serves it.
type customPlans struct{ db.DBTX }

// Query implements db.DBTX.
func (p customPlans) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return p.DBTX.Query(ctx, sql, append([]any{pgx.QueryExecModeCacheDescribe}, args...)...)
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
