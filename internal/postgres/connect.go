// Package postgres connects to a database and classifies its errors.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/multitracer"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// sessionLimits are enforced by the server for every connection, whatever the client does. They are not sent as startup
// parameters, which poolers refuse.
const sessionLimits = "set_config('statement_timeout', '2s', false) || set_config('lock_timeout', '%dms', false) || " +
	"set_config('idle_in_transaction_session_timeout', '5s', false)"

const (
	lockTime  = 350 * time.Millisecond // how long a statement waits for a lock
	lockTrips = 4                      // and as many round trips: a transaction takes them while it holds its locks
)

const defaultMaxConns = 16 // of a pool, unless its URL has pool_max_conns

// Connect opens a pool on a database. It returns before a connection is made, and calls connected for each that is. A
// request that gets no connection of the pool in half a second fails with ticket.ErrOverloaded; some connections are
// reserved for urgent requests (see ticket.Urgent).
func Connect(ctx context.Context, url string, connected ...func()) (*Pool, error) {
	return openPool(ctx, url, connected, func(*pgxpool.Config) {})
}

// ConnectTraced is Connect; tracer is told of each statement.
func ConnectTraced(ctx context.Context, url string, tracer pgx.QueryTracer) (*Pool, error) {
	return openPool(ctx, url, nil, func(config *pgxpool.Config) {
		config.ConnConfig.Tracer = multitracer.New(config.ConnConfig.Tracer, tracer)
	})
}

// ParseConnection reads a URL for one connection: the settings of a pool in it, such as pool_max_conns, are left out, which a server would refuse.
func ParseConnection(url string) (*pgx.ConnConfig, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	return config.ConnConfig, nil
}

// openPool opens a pool; change has the last word on its configuration.
func openPool(ctx context.Context, url string, connected []func(), change func(*pgxpool.Config)) (*Pool, error) {
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
	config.ConnConfig.OnNotice = markIncomplete
	config.PingTimeout, config.ShouldPing = acquireTime, limits.shouldPing
	config.BeforeConnect = limits.limitConnect
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		for _, call := range connected {
			call()
		}
		return prepareConn(ctx, conn, limits)
	}
	change(config)
	conns, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open a pool: %w", err)
	}
	return &Pool{conns: conns, admission: limits}, nil
}

// limitConnect limits how long a new connection may take.
func (a *admission) limitConnect(_ context.Context, config *pgx.ConnConfig) error {
	config.ConnectTimeout = connectTime + a.meter.trips(connTrips)
	return nil
}

func prepareConn(ctx context.Context, conn *pgx.Conn, a *admission) error {
	registerUUID(conn.TypeMap())
	began := time.Now()
	state, err := setSessionLimits(ctx, conn, lockTime+a.meter.trips(lockTrips))
	if err != nil {
		return err
	}
	a.meter.add(time.Since(began))
	conn.PgConn().CustomData()[stateKey] = state
	if a.pooler.Store(state.pooler); state.pooler {
		return a.avoidStatements(ctx, conn)
	}
	return setConnectionCheck(ctx, conn)
}

// connState is what a server said when a connection was made.
type connState struct {
	pooler   bool // it is reached through a pooler
	standby  bool // it is a standby
	readOnly bool // it takes no writes on this connection
}

const stateKey = "state" // of the connState of a connection

func stateOf(conn *pgx.Conn) connState {
	state, _ := conn.PgConn().CustomData()[stateKey].(connState)
	return state
}

// setSessionLimits sets the limits, unless the connection ends at a pooler: that gives a session to another client after
// each transaction, so the limits have to be those of the role. It is a pooler if the process that answers the query is not
// the one that answered the connection.
func setSessionLimits(ctx context.Context, conn *pgx.Conn, forLock time.Duration) (state connState, err error) {
	query := fmt.Sprintf("SELECT CASE WHEN pg_backend_pid() = %d THEN %s END IS NULL, pg_is_in_recovery(), current_setting('transaction_read_only')::boolean",
		conn.PgConn().PID(), fmt.Sprintf(sessionLimits, forLock.Milliseconds()))
	err = conn.QueryRow(ctx, query, pgx.QueryExecModeSimpleProtocol).Scan(&state.pooler, &state.standby, &state.readOnly)
	return state, err
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
