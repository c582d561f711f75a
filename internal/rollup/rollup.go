// Package rollup counts what happens to tickets by half an hour and by day, so that numbers of any range cost the same however many
// tickets there are. The counts are written from the events of tickets, and again when these change: nothing is added to a
// count, so that to count twice changes nothing.
package rollup

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"docket/db"
	"docket/internal/postgres"
)

const (
	slotTime      = 30 * time.Minute // of what is counted at once; the function rollup_count has it, too
	dayTime       = 24 * time.Hour
	sweepInterval = time.Minute
	sweepTime     = 15 * time.Second // how long a sweep may take: what was before the first one takes several
)

// Rollups counts what happens.
type Rollups struct {
	primary  *postgres.Pool
	pools    func() []*postgres.Pool
	q        *db.Queries
	log      *slog.Logger
	settle   time.Duration // after this a slot is final, except for events that are added late
	patience time.Duration // how long Count goes on
	usual    usualWait
}

// settleTime is longer than the time after which the database notes that an event comes late, by as much as the clocks of two
// primaries may differ.
const settleTime = 2 * time.Hour

// New counts on the primary, and reads the counts from the first of pools that answers.
func New(primary *postgres.Pool, pools func() []*postgres.Pool) *Rollups {
	return &Rollups{primary: primary, pools: pools, q: db.New(), log: slog.New(slog.DiscardHandler), settle: settleTime, patience: sweepTime}
}

// WithLog has r say what it does not count.
func (r *Rollups) WithLog(log *slog.Logger) *Rollups {
	r.log = log
	return r
}

// Sweep counts again and again until ctx ends. Any number of instances may do so: they take turns.
func (r *Rollups) Sweep(ctx context.Context, log *slog.Logger) error {
	for failed := false; ; {
		err := r.Count(ctx)
		if err != nil && ctx.Err() == nil && !failed {
			log.Warn("the numbers are not up to date; the next sweep tries again", "error", err)
		}
		failed = err != nil
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(sweepInterval):
		}
	}
}

// usualWait remembers for a while how long tickets wait.
type usualWait struct {
	mu     sync.Mutex // guards what follows
	wait   time.Duration
	readAt time.Time
}
