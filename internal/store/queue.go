package store

import (
	"context"

	"docket/db"
	"docket/internal/ticket"
)

// queryQueue picks the one statement that answers q by an index alone. For other queries see narrowByParts.
func queryQueue(ctx context.Context, queries *db.Queries, on db.DBTX, q ticket.Query) ([]db.Ticket, error) {
	switch {
	case q.Place.Tab != "" && q.Place.Tab != ticket.Waiting:
		return queryPlace(ctx, queries, on, q)
	case q.Where.DecidedBy != "":
		return narrowDecided(ctx, queries, on, q)
	case q.Status.Open() && q.Queue != "" && q.UserID == "":
		return queryIn(ctx, queries, on, q)
	case q.Newest && q.UserID == "":
		return queryNewest(ctx, queries, on, q)
	case q.Newest:
		return queryNewestOf(ctx, queries, on, q)
	case q.UserID == "":
		return queryOldest(ctx, queries, on, q)
	default:
		return queryOldestOf(ctx, queries, on, q)
	}
}

func queryNewest(ctx context.Context, queries *db.Queries, on db.DBTX, q ticket.Query) ([]db.Ticket, error) {
	after := startNewestFirst(q.After, q.To)
	open := db.TicketOpenNewestParams{FromMs: q.From.UnixMilli(), AfterMs: after.At.UnixMilli(), AfterID: after.ID, Snoozed: withSnoozed(q), Max: pageRows(q)}
	if q.Status.Open() {
		return queries.TicketOpenNewest(ctx, on, open)
	}
	return queries.TicketClosedNewest(ctx, on, db.TicketClosedNewestParams{
		Status: string(q.Status), FromMs: open.FromMs, AfterMs: open.AfterMs, AfterID: open.AfterID, Max: open.Max,
	})
}

func queryNewestOf(ctx context.Context, queries *db.Queries, on db.DBTX, q ticket.Query) ([]db.Ticket, error) {
	after := startNewestFirst(q.After, q.To)
	open := db.TicketOpenNewestOfParams{
		UserID: q.UserID, FromMs: q.From.UnixMilli(), AfterMs: after.At.UnixMilli(), AfterID: after.ID, Max: pageRows(q),
		Queue: q.Queue, Snoozed: withSnoozed(q),
	}
	if q.Status.Open() {
		return queries.TicketOpenNewestOf(ctx, on, open)
	}
	return queries.TicketClosedNewestOf(ctx, on, db.TicketClosedNewestOfParams{
		UserID: open.UserID, Status: string(q.Status), FromMs: open.FromMs, AfterMs: open.AfterMs, AfterID: open.AfterID, Max: open.Max,
	})
}

func queryOldest(ctx context.Context, queries *db.Queries, on db.DBTX, q ticket.Query) ([]db.Ticket, error) {
	after := startOldestFirst(q.After, q.From)
	open := db.TicketOpenOldestParams{ToMs: q.To.UnixMilli(), AfterMs: after.At.UnixMilli(), AfterID: after.ID, Snoozed: withSnoozed(q), Max: pageRows(q)}
	if q.Status.Open() {
		return queries.TicketOpenOldest(ctx, on, open)
	}
	return queries.TicketClosedOldest(ctx, on, db.TicketClosedOldestParams{
		Status: string(q.Status), ToMs: open.ToMs, AfterMs: open.AfterMs, AfterID: open.AfterID, Max: open.Max,
	})
}

func queryOldestOf(ctx context.Context, queries *db.Queries, on db.DBTX, q ticket.Query) ([]db.Ticket, error) {
	after := startOldestFirst(q.After, q.From)
	open := db.TicketOpenOldestOfParams{
		UserID: q.UserID, ToMs: q.To.UnixMilli(), AfterMs: after.At.UnixMilli(), AfterID: after.ID, Max: pageRows(q),
		Queue: q.Queue, Snoozed: withSnoozed(q),
	}
	if q.Status.Open() {
		return queries.TicketOpenOldestOf(ctx, on, open)
	}
	return queries.TicketClosedOldestOf(ctx, on, db.TicketClosedOldestOfParams{
		UserID: open.UserID, Status: string(q.Status), ToMs: open.ToMs, AfterMs: open.AfterMs, AfterID: open.AfterID, Max: open.Max,
	})
}

// pageRows is one row more than a page has, which says whether there is a next page.
func pageRows(q ticket.Query) int32 { return int32(q.Limit + 1) }

// withSnoozed reports whether q asks for snoozed tickets among the others, as other systems do.
func withSnoozed(q ticket.Query) bool { return q.Place.Tab == "" }
