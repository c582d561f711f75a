package report

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// pageSize is how many tickets are in memory at once.
const pageSize = 1000

// pastTicket is a ticket with what was known when it was submitted.
type pastTicket struct {
	db.BacktestPageRow
	Others  ticket.StatusCounts // of the same user
	Windows map[string]float64  // the same, by the names of Windows
	Signals map[string][]byte   // JSON, by field

	Readings map[uuid.UUID][]byte // JSON, by file
}

// pastTickets reads the tickets of a range of time.
type pastTickets struct {
	From, To        time.Time                // when they were created, To excluded
	Windows         []ticket.Window          // what is wanted of earlier tickets
	Others, Signals bool                     // whether these are wanted: to find them costs more than the tickets do
	Begin           func(tickets int64)      // with how many there are
	Each            func(t pastTicket) error // its error ends the reading
}

// readAll goes through the tickets, oldest first, a page at a time.
func (p pastTickets) readAll(ctx context.Context, pool *postgres.Pool) error {
	q, counter := db.New(), earlierTickets{}
	var all int64
	err := withStatementTimeout(ctx, pool, commandTimeout, func(tx pgx.Tx) (err error) {
		all, err = q.BacktestCount(ctx, tx, db.BacktestCountParams{FromMs: p.From.UnixMilli(), ToMs: p.To.UnixMilli()})
		return err
	})
	if err != nil {
		return postgres.WrapError("count the tickets", err)
	}
	p.Begin(all)
	next := db.BacktestPageParams{ToMs: p.To.UnixMilli(), AfterMs: p.From.UnixMilli() - 1, AfterID: uuid.Max, Max: pageSize}
	for {
		var page []pastTicket
		err := withStatementTimeout(ctx, pool, commandTimeout, func(tx pgx.Tx) (err error) {
			page, err = p.readPage(ctx, q, tx, next, counter)
			return err
		})
		if err != nil {
			return postgres.WrapError("read a page of tickets", err)
		}
		for _, t := range page {
			if err := p.Each(t); err != nil {
				return err
			}
		}
		if len(page) < pageSize {
			return nil
		}
		last := page[len(page)-1]
		next.AfterMs, next.AfterID = last.CreatedAtMs, last.ID
	}
}

func (p pastTickets) readPage(ctx context.Context, q *db.Queries, on db.DBTX, next db.BacktestPageParams, counter earlierTickets) ([]pastTicket, error) {
	rows, err := q.BacktestPage(ctx, on, next)
	if err != nil {
		return nil, err
	}
	page := make([]pastTicket, len(rows))
	for i, row := range rows {
		page[i] = pastTicket{BacktestPageRow: row, Signals: map[string][]byte{}, Readings: map[uuid.UUID][]byte{}}
	}
	if p.Others {
		if err := counter.load(ctx, q, on, rows); err != nil {
			return nil, fmt.Errorf("count others: %w", err)
		}
		for i, row := range rows {
			page[i].Others = counter.countAndAdd(row)
		}
	}
	if len(p.Windows) > 0 {
		if err := addWindows(ctx, q, on, page, p.Windows); err != nil {
			return nil, fmt.Errorf("count earlier tickets: %w", err)
		}
	}
	if p.Signals {
		if err := addSignals(ctx, q, on, page); err != nil {
			return nil, fmt.Errorf("read signals: %w", err)
		}
	}
	return page, nil
}

// addWindows adds to tickets what there was of earlier tickets of their users.
func addWindows(ctx context.Context, q *db.Queries, on db.DBTX, page []pastTicket, windows []ticket.Window) error {
	p, places := db.BacktestHistoryParams{}, make(map[uuid.UUID]int, len(page))
	for _, w := range windows {
		p.Names, p.LengthsMs = append(p.Names, w.Name), append(p.LengthsMs, w.Length.Milliseconds())
		p.Statuses, p.Fields = append(p.Statuses, w.Status), append(p.Fields, w.Field)
	}
	for i, t := range page {
		p.Ids, places[t.ID] = append(p.Ids, t.ID), i
		page[i].Windows = map[string]float64{}
	}
	rows, err := q.BacktestHistory(ctx, on, p)
	for _, row := range rows {
		page[places[row.ID]].Windows[ticket.WindowKey(row.Name, row.Currency)] = row.Found
	}
	return err
}

// addSignals adds to tickets what was measured and read of their pictures.
func addSignals(ctx context.Context, q *db.Queries, on db.DBTX, page []pastTicket) error {
	ids, places := make([]uuid.UUID, len(page)), make(map[uuid.UUID]int, len(page))
	for i, t := range page {
		ids[i], places[t.ID] = t.ID, i
	}
	rows, err := q.BacktestSignals(ctx, on, ids)
	for _, row := range rows {
		page[places[row.TicketID]].Signals[row.Field] = row.Signals
		page[places[row.TicketID]].Readings[row.FileID] = row.Readings
	}
	return err
}
