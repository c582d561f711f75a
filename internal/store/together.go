package store

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db"
)

const (
	writeRounds = 2      // of one kind of write at a time
	lockMost    = "50ms" // how long a round waits for a lock: less than two need to find out that each waits for the other
)

// batch is what sqlc makes of a statement that is sent many times at once. That is one transaction.
type batch interface {
	QueryRow(each func(i int, row db.Ticket, err error))
	Close() error
}

// tickets are the rows of a batch, nil where there was none. They are only told when all of them are committed.
func tickets(b batch) (rows []*db.Ticket, err error) {
	b.QueryRow(func(_ int, row db.Ticket, err error) {
		if err != nil {
			rows = append(rows, nil)
			return
		}
		rows = append(rows, &row)
	})
	return rows, b.Close()
}

// sole is the row of a batch of one.
func sole(rows []*db.Ticket, err error) (db.Ticket, error) {
	if err == nil && rows[0] == nil {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return db.Ticket{}, err
	}
	return *rows[0], nil
}

// hasty sends a batch that soon gives up waiting for a lock: who holds one keeps all of them waiting, and those who come
// after. Each then tries alone.
type hasty struct{ *pgxpool.Conn }

// SendBatch implements db.DBTX.
func (h hasty) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	soon := &pgx.QueuedQuery{SQL: "SELECT set_config('lock_timeout', $1, true)", Arguments: []any{lockMost}}
	b.QueuedQueries = slices.Insert(b.QueuedQueries, 0, soon)
	results := h.Conn.SendBatch(ctx, b)
	_, _ = results.Exec() // what is wrong is told again at the end
	return results
}
