package files

import (
	"context"
	"errors"
	"io"
)

// Open reads the bytes of a file. ErrBytesMissing when they are gone, ErrStorage when the storage does not work now.
func (f *Files) Open(ctx context.Context, file File) (io.ReadCloser, error) {
	return f.openBlob(ctx, file.blob)
}

func (f *Files) openBlob(ctx context.Context, name string) (io.ReadCloser, error) {
	if f.blobs == nil {
		return nil, f.storageError("read", errNoStorage)
	}
	body, err := f.blobs.Open(ctx, name)
	switch {
	case errors.Is(err, ErrBytesMissing):
		return nil, err
	case err != nil:
		return nil, f.storageError("read", err)
	}
	return body, nil
}
