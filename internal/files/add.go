package files

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"image"
	"io"
	"slices"
	"strings"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/evidence"
	"docket/internal/evidence/reader"
	"docket/internal/form"
	"docket/internal/photo"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Upload is a file that a user sends.
type Upload struct {
	UserID string
	Field  form.Field
	By     string // the actor who sends it
	Body   io.Reader
	Size   int64 // how many bytes are announced; 0 or less: not known
}

// Add checks a file by its content alone and stores it; a picture is turned upright and encoded again. It returns a
// Refusal when the file cannot be accepted, ErrTooMany, ErrStorage, ticket.ErrOverloaded when too many uploads are in
// progress, or the error of the body. When it returns an error, nothing was stored.
func (f *Files) Add(ctx context.Context, up Upload) (File, error) {
	file, err := f.addCounted(ctx, up)
	if f.hooks.Upload != nil {
		f.hooks.Upload(outcomeOf(err), file.Size)
	}
	return file, err
}

func (f *Files) addCounted(ctx context.Context, up Upload) (File, error) {
	if f.blobs == nil {
		return File{}, f.storageError("store", errNoStorage)
	}
	if err := f.countFile(ctx, up.UserID); err != nil {
		return File{}, err
	}
	file, err := f.addFile(ctx, up)
	if _, refused := errors.AsType[Refusal](err); err != nil && !refused {
		f.returnCount(ctx, up.UserID)
	}
	return file, err
}

