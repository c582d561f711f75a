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
	errUndone = errors.New("nothing was committed")
	errBroken = fmt.Errorf("the connection ended in the middle of a commit: %w", io.ErrUnexpectedEOF)
)

// Transact does something in a transaction. Its error tells MaybeCommitted whether the commit was sent.
func Transact(ctx context.Context, pool *pgxpool.Pool, do func(tx pgx.Tx) error) error {
	sent := false
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		err := do(tx)
		sent = err == nil
		return err
	})
	switch {
	case err != nil && !sent:
		return undone{err}
	case pgconn.SafeToRetry(err): // pgx says so even when it has sent the commit, of the connection that it then finds closed
		return errBroken
	}
	return err
}

// undone is the error of a transaction that ended before its commit was sent: whatever it did is undone.
type undone struct{ error }

func (u undone) Unwrap() []error { return []error{errUndone, u.error} }
