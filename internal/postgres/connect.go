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

// limits are what the server enforces for every connection of ours, whatever the client does.
var limits = map[string]string{
	"application_name":                    "docket",
	"statement_timeout":                   "2s",
	"lock_timeout":                        "1s",
	"idle_in_transaction_session_timeout": "5s",
}

// Connect opens a pool on a database. It returns before a connection is made; made is called for each. Whoever asks
// the pool for a connection and gets none in half a second is told ticket.ErrOverloaded; urgent work (see
// ticket.Urgent) has some to itself.
func Connect(ctx context.Context, url string, made ...func()) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database URL: %w", err)
	}
	config.ConnConfig.ConnectTimeout = connectTime
	for name, value := range limits {
		config.ConnConfig.RuntimeParams[name] = value
	}
	config.MaxConns = max(config.MaxConns, 16)
	config.ConnConfig.Tracer = newDoor(config.MaxConns)
	config.PingTimeout = acquireTime
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		for _, tell := range made {
			tell()
		}
		return noticeLeaving(ctx, conn)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open a pool: %w", err)
	}
	return pool, nil
}

// noticeLeaving makes the server end a statement whose client has gone. Not every system that a server runs on can tell.
func noticeLeaving(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, "SET client_connection_check_interval = '2s'")
	if _, refused := errors.AsType[*pgconn.PgError](err); refused {
		return nil
	}
	return err
}
