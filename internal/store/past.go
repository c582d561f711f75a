package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
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
	all, err := q.PastCount(ctx, pool, db.PastCountParams{FromMs: from.UnixMilli(), ToMs: to.UnixMilli()})
	if err != nil {
		return postgres.Fault("count the tickets", err)
	}
	begun(all)
	next := db.PastPageParams{ToMs: to.UnixMilli(), AfterMs: from.UnixMilli() - 1, AfterID: uuid.Max, Max: pastPage}
	for {
		rows, err := q.PastPage(ctx, pool, next)
		if err != nil {
			return postgres.Fault("read a page of tickets", err)
		}
		page, err := past(ctx, q, pool, rows)
		if err != nil {
			return postgres.Fault("read what was known of tickets", err)
		}
		for _, p := range page {
			if err := each(p); err != nil {
				return err
			}
		}
		if len(rows) < pastPage {
			return nil
		}
		last := rows[len(rows)-1]
		next.AfterMs, next.AfterID = last.CreatedAtMs, last.ID
	}
}

// past adds to a page of tickets what their users' others were, and what was measured of their pictures.
func past(ctx context.Context, q *db.Queries, on db.DBTX, rows []db.Ticket) ([]Past, error) {
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
