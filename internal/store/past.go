package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// pastPage is how many tickets are in memory at once.
const pastPage = 1000

// Past is a ticket as it was when it was sent in, and what its user's others were by then.
type Past struct {
	Ticket  ticket.Ticket
	Others  ticket.Tally
	Signals map[string][]byte // JSON, by field; of pictures that no later ticket names
}

// Review goes through the tickets that were created in [from, to), oldest first, a page at a time. begun is told how many
// there are, and each of each; its error ends it.
func Review(ctx context.Context, pool *pgxpool.Pool, from, to time.Time, begun func(tickets int64), each func(Past) error) error {
	q := db.New()
	var all int64
	err := patiently(ctx, pool, commandTime, func(tx pgx.Tx) (err error) {
		all, err = q.PastCount(ctx, tx, db.PastCountParams{FromMs: from.UnixMilli(), ToMs: to.UnixMilli()})
		return err
	})
	if err != nil {
		return postgres.Fault("count the tickets", err)
	}
	begun(all)
	next := db.PastPageParams{ToMs: to.UnixMilli(), AfterMs: from.UnixMilli() - 1, AfterID: uuid.Max, Max: pastPage}
	for {
		var page []Past
		err := patiently(ctx, pool, commandTime, func(tx pgx.Tx) (err error) {
			page, err = past(ctx, q, tx, next)
			return err
		})
		if err != nil {
			return postgres.Fault("read a page of tickets", err)
		}
		for _, p := range page {
			if err := each(p); err != nil {
				return err
			}
		}
		if len(page) < pastPage {
			return nil
		}
		last := page[len(page)-1].Ticket
		next.AfterMs, next.AfterID = last.CreatedAt.UnixMilli(), last.ID
	}
}

// past is a page of tickets with what their users' others were, and what was measured of their pictures.
func past(ctx context.Context, q *db.Queries, on db.DBTX, next db.PastPageParams) ([]Past, error) {
	rows, err := q.PastPage(ctx, on, next)
	if err != nil {
		return nil, err
	}
	page, ids, place := make([]Past, len(rows)), make([]uuid.UUID, len(rows)), make(map[uuid.UUID]int, len(rows))
	for i, row := range rows {
		page[i] = Past{Ticket: fromRow(row), Others: ticket.Tally{}, Signals: map[string][]byte{}}
		ids[i], place[row.ID] = row.ID, i
	}
	tallies, err := q.PastTallies(ctx, on, ids)
	if err != nil {
		return nil, fmt.Errorf("count others: %w", err)
	}
	for _, r := range tallies {
		page[place[r.ID]].Others[ticket.Status(r.Status)] = int(r.Tickets)
	}
	signals, err := q.PastSignals(ctx, on, ids)
	if err != nil {
		return nil, fmt.Errorf("read signals: %w", err)
	}
	for _, r := range signals {
		page[place[*r.TicketID]].Signals[r.Field] = r.Signals
	}
	return page, nil
}
