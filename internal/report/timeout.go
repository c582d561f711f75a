package report

import (
	"context"
	"fmt"
	"time"

	"docket/internal/postgres"

	"github.com/jackc/pgx/v5"
)

// How long one statement may take.
const (
	pageTimeout    = 5 * time.Second
	commandTimeout = 5 * time.Minute
)

// withStatementTimeout reads in a transaction of its own. Its limits end with the transaction: behind a pooler the session
// is somebody else's next.
func withStatementTimeout(ctx context.Context, pool *postgres.Pool, timeout time.Duration, read func(tx pgx.Tx) error) error {
	return postgres.ReadTransaction(ctx, pool, func(tx pgx.Tx) error {
		limits := fmt.Sprintf("SET LOCAL statement_timeout = %d; SET LOCAL work_mem = '32MB'", timeout.Milliseconds())
		if _, err := tx.Exec(ctx, limits); err != nil {
			return err
		}
		return read(tx)
	})
}
