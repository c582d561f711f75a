// Package postgres connects to a database and classifies its errors.
package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// sessionLimits are enforced by the server for every connection, whatever the client does. They are not sent as startup
// parameters, which poolers refuse.
const sessionLimits = "set_config('statement_timeout', '2s', false) || set_config('lock_timeout', '1s', false) || " +
	"set_config('idle_in_transaction_session_timeout', '5s', false)"

const defaultMaxConns = 16 // of a pool, unless its URL has pool_max_conns

// Connect opens a pool on a database. It returns before a connection is made, and calls connected for each that is. A
// request that gets no connection of the pool in half a second fails with ticket.ErrOverloaded; some connections are
// reserved for urgent requests (see ticket.Urgent).
func Connect(ctx context.Context, url string, connected ...func()) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database URL: %w", err)
	}
	config.ConnConfig.ConnectTimeout = connectTime
	config.ConnConfig.RuntimeParams["application_name"] = "docket"
	if plain, err := pgx.ParseConfig(url); err == nil && plain.RuntimeParams["pool_max_conns"] == "" {
		config.MaxConns = defaultMaxConns
	}
	limits := newAdmission(config.MaxConns)
	config.ConnConfig.Tracer = limits
	config.ConnConfig.DialFunc = dialWatched(config.ConnConfig.DialFunc, &limits.silence)
	config.PingTimeout = acquireTime
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		for _, call := range connected {
			call()
		}
		return prepareConn(ctx, conn, limits)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open a pool: %w", err)
	}
	return pool, nil
}

func prepareConn(ctx context.Context, conn *pgx.Conn, a *admission) error {
	registerUUID(conn.TypeMap())
	pooler, err := setSessionLimits(ctx, conn)
	if err != nil {
		return err
	}
	if a.pooler.Store(pooler); pooler {
		return nil
	}
	return setConnectionCheck(ctx, conn)
}

// setSessionLimits sets the limits, unless the connection ends at a pooler: that gives a session to another client after
// each transaction, so the limits have to be those of the role. It is a pooler if the process that answers the query is not
// the one that answered the connection.
func setSessionLimits(ctx context.Context, conn *pgx.Conn) (pooler bool, err error) {
	query := fmt.Sprintf("SELECT CASE WHEN pg_backend_pid() = %d THEN %s END IS NULL", conn.PgConn().PID(), sessionLimits)
	err = conn.QueryRow(ctx, query, pgx.QueryExecModeSimpleProtocol).Scan(&pooler)
	return pooler, err
}

// UsesPooler reports whether the connections of a pool that Connect opened end at a pooler, such as PgBouncer: then another
// server may answer on an old connection.
func UsesPooler(pool *pgxpool.Pool) bool {
	a, ok := pool.Config().ConnConfig.Tracer.(*admission)
	return ok && a.pooler.Load()
}

// setConnectionCheck makes the server end a statement whose client has disconnected. Not every operating system of a server
// supports it.
func setConnectionCheck(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, "SET client_connection_check_interval = '2s'")
	if _, refused := errors.AsType[*pgconn.PgError](err); refused {
		return nil
	}
	return err
}
