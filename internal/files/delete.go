package files

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
)

// DeleteMarked deletes the bytes and previews of the files in the state going, of one user or (userID is empty) of all, then their rows. The
// row of a file that a ticket names stays, without what it told of the bytes. Rows of files that were sent within the time
// unfinished stay marked, because their bytes may still be on their way: the next call deletes them. An error for one file does
// not keep the others.
func (f *Files) DeleteMarked(ctx context.Context, userID string, unfinished time.Duration) error {
	if f.blobs == nil { // another instance may have the storage
		return nil
	}
	var failed error
	after := db.FileListGoingRow{ID: uuid.Nil}
	for {
		marked, err := f.q.FileListGoing(ctx, f.primary, db.FileListGoingParams{
			UserID: userID, AfterUser: after.UserID, AfterID: after.ID, Most: sweepBatch,
		})
		if err != nil {
			return errors.Join(failed, postgres.WrapError("list the files to delete", err))
		}
		wrong := 0
		for _, file := range marked {
			if err := f.deleteFile(ctx, file, unfinished); err != nil {
				failed, wrong = errors.Join(failed, err), wrong+1
			}
		}
		if len(marked) < sweepBatch || wrong == len(marked) { // when all are wrong, the storage is
			return failed
		}
		after = marked[len(marked)-1]
	}
}

func (f *Files) deleteFile(ctx context.Context, file db.FileListGoingRow, unfinished time.Duration) error {
	if err := f.blobs.Delete(ctx, file.Blob); err != nil {
		return f.storageError("remove", err)
	}
	if file.Previewed {
		if err := f.deletePreviews(ctx, file.ID, file.Blob, unfinished); err != nil {
			return err
		}
	}
	if err := f.q.FileForget(ctx, f.primary, db.FileForgetParams{ID: file.ID, UnfinishedMs: unfinished.Milliseconds()}); err != nil {
		return postgres.WrapError("delete a file", err)
	}
	return nil
}

// DeleteErased is DeleteMarked after an erasure.
func (f *Files) DeleteErased(ctx context.Context, userID string) error {
	return f.DeleteMarked(ctx, userID, DefaultAges.Unfinished)
}
