package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
)

// Blobs is where the bytes of files lie, each under a name that says nothing about them.
type Blobs interface {
	// Put keeps data under a new name: all of it or, when it returns an error, nothing that Open would find.
	Put(ctx context.Context, name string, data []byte) error

	// Open reads what lies under a name; ErrLost when nothing does.
	Open(ctx context.Context, name string) (io.ReadCloser, error)

	// Delete removes what lies under a name, and what a Put that was cut off left of it. Nothing there is no error.
	Delete(ctx context.Context, name string) error
}

// ErrLost says that the bytes of a file are not where they were put.
var ErrLost = errors.New("the bytes of the file are gone")

// OpenBlobs opens the place that an address names: file:///folder, or s3://bucket/prefix?endpoint=…&region=….
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
