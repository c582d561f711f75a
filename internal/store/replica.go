package store

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// restTime is how long a replica that failed is left alone, so that its absence costs one request and not all.
const restTime = time.Second

// replicaTime is how long the replica may take before the primary is asked instead.
const replicaTime = 500 * time.Millisecond

// replica is a database that may be missing, behind, or down.
type replica struct {
	pool  *pgxpool.Pool
	rests atomic.Int64 // until when, in Unix nanoseconds
}

func (r *replica) usable(ctx context.Context) bool {
	return r.pool != nil && !ticket.IsFresh(ctx) && time.Now().UnixNano() > r.rests.Load()
}

// read asks the replica and, where it fails or knows no such row, the primary.
// A replica that lags must not pass for a missing row, unless there is no primary to say so.
func read[T any](ctx context.Context, s *Store, ask func(context.Context, db.DBTX) (T, error)) (answer T, err error) {
	missing := false
	if s.replica.usable(ctx) {
		soon, cancel := context.WithTimeout(ctx, replicaTime)
		answer, err = ask(soon, s.replica.pool)
		cancel()
		if err == nil || ctx.Err() != nil {
			return answer, err
		}
		if missing = postgres.IsNoRows(err); !missing {
			s.rest(err)
		}
	}
	answer, err = ask(ctx, s.primary)
	if missing && postgres.IsUnreachable(err) {
		return answer, pgx.ErrNoRows
	}
	return answer, err
}

func (s *Store) rest(err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	s.replica.rests.Store(time.Now().Add(restTime).UnixNano())
	s.log.Warn("the replica did not answer, so the primary does", "error", postgres.LogText(err))
}

// Written is how far the primary's log of writes has reached its disk, in bytes.
func (s *Store) Written(ctx context.Context) (int64, error) {
	at, err := s.q.PositionWritten(ticket.Urgent(ctx), s.primary)
	if err != nil {
		return 0, postgres.WrapError("see how far the primary is", err)
	}
	return at, nil
}

// Born is when the replica was started, in Unix microseconds.
func (s *Store) Born(ctx context.Context) (int64, error) {
	at, err := s.q.PositionBorn(ctx, s.replica.pool)
	if err != nil {
		return 0, postgres.WrapError("see when the replica was started", err)
	}
	return at, nil
}

// Replayed is how much of the primary's log of writes the replica shows, in bytes.
func (s *Store) Replayed(ctx context.Context) (int64, error) {
	at, err := s.q.PositionReplayed(ticket.Urgent(ctx), s.replica.pool)
	if err != nil {
		return 0, postgres.WrapError("see how far the replica is", err)
	}
	return at, nil
}
