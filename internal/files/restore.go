package files

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/evidence"
	"docket/internal/postgres"
)

// ErrNotRestored says that what was exported cannot be the file that it says.
var ErrNotRestored = errors.New("the file cannot be restored")

// Restored is a file as it was stored elsewhere.
type Restored struct {
	ID         uuid.UUID
	UserID     string
	Field      string
	MediaType  string
	SHA256     []byte
	Phash      *int64
	Signals    json.RawMessage
	Readings   json.RawMessage
	UploadedBy string
	Bytes      []byte
}

// Restore stores a file that no ticket names yet, under the id that it had. If it is there already, nothing is done; where it was broken off
// before, it is finished. It returns ErrNotRestored if the bytes are not what the media type says, or the id is that of another file.
func (f *Files) Restore(ctx context.Context, r Restored) error {
	if f.blobs == nil {
		return errNoStorage
	}
	begin, known := map[string]string{"image/jpeg": "\xff\xd8\xff", "application/pdf": pdfStart}[r.MediaType]
	if !known || !bytes.HasPrefix(r.Bytes, []byte(begin)) || len(r.Bytes) > MaxBytes {
		return fmt.Errorf("%w: its bytes are not %q, or more than %d", ErrNotRestored, r.MediaType, MaxBytes)
	}
	rows, err := f.q.TransferFilesOf(ctx, f.primary, []uuid.UUID{r.ID})
	if err != nil {
		return postgres.WrapError("find a file", err)
	}
	if len(rows) > 0 {
		return f.finishRestore(ctx, r, rows[0])
	}
	if len(r.Signals) == 0 {
		r.Signals = json.RawMessage("{}")
	}
	if len(r.Readings) == 0 {
		r.Readings = json.RawMessage("{}")
	}
	if json.Unmarshal(r.Readings, new(evidence.Reading)) != nil {
		return fmt.Errorf("%w: what was read of it is not in the form that is written", ErrNotRestored)
	}
	blob := strings.ToLower(rand.Text())
	if err := f.q.FileAdd(ctx, f.primary, db.FileAddParams{
		ID: r.ID, UserID: r.UserID, Field: r.Field, Blob: blob, MediaType: r.MediaType,
		Size: int64(len(r.Bytes)), Sha256: r.SHA256, Phash: r.Phash, Signals: r.Signals, Readings: r.Readings, UploadedBy: r.UploadedBy,
	}); err != nil {
		return postgres.WrapError("add a file", err)
	}
	return f.restoreBytes(ctx, r, blob)
}

// finishRestore goes on with a file that has a row. An export holds no file that was still being stored, so such a row is of an import
// that was broken off.
func (f *Files) finishRestore(ctx context.Context, r Restored, row db.TransferFilesOfRow) error {
	switch {
	case row.UserID == r.UserID && row.State == "kept":
		return nil
	case row.UserID != r.UserID || row.State != "coming" || !bytes.Equal(row.Sha256, r.SHA256):
		return fmt.Errorf("%w: its id is that of another file, or of one that was deleted", ErrNotRestored)
	}
	if err := f.blobs.Delete(ctx, row.Blob); err != nil {
		return f.storageError("remove", err)
	}
	return f.restoreBytes(ctx, r, row.Blob)
}

// restoreBytes stores the bytes of a file that has a row. The row is not marked as failed when that fails: the import is begun again.
func (f *Files) restoreBytes(ctx context.Context, r Restored, blob string) error {
	if err := f.blobs.Put(ctx, blob, r.Bytes); err != nil {
		return f.storageError("store", err)
	}
	return f.confirmFile(ctx, r.ID)
}
