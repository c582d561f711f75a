package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"docket/internal/ticket"
)

var errNotReplicated = fmt.Errorf("the commit did not wait for a standby: %w", ticket.ErrUnavailable)

const (
	warning          = "01000"             // SQLSTATE
	standbyWait      = "SyncRepWaitForLSN" // the part of PostgreSQL that waits for a standby
	notReplicatedKey = "not replicated"    // marks a connection whose last commit did not wait to the end
)

// RunWrite calls do with a connection, and again with another one if nothing was done on the first. It also fails if the server
// was told to end a commit's wait for a synchronous standby: the server calls such a commit successful and warns. As for any
// write whose outcome is unknown, a repetition of the write finds out.
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
	delete(marks, notReplicatedKey)
	if err := do(conn.Conn()); err != nil {
		return err
	}
	if marks[notReplicatedKey] != nil {
		return errNotReplicated
	}
	return nil
}

// markNotReplicated marks a connection on which the server warns that a commit did not wait for a standby. The warning has
// the SQLSTATE of most others, and a text in the server's language; a pooler may leave out who warns.
func markNotReplicated(conn *pgconn.PgConn, notice *pgconn.Notice) {
	if notice.Code == warning && (notice.Routine == standbyWait || notice.Routine == "") {
		conn.CustomData()[notReplicatedKey] = true
	}
}
