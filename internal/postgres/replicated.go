package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"docket/internal/ticket"
)

var errIncomplete = fmt.Errorf("the commit is not on every server that it has to be on: %w", ticket.ErrUnavailable)

const (
	warning       = "01000"                         // SQLSTATE
	standbyWait   = "SyncRepWaitForLSN"             // the part of PostgreSQL that waits for a standby
	workerCommit  = "FinishRemoteTransactionCommit" // the part of Citus that commits on a worker
	incompleteKey = "incomplete"                    // marks a connection with a commit that did not wait to the end, or failed on a worker
)

// RunWrite calls do with a connection, and again with another one if nothing was done on the first. It also fails if the server
// was told to end a commit's wait for a synchronous standby, or if a worker of a Citus cluster did not answer a commit, which it does later: the server
// calls such a commit successful and warns. As for any write whose outcome is unknown, a repetition of the write finds out.
func RunWrite(ctx context.Context, pool *Pool, do func(conn *pgx.Conn) error) error {
	return repeatUndone(ctx, func() error { return runWrite(ctx, pool, do) })
}

func runWrite(ctx context.Context, pool *Pool, do func(conn *pgx.Conn) error) error {
	conn, err := pool.conns.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	marks := conn.Conn().PgConn().CustomData()
	delete(marks, incompleteKey)
	err = do(conn.Conn())
	if marks[incompleteKey] != nil { // before an error, which Citus returns where no worker has committed
		return errIncomplete
	}
	return err
}

// markIncomplete marks a connection on which the server warns of a commit. The warning has the SQLSTATE of most others, and a text in the server's
// language; a pooler may leave out who warns.
func markIncomplete(conn *pgconn.PgConn, notice *pgconn.Notice) {
	if notice.Code == warning && (notice.Routine == standbyWait || notice.Routine == workerCommit || notice.Routine == "") {
		conn.CustomData()[incompleteKey] = true
	}
}
