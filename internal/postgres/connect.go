// Package postgres is what every user of a database of ours shares: how to connect, and how to speak of its faults.
package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// limits are what the server enforces for every connection of ours, whatever the client does.
var limits = map[string]string{
	"application_name":                    "docket",
	"statement_timeout":                   "2s",
	"lock_timeout":                        "1s",
	"idle_in_transaction_session_timeout": "5s",
}

// Connect opens a pool on a database. It returns before a connection is made; made is called for each.
func Connect(ctx context.Context, url string, made ...func()) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database URL: %w", err)
	}
	config.ConnConfig.ConnectTimeout = 2 * time.Second
	for name, value := range limits {
		config.ConnConfig.RuntimeParams[name] = value
	}
	config.MaxConns = max(config.MaxConns, 16)
	config.AfterConnect = func(context.Context, *pgx.Conn) error {
		for _, tell := range made {
			tell()
		}
		return nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open a pool: %w", err)
	}
	return pool, nil
}
