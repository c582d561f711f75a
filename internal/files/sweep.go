package files

import (
	"context"
	"errors"
	"time"

	"docket/db"
	"docket/internal/postgres"
)

const (
	draftAge   = 30 * 24 * time.Hour // how long a draft is kept, and a file that no ticket names
	unfinished = time.Hour           // after which bytes that have not come will not
	sweepEvery = 10 * time.Minute
	sweepMost  = 100 // files at once
)

// Sweep removes what nobody will ask for again, now and then, until ctx ends: old drafts, and files that no ticket names.
// Any number of instances may do so.
func (f *Files) Sweep(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(sweepEvery):
			if err := f.Collect(ctx); err != nil && ctx.Err() == nil {
				f.log.Warn("old files were not collected; the next round does it", "error", err)
			}
		}
	}
}

// Collect does one round of Sweep. A file is marked first, then its bytes go, then its row: whatever is cut off in
// between is done by the next round.
func (f *Files) Collect(ctx context.Context) error {
	if err := f.q.DraftDeleteOld(ctx, f.primary, draftAge.Milliseconds()); err != nil {
		return postgres.WrapError("forget old drafts", err)
	}
	if f.blobs == nil { // another instance may know where the bytes are
		return nil
	}
	for {
		old, err := f.q.FileGiveUp(ctx, f.primary, db.FileGiveUpParams{
			UnfinishedMs: unfinished.Milliseconds(), LooseMs: draftAge.Milliseconds(), Most: sweepMost,
		})
		if err != nil {
			return postgres.WrapError("find old files", err)
		}
		var failed error // of one, which must not keep those behind it from being removed
		for _, file := range old {
			failed = errors.Join(failed, f.remove(ctx, file))
		}
		if failed != nil || len(old) < sweepMost {
			return failed
		}
	}
}

func (f *Files) remove(ctx context.Context, file db.FileGiveUpRow) error {
	if err := f.blobs.Delete(ctx, file.Blob); err != nil {
		return f.storage("remove", err)
	}
	if err := f.q.FileForget(ctx, f.primary, file.ID); err != nil {
		return postgres.WrapError("forget a file", err)
	}
	return nil
}
