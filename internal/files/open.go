package files

import (
	"context"
	"errors"
	"io"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
)

// Open reads the bytes of a file. ErrLost when they are gone, ErrStorage when the storage cannot be read now.
func (f *Files) Open(ctx context.Context, file File) (io.ReadCloser, error) {
	if f.blobs == nil {
		return nil, f.storage("read", errNowhere)
	}
	body, err := f.blobs.Open(ctx, file.blob)
	switch {
	case errors.Is(err, ErrLost):
		return nil, err
	case err != nil:
		return nil, f.storage("read", err)
	}
	return body, nil
}

// Seen writes down that somebody other than its owner saw a file.
func (f *Files) Seen(ctx context.Context, id uuid.UUID, actor string) error {
	if err := f.q.FileSeen(ctx, f.primary, db.FileSeenParams{FileID: id, Actor: actor}); err != nil {
		return postgres.WrapError("note who saw a file", err)
	}
	return nil
}
