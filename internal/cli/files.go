package cli

import (
	"fmt"
	"log/slog"
	"strings"

	"docket/internal/files"
	"docket/internal/form"
)

type fileOptions struct {
	FilesURL string `env:"FILES_URL" placeholder:"URL" help:"Where uploaded files are stored: file:///folder, or s3://bucket/prefix?endpoint=https://host&region=region with the keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. The same on every instance. Default: none; every upload is answered with 503."`
}

// openBlobs opens the storage of uploaded files. Without FILES_URL it returns nil, and logs a warning if the form asks for files.
func (o fileOptions) openBlobs(f *form.Form, log *slog.Logger) (blobs files.Blobs, err error) {
	switch fields := f.UploadFields(); {
	case o.FilesURL != "":
		if blobs, err = files.OpenBlobs(o.FilesURL); err != nil {
			err = fmt.Errorf("FILES_URL: %w", err)
		}
	case len(fields) > 0:
		log.Warn("FILES_URL is not set, so the files that the form asks for cannot be sent; set it to file:///folder or s3://bucket/prefix",
			"fields", strings.Join(fields, ", "))
	}
	return blobs, err
}