func (f *Files) addFile(ctx context.Context, up Upload) (File, error) {
	limit := int64(MaxBytes) + 1
	if up.Size > 0 { // an announced size is a limit, and never more than a file may have
		limit = min(up.Size, limit)
	}
	body := &spool{files: f, user: up.UserID}
	defer body.close()
	if _, err := io.Copy(body, io.LimitReader(up.Body, limit)); err != nil {
		return File{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout) // a complete file is stored even if the client is gone
	defer cancel()
	content, release, err := f.readContent(ctx, up, body)
	if errors.Is(err, context.DeadlineExceeded) { // too many others are read
		return File{}, ticket.ErrOverloaded
	}
	if err != nil {
		return File{}, err
	}
	defer release()
	return f.storeFile(ctx, up, content)
}

// readContent reads an upload when it is its user's turn, and closes it. release ends the use of memory by the content.
func (f *Files) readContent(ctx context.Context, up Upload, body *spool) (content storedContent, release func(), err error) {
	endTurn, err := f.turns.wait(ctx, up.UserID)
	if err != nil {
		return content, nil, err
	}
	defer endTurn()
	data, err := body.bytes()
	if err != nil {
		return content, nil, err
	}
	if content, err = f.checkContent(ctx, up.Field, data); err != nil {
		return content, nil, err
	}
	weight := content.size()
	if err := f.storing.Acquire(ctx, weight); err != nil {
		return content, nil, err
	}
	body.close()
	return content, func() { f.storing.Release(weight) }, nil
}

// storedContent is what is stored of a file.
type storedContent struct {
	mediaType string
	data      []byte
	previews  photo.Previews // of a picture
	signals   photo.Signals
	phash     *int64
	reading   evidence.Reading
}

// size returns the bytes of the file and its previews.
func (c storedContent) size() int64 {
	size := len(c.data)
	for _, preview := range c.previews {
		size += len(preview)
	}
	return int64(size)
}

// pdfStart is how every PDF begins.
const pdfStart = "%PDF-"

// checkContent reads what a file is and makes it safe to store.
func (f *Files) checkContent(ctx context.Context, field form.Field, data []byte) (storedContent, error) {
	if field.AcceptsPDF() && (!field.AcceptsPicture() || bytes.HasPrefix(data, []byte(pdfStart))) {
		return checkDocument(data)
	}
	var reading evidence.Reading
	p, err := photo.Read(ctx, data, func(ctx context.Context, img image.Image) {
		if f.turns.countWaiting() <= maxWaitingForRead {
			reading = reader.Read(ctx, img, field.Readers, field.Card, f.ReadTime)
		}
	})
	if err != nil {
		return storedContent{}, toRefusal(err)
	}
	for _, warning := range p.Signals.Warnings() {
		if slices.Contains(field.Block, string(warning)) {
			return storedContent{}, Refusal(warning)
		}
	}
	phash := int64(p.Signals.Hash)
	return storedContent{"image/jpeg", p.JPEG, p.Previews, p.Signals, &phash, reading}, nil
}

// checkDocument accepts what begins and ends like a PDF. docket opens none, and lets no browser open one in a page.
func checkDocument(data []byte) (storedContent, error) {
	tail := data[max(0, len(data)-1024):]
	switch {
	case len(data) < photo.MinBytes:
		return storedContent{}, Empty
	case len(data) > MaxBytes:
		return storedContent{}, TooLarge
	case !bytes.HasPrefix(data, []byte(pdfStart)):
		return storedContent{}, NotADocument
	case !bytes.Contains(tail, []byte("%%EOF")):
		return storedContent{}, Broken
	}
	return storedContent{mediaType: "application/pdf", data: data, signals: photo.Signals{SHA256: sha256.Sum256(data)}}, nil
}

// storeFile stores a checked file.
func (f *Files) storeFile(ctx context.Context, up Upload, c storedContent) (File, error) {
	row, err := newFileRow(up, c)
	if err != nil {
		return File{}, err
	}
	if err := f.putFile(ctx, row, c.data, c.previews); err != nil {
		return File{}, err
	}
	return File{ID: row.ID, UserID: up.UserID, Field: row.Field, MediaType: c.mediaType, Size: row.Size, Signals: c.signals, Reading: c.reading, By: up.By, blob: row.Blob}, nil
}

// putFile adds the row first, so that there are no bytes without a row, and confirms it when the bytes are stored.
func (f *Files) putFile(ctx context.Context, row db.FileAddParams, data []byte, previews photo.Previews) error {
	if err := f.q.FileAdd(ctx, f.primary, row); err != nil {
		return postgres.WrapError("add a file", err)
	}
	if err := errors.Join(f.blobs.Put(ctx, row.Blob, data), f.putPreviews(ctx, row.Blob, previews)); err != nil {
		return errors.Join(f.storageError("store", err), f.markFailed(ctx, row.ID))
	}
	return f.confirmFile(ctx, row.ID)
}

// confirmFile records that the bytes of a file are stored.
func (f *Files) confirmFile(ctx context.Context, id uuid.UUID) error {
	confirmed, err := f.q.FileConfirm(ctx, f.primary, id)
	switch {
	case err != nil:
		return postgres.WrapError("confirm a file", err)
	case confirmed == 0:
		return ticket.ErrOverloaded
	}
	return nil
}

// markFailed records that bytes could not be stored: the row does not count as one of the user's files.
func (f *Files) markFailed(ctx context.Context, id uuid.UUID) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), failTimeout) // storing them may have taken all the time
	defer cancel()
	if err := f.q.FileFail(ctx, f.primary, id); err != nil {
		return postgres.WrapError("mark a file as failed", err)
	}
	return nil
}

func newFileRow(up Upload, c storedContent) (db.FileAddParams, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return db.FileAddParams{}, err
	}
	signals := json.RawMessage("{}")
	if c.phash != nil {
		if signals, err = json.Marshal(c.signals); err != nil {
			return db.FileAddParams{}, err
		}
	}
	readings, err := json.Marshal(c.reading)
	if err != nil {
		return db.FileAddParams{}, err
	}
	return db.FileAddParams{
		ID: id, UserID: up.UserID, Field: form.InAnyRow(up.Field.Name), Blob: strings.ToLower(rand.Text()), MediaType: c.mediaType,
		Size: int64(len(c.data)), Sha256: c.signals.SHA256[:], Phash: c.phash, Signals: signals, Readings: readings, UploadedBy: up.By,
		Previewed: len(c.previews) > 0,
	}, nil
}

// outcomeOf names what became of an upload, for metrics.
func outcomeOf(err error) string {
	refused, isRefusal := errors.AsType[Refusal](err)
	switch {
	case err == nil:
		return "kept"
	case isRefusal:
		return string(refused)
	case errors.Is(err, ErrTooMany):
		return "too_many"
	case errors.Is(err, ErrStorage):
		return "storage"
	case errors.Is(err, ticket.ErrOverloaded):
		return "overloaded"
	}
	return "broken_off"
}
