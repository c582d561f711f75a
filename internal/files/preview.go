package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"docket/db"
	"docket/internal/photo"
	"docket/internal/postgres"
)

const previewTimeout = 20 * time.Second // for the previews of an old picture to be made in its turn, and to be stored

// Preview reads a picture as a JPEG whose longer side has so many pixels, one of photo.PreviewSizes, or all of a smaller picture.
// Previews that are not stored are made and stored: of pictures from before there were any, and where they were lost. It returns
// ErrNotFound for a file that is no picture or was deleted meanwhile, ErrBytesMissing when the picture itself is gone, and ErrStorage when
// the storage does not work now.
func (f *Files) Preview(ctx context.Context, file File, size int) ([]byte, error) {
	if !file.Picture() {
		return nil, ErrNotFound
	}
	longest := min(max(file.Signals.Width, file.Signals.Height), photo.LongestSide)
	if sizes := photo.SizesOf(longest); !slices.Contains(sizes, size) {
		size = sizes[len(sizes)-1]
	}
	data, err := f.readBlob(ctx, previewBlob(file.blob, size))
	if !errors.Is(err, ErrBytesMissing) {
		return data, err
	}
	made, err, _ := f.previews.Do(file.ID.String(), func() (any, error) { return f.addPreviews(ctx, file) })
	if err != nil {
		return nil, fmt.Errorf("make the previews of file %s: %w", file.ID, err)
	}
	return made.(photo.Previews)[size], nil
}

// addPreviews makes the previews of a picture that is stored, and stores them.
func (f *Files) addPreviews(ctx context.Context, file File) (photo.Previews, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), previewTimeout) // others may wait for them, too
	defer cancel()
	endTurn, err := f.turns.wait(ctx, file.UserID)
	if err != nil {
		return nil, err
	}
	defer endTurn()
	data, err := f.readBlob(ctx, file.blob)
	if err != nil {
		return nil, err
	}
	previews, err := photo.ReadPreviews(ctx, data)
	if err != nil {
		return nil, err
	}
	// The row tells of the previews before they are there, as of the file itself.
	switch begun, err := f.q.FileBeginPreviews(ctx, f.primary, file.ID); {
	case err != nil:
		return nil, postgres.WrapError("begin the previews of a file", err)
	case begun == 0:
		return nil, ErrNotFound
	}
	if err := f.putPreviews(ctx, file.blob, previews); err != nil {
		f.log.Warn("previews are made again for the next who asks", "file", file.ID, "error", f.storageError("store", err))
	}
	return previews, nil
}

func (f *Files) putPreviews(ctx context.Context, blob string, previews photo.Previews) error {
	g, ctx := errgroup.WithContext(ctx)
	for size, data := range previews {
		g.Go(func() error { return f.blobs.Put(ctx, previewBlob(blob, size), data) })
	}
	return g.Wait()
}

// deletePreviews deletes the previews of a file that is marked, and records that, unless they may still be on their way.
func (f *Files) deletePreviews(ctx context.Context, id uuid.UUID, blob string, unfinished time.Duration) error {
	for _, size := range photo.PreviewSizes {
		if err := f.blobs.Delete(ctx, previewBlob(blob, size)); err != nil {
			return f.storageError("remove", err)
		}
	}
	if err := f.q.FileForgetPreviews(ctx, f.primary, db.FileForgetPreviewsParams{ID: id, UnfinishedMs: unfinished.Milliseconds()}); err != nil {
		return postgres.WrapError("delete the previews of a file", err)
	}
	return nil
}

// readBlob reads all that is stored under a name.
func (f *Files) readBlob(ctx context.Context, name string) ([]byte, error) {
	body, err := f.openBlob(ctx, name)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, MaxBytes))
	if err != nil {
		return nil, f.storageError("read", err)
	}
	return data, nil
}

// previewBlob is the name under which a preview is stored, beside the file.
func previewBlob(blob string, size int) string { return blob + "-" + strconv.Itoa(size) }
