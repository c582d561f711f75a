package files

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/form"
	"docket/internal/photo"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Upload is a file as it comes.
type Upload struct {
	UserID string
	Field  form.Field
	By     string // the actor who sends it
	Body   io.Reader
	Size   int64 // how many bytes are announced; 0 or less: nobody knows
}

// Keep checks a file by its content alone and keeps it; a picture is turned upright and encoded anew. It returns a
// Refusal when the file cannot be accepted, ErrTooMany, ErrStorage, ticket.ErrOverloaded when too many others come at this
// moment, of everybody or of this user, or the error of the body. When it returns an error, nothing was kept.
func (f *Files) Keep(ctx context.Context, up Upload) (File, error) {
	file, err := f.keep(ctx, up)
	if f.told.Upload != nil {
		f.told.Upload(outcome(err), file.Size)
	}
	return file, err
}

func (f *Files) keep(ctx context.Context, up Upload) (File, error) {
	if f.blobs == nil {
		return File{}, f.storage("store", errNowhere)
	}
	bytesMost, likely := int64(Most)+1, int64(512<<10)
	if up.Size > 0 { // whatever is announced, no more than a file may have is made room for
		bytesMost = min(up.Size, bytesMost)
		likely = bytesMost
	}
	if !f.room.take(up.UserID, bytesMost) {
		return File{}, ticket.ErrOverloaded
	}
	defer f.room.leave(up.UserID, bytesMost)
	var body bytes.Buffer
	body.Grow(int(likely))
	if _, err := io.Copy(&body, io.LimitReader(up.Body, bytesMost)); err != nil {
		return File{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), putTime) // what has come in whole is kept, even if nobody waits
	defer cancel()
	content, err := check(ctx, up.Field, body.Bytes())
	if err != nil {
		return File{}, err
	}
	return f.put(ctx, up, content)
}

// content is what is kept of a file.
type content struct {
	mediaType string
	data      []byte
	signals   photo.Signals
	phash     *int64
}

// check reads what a file is and makes it safe to keep.
func check(ctx context.Context, field form.Field, data []byte) (content, error) {
	if !field.Type.Picture() {
		return document(data)
	}
	p, err := photo.Read(ctx, data)
	if errors.Is(err, context.DeadlineExceeded) { // too many others wait for their turn
		return content{}, ticket.ErrOverloaded
	}
	if err != nil {
		return content{}, refusal(err)
	}
	for _, warning := range p.Signals.Warnings() {
		for _, blocked := range field.Block {
			if blocked == string(warning) {
				return content{}, Refusal(warning)
			}
		}
	}
	phash := int64(p.Signals.Hash)
	return content{"image/jpeg", p.JPEG, p.Signals, &phash}, nil
}

// document accepts what begins and ends like a PDF. Nothing here opens one, and no browser is let to do so in the page.
func document(data []byte) (content, error) {
	tail := data[max(0, len(data)-1024):]
	switch {
	case len(data) < photo.MinBytes:
		return content{}, Empty
	case len(data) > Most:
		return content{}, TooLarge
	case !bytes.HasPrefix(data, []byte("%PDF-")):
		return content{}, NotADocument
	case !bytes.Contains(tail, []byte("%%EOF")):
		return content{}, Broken
	}
	return content{mediaType: "application/pdf", data: data, signals: photo.Signals{SHA256: sha256.Sum256(data)}}, nil
}

// put stores a file: its row first, so that bytes without a row can never lie about, and it counts when they are there.
func (f *Files) put(ctx context.Context, up Upload, c content) (File, error) {
	row, err := newRow(up, c)
	if err != nil {
		return File{}, err
	}
	added, err := f.q.FileAdd(ctx, f.primary, row)
	switch {
	case err != nil:
		return File{}, postgres.WrapError("note a file", err)
	case added == 0:
		return File{}, ErrTooMany
	}
	if err := f.blobs.Put(ctx, row.Blob, c.data); err != nil {
		return File{}, errors.Join(f.storage("store", err), f.lost(ctx, row.ID))
	}
	kept, err := f.q.FileKept(ctx, f.primary, row.ID)
	switch {
	case err != nil:
		return File{}, postgres.WrapError("keep a file", err)
	case kept == 0:
		return File{}, ticket.ErrOverloaded
	}
	return File{ID: row.ID, UserID: up.UserID, Field: up.Field.Name, MediaType: c.mediaType, Size: row.Size, Signals: c.signals, blob: row.Blob}, nil
}

// lost notes that bytes could not be stored: that was not their user's fault, and does not count as one of their files.
func (f *Files) lost(ctx context.Context, id uuid.UUID) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lostTime) // storing them may have taken all the time
	defer cancel()
	if err := f.q.FileLost(ctx, f.primary, id); err != nil {
		return postgres.WrapError("note a lost file", err)
	}
	return nil
}

func newRow(up Upload, c content) (db.FileAddParams, error) {
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
	return db.FileAddParams{
		ID: id, UserID: up.UserID, Field: up.Field.Name, Blob: strings.ToLower(rand.Text()), MediaType: c.mediaType,
		Size: int64(len(c.data)), Sha256: c.signals.SHA256[:], Phash: c.phash, Signals: signals, UploadedBy: up.By, Most: perDay,
	}, nil
}

// outcome names what became of an upload, for those who count.
func outcome(err error) string {
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
