package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// limits are what the server enforces for every connection of ours, whatever the client does.
var limits = map[string]string{
	"application_name":                    "docket",
	"statement_timeout":                   "2s",
	"lock_timeout":                        "1s",
	"idle_in_transaction_session_timeout": "5s",
	"client_connection_check_interval":    "2s",
}

// Connect opens a pool on a database. It returns before a connection is made.
func Connect(ctx context.Context, url string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database URL: %w", err)
	}
	config.ConnConfig.ConnectTimeout = 2 * time.Second
	for name, value := range limits {
		config.ConnConfig.RuntimeParams[name] = value
	}
	config.MaxConns = max(config.MaxConns, 16)
	return pgxpool.NewWithConfig(ctx, config)
}

// unreachable reports whether err says that the server could not be talked to, rather than that it answered no.
func unreachable(err error) bool {
	var connect *pgconn.ConnectError
	var network net.Error
	var answer *pgconn.PgError
	switch {
	case errors.As(err, &answer):
		return strings.HasPrefix(answer.Code, "08") || strings.HasPrefix(answer.Code, "57P") || answer.Code == "53300"
	case errors.As(err, &connect), errors.As(err, &network):
		return true
	default:
		return pgconn.SafeToRetry(err)
	}
}
