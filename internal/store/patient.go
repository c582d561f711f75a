package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// commandTime is how long one question of a command may take: nobody waits for its page meanwhile.
const commandTime = 5 * time.Minute

// patiently reads in a transaction of its own, each statement of which may take so long. Its limits end with it: behind a
// pooler the session is somebody else's next.
func patiently(ctx context.Context, pool *pgxpool.Pool, most time.Duration, read func(tx pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		limits := fmt.Sprintf("SET LOCAL statement_timeout = %d; SET LOCAL work_mem = '32MB'", most.Milliseconds())
		if _, err := tx.Exec(ctx, limits); err != nil {
			return err
		}
		return read(tx)
	})
}
