// Package files keeps what users send for the fields of a form that ask for a picture or a document, and what they have
// filled in and not sent yet. What it knows of a file is in the database; its bytes are in Blobs.
package files

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db"
	"docket/internal/photo"
	"docket/internal/postgres"
)

const (
	Most    = photo.MaxBytes   // bytes of a file
	perDay  = 100              // files of a user that no ticket names
	putTime = 20 * time.Second // for bytes to be stored

	lostTime = 2 * time.Second // to note that they were not
)

// What a file, or a place for it, is refused for.
var (
	// ErrNone says that there is no such file, or not for the one who asks.
	ErrNone = errors.New("no such file")

	// ErrStorage says that bytes can neither be stored nor read at this moment. Nothing was lost.
	ErrStorage = errors.New("the file storage does not work")

	// ErrTooMany says that a user has sent more files in a day than anybody needs.
	ErrTooMany = errors.New("too many files in a day")

	errNowhere = errors.New("nobody said where files lie")
)

// File is what somebody sent for one field of the form.
type File struct {
	ID        uuid.UUID
	UserID    string
	Field     string
	MediaType string // "image/jpeg" or "application/pdf"
	Size      int64
	Signals   photo.Signals // of a picture
	Ticket    uuid.UUID     // the last ticket that names it; zero: none does yet
	CreatedAt time.Time
	blob      string
}

// Picture reports whether the file is a picture, which a page can show.
func (f File) Picture() bool { return f.MediaType == "image/jpeg" }

// Files keeps files.
type Files struct {
	primary *pgxpool.Pool
	blobs   Blobs
	q       *db.Queries
	log     *slog.Logger
	room    *room
	told    Told
}

// Told is who wants to hear how uploads and the storage fare; each may be nil.
type Told struct {
	Upload  func(outcome string, bytes int64)
	Storage func(doing string)
}

// New keeps files on the primary and in blobs. Without blobs it keeps drafts alone: every file is answered with ErrStorage.
func New(primary *pgxpool.Pool, blobs Blobs, log *slog.Logger, told Told) *Files {
	return &Files{primary: primary, blobs: blobs, q: db.New(), log: log, room: newRoom(), told: told}
}

// Get is one file of anybody. ErrNone when there is none.
func (f *Files) Get(ctx context.Context, id uuid.UUID) (File, error) {
	row, err := f.q.FileGet(ctx, f.primary, id)
	if postgres.IsNoRows(err) {
		return File{}, ErrNone
	}
	if err != nil {
		return File{}, postgres.WrapError("find a file", err)
	}
	return fromRow(row)
}

// Of is those of a user's files that have one of these ids.
func (f *Files) Of(ctx context.Context, userID string, ids ...uuid.UUID) (map[uuid.UUID]File, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := f.q.FileList(ctx, f.primary, db.FileListParams{UserID: userID, Ids: ids})
	if err != nil {
		return nil, postgres.WrapError("find files", err)
	}
	found := make(map[uuid.UUID]File, len(rows))
	for _, row := range rows {
		if found[row.ID], err = fromRow(row); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// OfTicket is the files that a ticket names, by field.
func (f *Files) OfTicket(ctx context.Context, ticketID uuid.UUID) (map[string]File, error) {
	rows, err := f.q.FileListOfTicket(ctx, f.primary, ticketID)
	if err != nil {
		return nil, postgres.WrapError("find the files of a ticket", err)
	}
	found := make(map[string]File, len(rows))
	for _, row := range rows {
		if found[row.NamedFor], err = fromRow(row.File); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func fromRow(r db.File) (File, error) {
	file := File{
		ID: r.ID, UserID: r.UserID, Field: r.Field, MediaType: r.MediaType, Size: r.Size,
		CreatedAt: time.UnixMilli(r.CreatedAtMs), blob: r.Blob,
	}
	if r.TicketID != nil {
		file.Ticket = *r.TicketID
	}
	if err := json.Unmarshal(r.Signals, &file.Signals); err != nil {
		return File{}, fmt.Errorf("read the signals of file %s: %w", r.ID, err)
	}
	copy(file.Signals.SHA256[:], r.Sha256)
	if r.Phash != nil {
		file.Signals.Hash = uint64(*r.Phash)
	}
	return file, nil
}

// storage is an error of the storage with what was tried, counted. Its words are for the log.
func (f *Files) storage(doing string, err error) error {
	if f.told.Storage != nil {
		f.told.Storage(doing)
	}
	return fmt.Errorf("%s a file: %w: %w", doing, ErrStorage, err)
}
