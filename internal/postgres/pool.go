package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Pool is a pool of connections to one database. Each of its statements, and what RunWrite and Transact call, is sent again on
// another connection if it is known that nothing was done.
type Pool struct {
	conns     *pgxpool.Pool
	admission *admission

	distribution distribution
}

var errBatch = errors.New("a batch is sent on a connection of RunWrite or in a transaction")

const maxAttempts = 3 // connections that ended with the server, or cannot write any more, wait in the pool

// repeatUndone calls do again while it fails with nothing done.
func repeatUndone(ctx context.Context, do func() error) (err error) {
	for range maxAttempts {
		if err = do(); err == nil || !isUndone(err) || ctx.Err() != nil {
			break
		}
	}
	return err
}

// isUndone reports whether err says that nothing was done on one connection, and may be on another: the connection cannot write,
// had ended before anything was sent, or ended before the commit of a transaction was sent.
func isUndone(err error) bool {
	if sqlState(err) == readOnlyTransaction {
		return true
	}
	return OutcomeUnknown(err) && !MaybeCommitted(err)
}

// Exec implements db.DBTX.
func (p *Pool) Exec(ctx context.Context, sql string, args ...any) (tag pgconn.CommandTag, err error) {
	err = repeatUndone(ctx, func() error {
		tag, err = p.conns.Exec(ctx, sql, args...)
		return err
	})
	return tag, err
}

// Query implements db.DBTX.
func (p *Pool) Query(ctx context.Context, sql string, args ...any) (rows pgx.Rows, err error) {
	err = repeatUndone(ctx, func() error {
		if rows, err = p.conns.Query(ctx, sql, args...); err != nil {
			return err
		}
		first := rows.Next()
		rows, err = &startedRows{Rows: rows, first: first}, rows.Err()
		return err
	})
	return rows, err
}

// startedRows are rows of which the first was asked for.
type startedRows struct {
	pgx.Rows
	first bool // it is there, and Next was not called yet
}

// Next implements pgx.Rows.
func (r *startedRows) Next() bool {
	if r.first {
		r.first = false
		return true
	}
	return r.Rows.Next()
}

// QueryRow implements db.DBTX. The row is asked for when it is scanned.
func (p *Pool) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return scanFunc(func(dest ...any) error {
		return repeatUndone(ctx, func() error { return p.conns.QueryRow(ctx, sql, args...).Scan(dest...) })
	})
}

type scanFunc func(dest ...any) error

// Scan implements pgx.Row.
func (scan scanFunc) Scan(dest ...any) error { return scan(dest...) }

// SendBatch implements db.DBTX. It sends nothing: what of a batch was done is not known from its first result.
func (p *Pool) SendBatch(context.Context, *pgx.Batch) pgx.BatchResults { return unsentBatch{} }

// unsentBatch has an error for each result.
type unsentBatch struct{}

func (unsentBatch) Exec() (pgconn.CommandTag, error) { return pgconn.CommandTag{}, errBatch }
func (unsentBatch) Query() (pgx.Rows, error)         { return nil, errBatch }
func (unsentBatch) QueryRow() pgx.Row                { return unsentBatch{} }
func (unsentBatch) Scan(...any) error                { return errBatch }
func (unsentBatch) Close() error                     { return errBatch }
func (unsentBatch) Tx() pgx.Tx                       { return nil }

// Begin begins a transaction that is not repeated; Transact repeats what is known not to have been done.
func (p *Pool) Begin(ctx context.Context) (pgx.Tx, error) { return p.conns.Begin(ctx) }

// Config is a copy of the configuration.
func (p *Pool) Config() *pgxpool.Config { return p.conns.Config() }

// Ping reports whether the server answers.
func (p *Pool) Ping(ctx context.Context) error { return p.conns.Ping(ctx) }

// Reset gives up all connections, those in use when they are released.
func (p *Pool) Reset() { p.conns.Reset() }

// Stat counts connections.
func (p *Pool) Stat() *pgxpool.Stat { return p.conns.Stat() }

// Close closes all connections, and waits for those in use.
func (p *Pool) Close() { p.conns.Close() }

// Acquire takes a connection out of the pool until it is released.
func (p *Pool) Acquire(ctx context.Context) (*pgxpool.Conn, error) { return p.conns.Acquire(ctx) }
