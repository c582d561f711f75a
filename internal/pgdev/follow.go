package pgdev

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// errBehind says that a replica has what its primary no longer continues.
var errBehind = errors.New("the replica cannot follow")

// A replica is held to be lost when it does not answer for so long, or answers and makes no progress for so long.
const (
	silence    = time.Minute
	standstill = 5 * time.Second
)

func createDatabase(ctx context.Context, primary *pgx.Conn) error {
	var there bool
	err := primary.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", Database).Scan(&there)
	if err == nil && !there {
		_, err = primary.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{Database}.Sanitize())
	}
	return err
}

// follow waits until a replica has replayed all that the primary has written so far, and streams.
func (n *node) follow(ctx context.Context, primary *pgx.Conn) error {
	var written string
	if err := primary.QueryRow(ctx, "SELECT pg_current_wal_flush_lsn()::text").Scan(&written); err != nil {
		return err
	}
	moving, lost := context.WithCancelCause(ctx)
	defer lost(nil)
	alarm := time.AfterFunc(silence, func() { lost(errBehind) })
	defer alarm.Stop()
	err := n.catchUp(moving, written, func() { alarm.Reset(standstill) })
	if err == nil || ctx.Err() != nil {
		return err
	}
	return fmt.Errorf("%w: %w", errBehind, err)
}

// catchUp asks the replica how far it is, and calls progress whenever that is further.
func (n *node) catchUp(ctx context.Context, written string, progress func()) error {
	conn, err := n.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	progress()
	for last := ""; ; {
		replayed, done := "", false
		// Streaming alone is said too early, and a replica that has replayed enough may still have nobody to follow.
		err := conn.QueryRow(ctx, `
			SELECT coalesce(pg_last_wal_replay_lsn()::text, ''),
			       coalesce(pg_last_wal_replay_lsn() >= $1::text::pg_lsn, false)
			       AND EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')`, written).Scan(&replayed, &done)
		if err != nil || done {
			return err
		}
		if replayed != last {
			progress()
			last = replayed
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(glance):
		}
	}
}
