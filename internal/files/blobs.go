package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
)

// Blobs stores the bytes of files, each under a random name.
type Blobs interface {
	// Put stores data under a new name: all of it or, when it returns an error, nothing that Open would find.
	Put(ctx context.Context, name string, data []byte) error

	// Open reads what is stored under a name; ErrBytesMissing when nothing is.
	Open(ctx context.Context, name string) (io.ReadCloser, error)

	// Delete removes what is stored under a name, and what an interrupted Put left. Nothing there is no error.
	Delete(ctx context.Context, name string) error
}

// ErrBytesMissing says that the bytes of a file are not where they were put.
var ErrBytesMissing = errors.New("the bytes of the file are gone")

// OpenBlobs opens the storage at an address: file:///folder, or s3://bucket/prefix?endpoint=…&region=….
func OpenBlobs(address string) (Blobs, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("the address of the file storage cannot be read")
	}
	switch u.Scheme {
	case "file":
		return openFolder(u)
	case "s3":
		return openBucket(u)
	}
	return nil, fmt.Errorf("the address of the file storage begins with file:// or s3://, not with %q", u.Scheme)
}
