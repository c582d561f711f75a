package store

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// restTime is how long a replica that failed is left alone, so that its absence costs one request and not all.
const restTime = time.Second

// replicaTime is how long the replica may take before the primary is asked instead.
const replicaTime = time.Second

// replica is a database that may be missing, behind, or down.
type replica struct {
	pool  *pgxpool.Pool
	rests atomic.Int64 // until when, in Unix nanoseconds
}

func (r *replica) usable(ctx context.Context) bool {
	return r.pool != nil && !ticket.IsFresh(ctx) && time.Now().UnixNano() > r.rests.Load()
}

// read asks the replica and, where it fails or knows no such row, the primary.
// A replica that lags must not pass for a missing row.
func read[T any](ctx context.Context, s *Store, ask func(context.Context, db.DBTX) (T, error)) (T, error) {
	if s.replica.usable(ctx) {
		soon, cancel := context.WithTimeout(ctx, replicaTime)
		answer, err := ask(soon, s.replica.pool)
		cancel()
		if err == nil || ctx.Err() != nil {
			return answer, err
		}
		if !postgres.None(err) {
			s.rest(err)
		}
	}
	return ask(ctx, s.primary)
}

func (s *Store) rest(err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	s.replica.rests.Store(time.Now().Add(restTime).UnixNano())
	s.log.Warn("the replica did not answer, so the primary does", "error", postgres.Reason(err))
}
