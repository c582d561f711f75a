package cli

import (
	"fmt"
	"log/slog"
	"strings"

	"docket/internal/files"
	"docket/internal/form"
)

type storing struct {
	FilesURL string `env:"FILES_URL" placeholder:"URL" help:"Where uploaded files lie: file:///folder, or s3://bucket/prefix?endpoint=https://host&region=region with the keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. The same on every instance. Default: nowhere, so that every file is answered with 503."`
}

// storage opens the place where files lie: nil when nobody said where, which is worth a warning if the form asks for any.
func (c storing) storage(f *form.Form, log *slog.Logger) (blobs files.Blobs, err error) {
	switch asks := f.Uploads(); {
	case c.FilesURL != "":
		if blobs, err = files.OpenBlobs(c.FilesURL); err != nil {
			err = fmt.Errorf("FILES_URL: %w", err)
		}
	case len(asks) > 0:
		log.Warn("FILES_URL is not set: nobody can send the files that the form asks for. It is file:///folder or s3://bucket/prefix.",
			"fields", strings.Join(asks, ", "))
	}
	return blobs, err
}
