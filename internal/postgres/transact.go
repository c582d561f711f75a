package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

var (
	errNotCommitted = errors.New("nothing was committed")
	errCommitBroken = fmt.Errorf("the connection ended during the commit: %w", io.ErrUnexpectedEOF)
)

// Transact calls do in a transaction. MaybeCommitted knows of its error whether the commit was sent.
func Transact(ctx context.Context, pool *pgxpool.Pool, do func(tx pgx.Tx) error) error {
	sent := false
	err := RunWrite(ctx, pool, func(conn *pgxpool.Conn) error {
		return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			err := do(tx)
			sent = err == nil
			return err
		})
	})
	switch {
	case err != nil && !sent:
		return rolledBack{err}
	case pgconn.SafeToRetry(err): // pgx says so even when it has sent the commit, and then finds the connection closed
		return errCommitBroken
	}
	return err
}

// rolledBack is the error of a transaction that ended before its commit was sent.
type rolledBack struct{ error }

func (r rolledBack) Unwrap() []error { return []error{errNotCommitted, r.error} }
