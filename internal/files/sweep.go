package files

import (
	"context"
	"errors"
	"time"

	"docket/db"
	"docket/internal/postgres"
)

const (
	draftAge      = 30 * 24 * time.Hour // after which a draft is deleted, and a file that no ticket names
	unfinishedAge = time.Hour           // after which an upload is given up
	sweepInterval = 10 * time.Minute
	sweepBatch    = 100 // files in one statement
)

// Sweep deletes old drafts, and old files that no ticket names, from time to time until ctx ends. Any number of instances
// may do so.
func (f *Files) Sweep(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(sweepInterval):
			if err := f.CollectUnused(ctx); err != nil && ctx.Err() == nil {
				f.log.Warn("old files were not deleted; the next round tries again", "error", err)
			}
		}
	}
}

// CollectUnused does one round of Sweep. It marks a file, then deletes its bytes, then its row: the next round continues
// what was interrupted.
func (f *Files) CollectUnused(ctx context.Context) error {
	if err := f.q.DraftDeleteOld(ctx, f.primary, draftAge.Milliseconds()); err != nil {
		return postgres.WrapError("delete old drafts", err)
	}
	if f.blobs == nil { // another instance may have the storage
		return nil
	}
	for {
		old, err := f.q.FileMarkUnused(ctx, f.primary, db.FileMarkUnusedParams{
			UnfinishedMs: unfinishedAge.Milliseconds(), LooseMs: draftAge.Milliseconds(), Most: sweepBatch,
		})
		if err != nil {
			return postgres.WrapError("mark unused files", err)
		}
		var failed error // one that fails must not keep the others from being deleted
		for _, file := range old {
			failed = errors.Join(failed, f.deleteFile(ctx, file))
		}
		if failed != nil || len(old) < sweepBatch {
			return failed
		}
	}
}

func (f *Files) deleteFile(ctx context.Context, file db.FileMarkUnusedRow) error {
	if err := f.blobs.Delete(ctx, file.Blob); err != nil {
		return f.storageError("remove", err)
	}
	if err := f.q.FileDelete(ctx, f.primary, file.ID); err != nil {
		return postgres.WrapError("delete a file", err)
	}
	return nil
}
