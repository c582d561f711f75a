package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

var errNotCommitted = errors.New("nothing was committed")

// Transact calls do in a transaction, and again in another one if the first connection ended, or could not write, before the
// commit was sent. MaybeCommitted knows of its error whether the commit was sent.
func Transact(ctx context.Context, pool *Pool, do func(tx pgx.Tx) error) error {
	return RunWrite(ctx, pool, func(conn *pgx.Conn) error { return TransactOn(ctx, conn, do) })
}

// Beginner is a connection, or a transaction that begins a part of itself.
type Beginner interface {
	Begin(ctx context.Context) (pgx.Tx, error)
}

// TransactOn calls do in a transaction on what the caller has, once. MaybeCommitted knows of its error, too.
func TransactOn(ctx context.Context, on Beginner, do func(tx pgx.Tx) error) error {
	sent := false
	err := pgx.BeginFunc(ctx, on, func(tx pgx.Tx) error {
		err := do(tx)
		sent = err == nil
		return err
	})
	if err != nil && !sent {
		return rolledBack{err}
	}
	return err
}

// ReadTransaction calls read in a transaction that cannot write, and that sees everything as it was at one time.
func ReadTransaction(ctx context.Context, pool *Pool, read func(tx pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, pool.conns, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, read)
}

// rolledBack is the error of a transaction that ended before its commit was sent.
type rolledBack struct{ error }

func (r rolledBack) Unwrap() []error { return []error{errNotCommitted, r.error} }
