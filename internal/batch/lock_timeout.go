package batch

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
)

const lockTimeout = "50ms" // of a batch: shorter than the server takes to find a deadlock of two batches

// lockTimeoutConn sends batches that wait for a lock only for a short time.
type lockTimeoutConn struct {
	*pgx.Conn
	unprepared bool // a batch failed before its first statement: another one could not be prepared
}

// withLockTimeout keeps one lock from delaying the whole batch and those behind it: each request of a batch that fails is
// then sent alone.
func withLockTimeout(conn *pgx.Conn) *lockTimeoutConn { return &lockTimeoutConn{Conn: conn} }

// SendBatch implements db.DBTX.
func (c *lockTimeoutConn) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	set := &pgx.QueuedQuery{SQL: "SELECT set_config('lock_timeout', $1, true)", Arguments: []any{lockTimeout}}
	b.QueuedQueries = slices.Insert(b.QueuedQueries, 0, set)
	results := c.Conn.SendBatch(ctx, b)
	_, err := results.Exec() // an error is returned again at the end of the batch
	c.unprepared = err != nil
	return results
}
