package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/internal/ticket"
)

const (
	writablePause = 100 * time.Millisecond // between two connections that find out whether a server takes writes again
	standbyPause  = 250 * time.Millisecond // between two connections to a standby
)

var (
	errStandby  = fmt.Errorf("the server is a standby and takes no writes: %w", ticket.ErrUnavailable)
	errReadOnly = fmt.Errorf("the server takes no writes at present: %w", ticket.ErrUnavailable)
)

// ConnectPrimary is Connect for a server that is to be written to. A standby at its address counts as a primary that cannot
// be reached. Connections that cannot write are replaced: they may be older than the end of that, such as after a failover or
// where default_transaction_read_only was set for a while.
func ConnectPrimary(ctx context.Context, url string) (*Pool, error) {
	g := &primaryGuard{start: time.Now(), trying: make(chan struct{}, 1)}
	return openPool(ctx, url, nil, g.install)
}

// primaryGuard keeps the connections of a pool to a primary able to write.
type primaryGuard struct {
	start      time.Time
	refusedAt  atomic.Int64  // when the server last refused a write as read-only: nanoseconds after start; 0: never
	writableAt atomic.Int64  // when a connection could write that was made just then
	standbyAt  atomic.Int64  // when it last was a standby
	trying     chan struct{} // has a value while a connection is made to find out whether it can write; guards triedAt
	triedAt    time.Duration
}

func (g *primaryGuard) now() time.Duration { return time.Since(g.start) }

func (g *primaryGuard) install(config *pgxpool.Config) {
	limit := config.BeforeConnect
	config.BeforeConnect = func(ctx context.Context, conn *pgx.ConnConfig) error {
		if at := time.Duration(g.standbyAt.Load()); at != 0 && g.now()-at < standbyPause {
			return errStandby
		}
		return limit(ctx, conn)
	}
	prepare := config.AfterConnect
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		if err := prepare(ctx, conn); err != nil {
			return err
		}
		return g.admit(conn)
	}
	config.PrepareConn = func(ctx context.Context, conn *pgx.Conn) (bool, error) { return g.mayWrite(ctx, conn), nil }
	onError := config.ConnConfig.OnPgError
	config.ConnConfig.OnPgError = func(conn *pgconn.PgConn, err *pgconn.PgError) bool {
		if err.Code == readOnlyTransaction {
			g.refusedAt.Store(int64(g.now()))
		}
		return onError(conn, err)
	}
}

const connectedKey = "connected" // when a connection was made, after the guard's start

// admit refuses a new connection to a standby.
func (g *primaryGuard) admit(conn *pgx.Conn) error {
	if stateOf(conn).standby {
		g.standbyAt.Store(int64(g.now()))
		return errStandby
	}
	now := g.now()
	conn.PgConn().CustomData()[connectedKey] = now
	if !stateOf(conn).readOnly {
		g.writableAt.Store(int64(now))
	}
	return nil
}

// mayWrite is false for a connection that is to be given up, as a newer one can write: it was read-only when it was made, or was
// made before the server refused a write. One request after the other finds out whether a new one can; the others wait for it.
func (g *primaryGuard) mayWrite(ctx context.Context, conn *pgx.Conn) bool {
	connected, _ := conn.PgConn().CustomData()[connectedKey].(time.Duration)
	if !stateOf(conn).readOnly && int64(connected) >= g.refusedAt.Load() {
		return true
	}
	select {
	case g.trying <- struct{}{}:
		defer func() { <-g.trying }()
	case <-ctx.Done():
		return true // the wait for a connection ends with ctx, too
	}
	if int64(connected) >= g.writableAt.Load() && g.now()-g.triedAt > writablePause {
		g.tryWritable(ctx, conn.Config())
	}
	return int64(connected) >= g.writableAt.Load()
}

// tryWritable makes a connection of its own and notes whether it can write.
func (g *primaryGuard) tryWritable(ctx context.Context, config *pgx.ConnConfig) {
	g.triedAt = g.now()
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return // the next one finds out
	}
	defer conn.Close(ctx)
	readOnly := true
	err = conn.QueryRow(ctx, "SELECT current_setting('transaction_read_only')::boolean", pgx.QueryExecModeSimpleProtocol).Scan(&readOnly)
	if err == nil && !readOnly {
		g.writableAt.Store(int64(g.now()))
	}
}

// IsStandby reports whether a server follows another one.
func IsStandby(ctx context.Context, url string) (standby bool, err error) {
	config, err := ParseConnection(url)
	if err != nil {
		return false, err
	}
	config.ConnectTimeout = connectTime + connTrips*maxTrip/2
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return false, err
	}
	defer conn.Close(ctx)
	err = conn.QueryRow(ctx, "SELECT pg_is_in_recovery()", pgx.QueryExecModeSimpleProtocol).Scan(&standby)
	return standby, err
}

const (
	writableTime  = time.Second // how long a server may take to say whether it takes writes
	writableTrips = 3           // and as many round trips: to connect or ping, to prepare, to ask
)

// CheckWritable returns an error unless a server takes writes.
func CheckWritable(ctx context.Context, pool *Pool) error {
	ctx, cancel := context.WithTimeout(ctx, writableTime+Trips(pool, writableTrips))
	defer cancel()
	var readOnly bool
	err := pool.QueryRow(ctx, "SELECT current_setting('transaction_read_only')::boolean").Scan(&readOnly)
	if err == nil && readOnly {
		err = errReadOnly
	}
	return err
}

// isRefused reports whether nothing was sent, as the server of a pool is silent or a standby.
func isRefused(err error) bool { return errors.Is(err, errSilent) || errors.Is(err, errStandby) }
