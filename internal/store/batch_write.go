package store

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db"
)

const (
	writeBatches = 2      // of one kind of write at a time
	lockTimeout  = "50ms" // of a batch: shorter than the server takes to find a deadlock of two batches
)

// ticketBatch is what sqlc makes of a statement that is sent many times at once. That is one transaction.
type ticketBatch interface {
	QueryRow(each func(i int, row db.Ticket, err error))
	Close() error
}

// readTickets are the rows of a batch, nil where there was none. It returns when all of them are committed.
func readTickets(batch ticketBatch) (rows []*db.Ticket, err error) {
	batch.QueryRow(func(_ int, row db.Ticket, err error) {
		if err != nil {
			rows = append(rows, nil)
			return
		}
		rows = append(rows, &row)
	})
	return rows, batch.Close()
}

// firstTicket is the row of a batch of one. It returns pgx.ErrNoRows when there is none.
func firstTicket(rows []*db.Ticket, err error) (db.Ticket, error) {
	if err == nil && rows[0] == nil {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return db.Ticket{}, err
	}
	return *rows[0], nil
}

// lockTimeoutConn sends batches that wait for a lock only for a short time.
type lockTimeoutConn struct{ *pgxpool.Conn }

// withLockTimeout keeps one lock from delaying the whole batch and those behind it: each request of a batch that fails is
// then sent alone.
func withLockTimeout(conn *pgxpool.Conn) db.DBTX { return lockTimeoutConn{conn} }

// SendBatch implements db.DBTX.
func (c lockTimeoutConn) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	set := &pgx.QueuedQuery{SQL: "SELECT set_config('lock_timeout', $1, true)", Arguments: []any{lockTimeout}}
	b.QueuedQueries = slices.Insert(b.QueuedQueries, 0, set)
	results := c.Conn.SendBatch(ctx, b)
	_, _ = results.Exec() // an error is returned again at the end of the batch
	return results
}
