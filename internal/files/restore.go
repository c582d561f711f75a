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

// Restore stores a file that no ticket names yet, under the id that it had. If it is there already, nothing is done. It returns
// ErrNotRestored if the bytes are not what the media type says, or the id is that of another file.
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
		if rows[0].UserID != r.UserID || rows[0].State != "kept" {
			return fmt.Errorf("%w: its id is that of another file, or of one that is being stored or was deleted", ErrNotRestored)
		}
		return nil
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
	return f.putFile(ctx, db.FileAddParams{
		ID: r.ID, UserID: r.UserID, Field: r.Field, Blob: strings.ToLower(rand.Text()), MediaType: r.MediaType,
		Size: int64(len(r.Bytes)), Sha256: r.SHA256, Phash: r.Phash, Signals: r.Signals, Readings: r.Readings, UploadedBy: r.UploadedBy,
	}, r.Bytes, nil)
}
