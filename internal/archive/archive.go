// Package archive moves closed tickets to the archive once the form does not keep them at hand any more, reads what it has of them, and
// deletes months of it. What is moved, and what never is, says the function archive_tickets of the database.
package archive

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/form"
	"docket/internal/postgres"
	"docket/internal/sleep"
	"docket/internal/ticket"
)

const (
	batchSize  = 200                    // tickets that one transaction looks at
	batchPause = 50 * time.Millisecond  // between two of a sweep, so that it delays nobody
	moveTime   = 10 * time.Second       // for one batch; the role of docket serve sets less
	firstSweep = 10 * time.Minute       // after the start
	sweepEvery = 6 * time.Hour          // from the end of one sweep to the next
	busyPause  = 250 * time.Millisecond // before another try while somebody else archives
)

// Archive is the archive on the primary.
type Archive struct {
	FirstSweep time.Duration // so long after its start Sweep moves something

	primary *postgres.Pool
	q       *db.Queries
	counts  Counts
	log     *slog.Logger
}

// Counts takes note of what is archived.
type Counts interface {
	CountArchived(tickets int64)
	CountNotArchived(tickets int64) // the move of each was refused
}

// New is the archive of the primary.
func New(primary *postgres.Pool, counts Counts, log *slog.Logger) *Archive {
	return &Archive{FirstSweep: firstSweep, primary: primary, q: db.New(), counts: counts, log: log}
}

// Result says what a run looked at and moved.
type Result struct {
	Seen    int64 // closed tickets of that age
	Moved   int64 // of these: the others are needed where they are, or refused
	Refused int64 // of these: they are due, but the database did not let them be moved
}

// Run moves what was closed before a time, or with dry only counts it. progress is called with the numbers so far. It returns when it has
// looked at every such ticket once.
func (a *Archive) Run(ctx context.Context, before time.Time, dry bool, progress func(Result)) (Result, error) {
	return a.run(ctx, before, dry, 0, progress)
}

func (a *Archive) run(ctx context.Context, before time.Time, dry bool, pause time.Duration, progress func(Result)) (total Result, err error) {
	next := db.ArchiveMoveParams{BeforeMs: before.UnixMilli(), Most: batchSize, Dry: dry}
	for {
		row, err := a.moveBatch(ctx, next)
		switch {
		case err != nil:
			return total, postgres.WrapError("archive tickets", err)
		case row.Busy:
			if err := sleep.For(ctx, busyPause); err != nil {
				return total, err
			}
			continue
		}
		if !dry {
			a.note(row)
		}
		total.Seen, total.Moved, total.Refused = total.Seen+row.Seen, total.Moved+row.Moved, total.Refused+row.Refused
		progress(total)
		if row.Seen < batchSize {
			return total, nil
		}
		next.AfterMs, next.AfterID = row.LastMs, row.LastID
		if err := sleep.For(ctx, pause); err != nil {
			return total, err
		}
	}
}

// note counts and logs what became of a batch.
func (a *Archive) note(row db.ArchiveMoveRow) {
	a.counts.CountArchived(row.Moved)
	a.counts.CountNotArchived(row.Refused)
	if row.Refused > 0 {
		a.log.Warn("tickets cannot be archived; the next sweep tries again", "tickets", row.Refused, "last", row.RefusedID, "error", "SQLSTATE "+row.RefusedState)
	}
}

// moveBatch moves one batch. A repetition after a broken connection moves nothing twice.
func (a *Archive) moveBatch(ctx context.Context, p db.ArchiveMoveParams) (db.ArchiveMoveRow, error) {
	ctx, cancel := context.WithTimeout(ctx, moveTime)
	defer cancel()
	return postgres.RetryIfOutcomeUnknown(ctx, func() (db.ArchiveMoveRow, error) { return a.q.ArchiveMove(ctx, a.primary, p) })
}

// Sweep moves what the form does not keep at hand from time to time until ctx ends; nothing when after is zero. Any number of instances may
// do so: they take turns.
func (a *Archive) Sweep(ctx context.Context, after form.Period) error {
	if after == (form.Period{}) {
		return nil
	}
	for wait := a.FirstSweep; sleep.For(ctx, wait) == nil; wait = sweepEvery {
		if err := a.sweep(ctx, after); err != nil && ctx.Err() == nil {
			a.log.Warn("not all tickets are archived that are due; the next sweep tries again", "error", err)
		}
	}
	return nil
}

func (a *Archive) sweep(ctx context.Context, after form.Period) error {
	now, err := a.primary.Now(ctx)
	if err != nil {
		return err
	}
	_, err = a.run(ctx, after.Before(now), false, batchPause, func(Result) {})
	return err
}

// History reads what the archive has of a ticket beside its columns. It returns ticket.ErrNotFound when the ticket is not there.
func (a *Archive) History(ctx context.Context, id uuid.UUID) (History, error) {
	return ReadHistory(ctx, a.q, a.primary, id)
}

// ReadHistory is Archive.History in any database.
func ReadHistory(ctx context.Context, q *db.Queries, conn db.DBTX, id uuid.UUID) (History, error) {
	text, err := q.ArchivedHistory(ctx, conn, id)
	if postgres.IsNoRows(err) {
		return History{}, ticket.ErrNotFound
	}
	if err != nil {
		return History{}, postgres.WrapError("read the history of an archived ticket", err)
	}
	return Parse(text)
}
