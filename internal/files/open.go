package files

import (
	"context"
	"errors"
	"io"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
)

// Open reads the bytes of a file. ErrBytesMissing when they are gone, ErrStorage when the storage does not work now.
func (f *Files) Open(ctx context.Context, file File) (io.ReadCloser, error) {
	if f.blobs == nil {
		return nil, f.storageError("read", errNoStorage)
	}
	body, err := f.blobs.Open(ctx, file.blob)
	switch {
	case errors.Is(err, ErrBytesMissing):
		return nil, err
	case err != nil:
		return nil, f.storageError("read", err)
	}
	return body, nil
}

// RecordView records that somebody other than its owner saw a file.
func (f *Files) RecordView(ctx context.Context, id uuid.UUID, actor string) error {
	if err := f.q.FileViewAdd(ctx, f.primary, db.FileViewAddParams{FileID: id, Actor: actor}); err != nil {
		return postgres.WrapError("record who saw a file", err)
	}
	return nil
}
