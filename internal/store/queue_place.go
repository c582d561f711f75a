package store

import (
	"context"

	"docket/db"
	"docket/internal/ticket"
)

// queryIn lists the open tickets of one queue of the form.
func queryIn(ctx context.Context, queries *db.Queries, on db.DBTX, q ticket.Query) ([]db.Ticket, error) {
	if q.Newest {
		after := startNewestFirst(q.After, q.To)
		return queries.TicketOpenNewestIn(ctx, on, db.TicketOpenNewestInParams{
			Queue: q.Queue, FromMs: q.From.UnixMilli(), AfterMs: after.At.UnixMilli(), AfterID: after.ID, Snoozed: withSnoozed(q), Max: pageRows(q),
		})
	}
	after := startOldestFirst(q.After, q.From)
	return queries.TicketOpenOldestIn(ctx, on, db.TicketOpenOldestInParams{
		Queue: q.Queue, ToMs: q.To.UnixMilli(), AfterMs: after.At.UnixMilli(), AfterID: after.ID, Snoozed: withSnoozed(q), Max: pageRows(q),
	})
}

// queryPlace lists the open tickets of a tab, whatever their time.
func queryPlace(ctx context.Context, queries *db.Queries, on db.DBTX, q ticket.Query) ([]db.Ticket, error) {
	afterMs, after := int64(0), q.After
	if !after.IsZero() {
		afterMs = after.At.UnixMilli()
	}
	switch q.Place.Tab {
	case ticket.Mine:
		return queries.TicketMine(ctx, on, db.TicketMineParams{AccountID: q.Place.Agent, AfterMs: afterMs, AfterID: after.ID, Max: pageRows(q)})
	case ticket.Team:
		return queries.TicketOfTeams(ctx, on, db.TicketOfTeamsParams{
			Teams: q.Place.Teams, Queues: q.Place.Queues, AfterMs: afterMs, AfterID: after.ID, Max: pageRows(q),
		})
	default:
		return queries.TicketSnoozed(ctx, on, db.TicketSnoozedParams{AfterMs: afterMs, AfterID: after.ID, Max: pageRows(q)})
	}
}
