package files

import (
	"context"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/sleep"
)

// Ages says how old is what CollectUnused deletes.
type Ages struct {
	Draft      time.Duration // a draft, since it was last changed; a file that another system sent and no ticket names
	Withdrawn  time.Duration // a ticket whose files are deleted, since it was withdrawn
	Unfinished time.Duration // an upload that is given up; a younger file may be on its way into a draft
}

// DefaultAges are those without a form that says otherwise.
var DefaultAges = Ages{Draft: 30 * 24 * time.Hour, Withdrawn: 12 * time.Hour, Unfinished: time.Hour}

const (
	sweepInterval = 10 * time.Minute
	sweepBatch    = 100 // files or tickets in one statement
)

// Sweep deletes what is not needed any more, from time to time until ctx ends. Any number of instances may do so.
func (f *Files) Sweep(ctx context.Context, ages Ages) error {
	for sleep.For(ctx, sweepInterval) == nil {
		if err := f.CollectUnused(ctx, ages); err != nil && ctx.Err() == nil {
			f.log.Warn("old files were not deleted; the next round tries again", "error", err)
		}
	}
	return nil
}

// CollectUnused does one round of Sweep: it deletes old drafts and counts, and the files that only withdrawn tickets name and no draft does.
func (f *Files) CollectUnused(ctx context.Context, ages Ages) error {
	if err := f.deleteOldDrafts(ctx, ages.Draft); err != nil {
		return err
	}
	if err := f.q.DailyCountDeleteOld(ctx, f.primary); err != nil {
		return postgres.WrapError("delete old counts", err)
	}
	if err := f.unassignWithdrawn(ctx, ages.Withdrawn); err != nil {
		return postgres.WrapError("take the files from withdrawn tickets", err)
	}
	for {
		marked, err := f.q.FileMarkUnused(ctx, postgres.Rewriting{Pool: f.primary}, db.FileMarkUnusedParams{
			UnfinishedMs: ages.Unfinished.Milliseconds(), UnnamedMs: ages.Draft.Milliseconds(), DraftMs: ages.Draft.Milliseconds(), Most: sweepBatch,
		})
		if err != nil {
			return postgres.WrapError("mark unused files", err)
		}
		if marked < sweepBatch {
			break
		}
	}
	return f.DeleteMarked(ctx, "", ages.Unfinished)
}

// deleteOldDrafts deletes drafts that were saved last longer ago than an age, but not of users on hold.
func (f *Files) deleteOldDrafts(ctx context.Context, age time.Duration) error {
	for {
		deleted, err := f.q.DraftDeleteOld(ctx, f.primary, db.DraftDeleteOldParams{AgeMs: age.Milliseconds(), Most: sweepBatch})
		if err != nil {
			return postgres.WrapError("delete old drafts", err)
		}
		if deleted < sweepBatch {
			return nil
		}
	}
}

// withdrawnPlace is how far unassignWithdrawn has come, in the order of withdrawal. Every instance begins anew.
type withdrawnPlace struct {
	ms int64
	id uuid.UUID
}

// unassignWithdrawn goes on where the last round ended: a ticket is withdrawn once.
func (f *Files) unassignWithdrawn(ctx context.Context, age time.Duration) error {
	place := f.withdrawn.Load()
	for {
		row, err := f.q.FileUnassignWithdrawn(ctx, f.primary, db.FileUnassignWithdrawnParams{
			AfterMs: place.ms, AfterID: place.id, AgeMs: age.Milliseconds(), Most: sweepBatch,
		})
		if err != nil {
			return err
		}
		place = &withdrawnPlace{row.LastMs, row.LastID}
		f.withdrawn.Store(place)
		if row.Tickets < sweepBatch {
			return nil
		}
	}
}
