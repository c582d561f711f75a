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
	Others  ticket.StatusCounts
	Signals map[string][]byte // JSON, by field; of pictures that no later ticket names
}

// Retrospect goes through tickets from before.
type Retrospect struct {
	From, To        time.Time // when they were created, To excluded
	Others, Signals bool      // whether these are wanted: to find them costs more than the tickets do
	Begun           func(tickets int64)
	Each            func(Past) error // its error ends it
}

// Review goes through the tickets of a time, oldest first, a page at a time.
func Review(ctx context.Context, pool *pgxpool.Pool, r Retrospect) error {
	q, known := db.New(), others{}
	var all int64
	err := patiently(ctx, pool, commandTime, func(tx pgx.Tx) (err error) {
		all, err = q.PastCount(ctx, tx, db.PastCountParams{FromMs: r.From.UnixMilli(), ToMs: r.To.UnixMilli()})
		return err
	})
	if err != nil {
		return postgres.WrapError("count the tickets", err)
	}
	r.Begun(all)
	next := db.PastPageParams{ToMs: r.To.UnixMilli(), AfterMs: r.From.UnixMilli() - 1, AfterID: uuid.Max, Max: pastPage}
	for {
		var page []Past
		err := patiently(ctx, pool, commandTime, func(tx pgx.Tx) (err error) {
			page, err = r.page(ctx, q, tx, next, known)
			return err
		})
		if err != nil {
			return postgres.WrapError("read a page of tickets", err)
		}
		for _, p := range page {
			if err := r.Each(p); err != nil {
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

// page is a page of tickets with what their users' others were, and what was measured of their pictures.
func (r Retrospect) page(ctx context.Context, q *db.Queries, on db.DBTX, next db.PastPageParams, known others) ([]Past, error) {
	rows, err := q.PastPage(ctx, on, next)
	if err != nil {
		return nil, err
	}
	if r.Others {
		if err := known.learn(ctx, q, on, rows); err != nil {
			return nil, fmt.Errorf("count others: %w", err)
		}
	}
	page, ids, place := make([]Past, len(rows)), make([]uuid.UUID, len(rows)), make(map[uuid.UUID]int, len(rows))
	for i, row := range rows {
		page[i] = Past{Ticket: fromRow(row), Signals: map[string][]byte{}}
		if r.Others {
			page[i].Others = known.of(row)
		}
		ids[i], place[row.ID] = row.ID, i
	}
	if !r.Signals {
		return page, nil
	}
	signals, err := q.PastSignals(ctx, on, ids)
	if err != nil {
		return nil, fmt.Errorf("read signals: %w", err)
	}
	for _, s := range signals {
		page[place[*s.TicketID]].Signals[s.Field] = s.Signals
	}
	return page, nil
}
