// Package postgres is what every user of a database of ours shares: how to connect, and how to speak of its faults.
package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// limits are what the server enforces for every connection of ours, whatever the client does. They are not sent with the
// greeting, as poolers refuse that.
const limits = "set_config('statement_timeout', '2s', false) || set_config('lock_timeout', '1s', false) || " +
	"set_config('idle_in_transaction_session_timeout', '5s', false)"

const connections = 16 // of a pool at most, unless the address has its pool_max_conns

// Connect opens a pool on a database. It returns before a connection is made; made is called for each. Whoever asks
// the pool for a connection and gets none in half a second is told ticket.ErrOverloaded; urgent work (see
// ticket.Urgent) has some to itself.
func Connect(ctx context.Context, url string, made ...func()) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database URL: %w", err)
	}
	config.ConnConfig.ConnectTimeout = connectTime
	config.ConnConfig.RuntimeParams["application_name"] = "docket"
	if plain, err := pgx.ParseConfig(url); err == nil && plain.RuntimeParams["pool_max_conns"] == "" {
		config.MaxConns = connections
	}
	entrance := newDoor(config.MaxConns)
	config.ConnConfig.Tracer = entrance
	config.PingTimeout = acquireTime
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		for _, tell := range made {
			tell()
		}
		know(conn.TypeMap())
		pooled, err := limit(ctx, conn)
		if err != nil {
			return err
		}
		if entrance.pooled.Store(pooled); pooled {
			return nil
		}
		return noticeLeaving(ctx, conn)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open a pool: %w", err)
	}
	return pool, nil
}

// limit sets the limits, unless the connection ends at a pooler: that gives a session to somebody else after each
// transaction, so the limits have to be those of the role. It is one if the process that answers is not the one that greeted.
func limit(ctx context.Context, conn *pgx.Conn) (pooled bool, err error) {
	question := fmt.Sprintf("SELECT CASE WHEN pg_backend_pid() = %d THEN %s END IS NULL", conn.PgConn().PID(), limits)
	err = conn.QueryRow(ctx, question, pgx.QueryExecModeSimpleProtocol).Scan(&pooled)
	return pooled, err
}

// UsesPooler reports whether a pool that Connect opened was seen to end at a pooler, such as PgBouncer: then a new server
// may stand behind an old connection.
func UsesPooler(pool *pgxpool.Pool) bool {
	d, ok := pool.Config().ConnConfig.Tracer.(*door)
	return ok && d.pooled.Load()
}

// noticeLeaving makes the server end a statement whose client has gone. Not every system that a server runs on can tell.
func noticeLeaving(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, "SET client_connection_check_interval = '2s'")
	if _, refused := errors.AsType[*pgconn.PgError](err); refused {
		return nil
	}
	return err
}
