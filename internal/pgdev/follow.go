package pgdev

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// errCannotFollow says that a replica cannot continue from what its primary has, and must be rebuilt.
var errCannotFollow = errors.New("the replica cannot follow")

// A replica counts as lost when it does not answer, or makes no progress, for so long.
const (
	noAnswerLimit   = time.Minute
	noProgressLimit = 5 * time.Second
)

func createDatabase(ctx context.Context, primary *pgx.Conn) error {
	var there bool
	err := primary.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", Database).Scan(&there)
	if err == nil && !there {
		_, err = primary.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{Database}.Sanitize())
	}
	return err
}

// waitUntilFollowing waits until a replica has replayed all that the primary has written so far, and streams.
func (n *node) waitUntilFollowing(ctx context.Context, primary *pgx.Conn) error {
	var written string
	if err := primary.QueryRow(ctx, "SELECT pg_current_wal_flush_lsn()::text").Scan(&written); err != nil {
		return err
	}
	moving, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	alarm := time.AfterFunc(noAnswerLimit, func() { giveUp(errCannotFollow) })
	defer alarm.Stop()
	err := n.waitUntilReplayed(moving, written, func() { alarm.Reset(noProgressLimit) })
	if err == nil || ctx.Err() != nil {
		return err
	}
	return fmt.Errorf("%w: %w", errCannotFollow, err)
}

// waitUntilReplayed polls the replica until it has replayed what was written, and calls progress whenever it gets further.
func (n *node) waitUntilReplayed(ctx context.Context, written string, progress func()) error {
	conn, err := n.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	progress()
	for last := ""; ; {
		replayed, done := "", false
		// "streaming" alone comes too early, and a replica that has replayed enough may not be connected to a primary yet.
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
		case <-time.After(pollInterval):
		}
	}
}
