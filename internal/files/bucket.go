package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// bucket stores each blob as an object of an S3 storage.
type bucket struct {
	client *minio.Client
	name   string
	prefix string
}

// openBucket takes the keys from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. It does not
// connect: a storage that is down now may be up when it is needed.
func openBucket(u *url.URL) (Blobs, error) {
	query := u.Query()
	endpoint, secure := strings.CutPrefix(query.Get("endpoint"), "https://")
	endpoint, plain := strings.CutPrefix(endpoint, "http://")
	if endpoint == "" {
		endpoint, secure = "s3.amazonaws.com", true
	}
	if u.Host == "" || !secure && !plain || strings.Trim(endpoint, "/") != endpoint {
		return nil, errors.New("the address of a bucket is s3://bucket/prefix?endpoint=https://host&region=region")
	}
	client, err := minio.New(endpoint, &minio.Options{
		Creds: credentials.NewEnvAWS(), Secure: secure, Region: query.Get("region"), MaxRetries: 3,
	})
	if err != nil {
		return nil, fmt.Errorf("read the address of the bucket: %w", err)
	}
	return bucket{client, u.Host, strings.Trim(u.Path, "/")}, nil
}

// Put implements Blobs. The storage shows an object when it is complete, and checks its sum.
func (b bucket) Put(ctx context.Context, name string, data []byte) error {
	_, err := b.client.PutObject(ctx, b.name, b.objectKey(name), bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{
		ContentType: "application/octet-stream", DisableMultipart: true,
	})
	return err
}

// Open implements Blobs.
func (b bucket) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	object, err := b.client.GetObject(ctx, b.name, b.objectKey(name), minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	if _, err := object.Stat(); err != nil { // the first request to the storage
		_ = object.Close() // nothing was read
		if minio.ToErrorResponse(err).StatusCode == http.StatusNotFound {
			return nil, ErrBytesMissing
		}
		return nil, err
	}
	return object, nil
}

// Delete implements Blobs.
func (b bucket) Delete(ctx context.Context, name string) error {
	return b.client.RemoveObject(ctx, b.name, b.objectKey(name), minio.RemoveObjectOptions{})
}

func (b bucket) objectKey(name string) string { return path.Join(b.prefix, name) }
