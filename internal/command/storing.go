package command

import (
	"fmt"
	"strings"

	"docket/internal/files"
	"docket/internal/form"
)

type storing struct {
	FilesURL string `env:"FILES_URL" placeholder:"URL" help:"Where uploaded files lie: file:///folder, or s3://bucket/prefix?endpoint=https://host&region=region with the keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. The same on every instance; needed when the form asks for files."`
}

// storage opens the place where files lie: nil when nobody asks for any and nobody said where.
func (c storing) storage(f *form.Form) (blobs files.Blobs, err error) {
	switch asks := f.Uploads(); {
	case c.FilesURL != "":
		if blobs, err = files.OpenBlobs(c.FilesURL); err != nil {
			err = fmt.Errorf("FILES_URL: %w", err)
		}
	case len(asks) > 0:
		err = fmt.Errorf("the form asks for files (%s), so FILES_URL has to say where to keep them: file:///folder or s3://bucket/prefix", strings.Join(asks, ", "))
	}
	return blobs, err
}
