// Package files stores the pictures and documents that users send for the fields of a form, and what they have filled in and
// not sent yet. A file's row is in the database, its bytes are in Blobs.
package files

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"

	"docket/db"
	"docket/internal/evidence"
	"docket/internal/photo"
	"docket/internal/postgres"
)

// Why a file cannot be stored or read.
var (
	// ErrNotFound says that there is no such file, or that the caller may not see it.
	ErrNotFound = errors.New("no such file")

	// ErrStorage says that the file storage does not work now. Nothing was lost.
	ErrStorage = errors.New("the file storage does not work")

	// ErrTooMany says that a user has sent too many files in a day.
	ErrTooMany = errors.New("too many files in a day")

	// ErrTooManyDrafts says that a user has saved a draft too often in a day.
	ErrTooManyDrafts = errors.New("too many drafts in a day")

	errNoStorage = errors.New("no file storage is configured")
)

// File is a picture or document that a user sent for one field of the form.
type File struct {
	ID        uuid.UUID
	UserID    string
	Field     string // in the rows of a group without the row, such as "owners.photo": rows move
	MediaType string // "image/jpeg" or "application/pdf"
	Size      int64
	Signals   photo.Signals    // of a picture
	Reading   evidence.Reading // of a picture
	By        string           // who sent it, as a ticket names its sender; or link:ID
	Ticket    uuid.UUID        // the last ticket that names it; zero: none does yet
	CreatedAt time.Time
	blob      string
}

// Picture reports whether the file is a picture, which a page can show.
func (f File) Picture() bool { return f.MediaType == "image/jpeg" }

// Files stores files and drafts.
type Files struct {
	// ReadTime bounds how long each reader reads a picture; what it has not read by then is not read.
	ReadTime time.Duration

	primary *postgres.Pool
	blobs   Blobs
	q       *db.Queries
	log     *slog.Logger
	hooks   Hooks

	memory, disk *budget             // for uploads that arrive
	turns        *turnQueue          // to read one that has arrived
	storing      *semaphore.Weighted // bytes on their way to blobs
	previews     singleflight.Group  // of old pictures, which are made when they are asked for

	withdrawn atomic.Pointer[withdrawnPlace]
}

// Hooks are called with the outcome of each upload and with each error of the storage. Each may be nil.
type Hooks struct {
	Upload  func(outcome string, bytes int64)
	Storage func(doing string)
}

// New stores files on the primary and in blobs. Without blobs it stores only drafts, and every file is ErrStorage.
func New(primary *postgres.Pool, blobs Blobs, log *slog.Logger, hooks Hooks) *Files {
	f := &Files{
		ReadTime: 1500 * time.Millisecond,
		primary:  primary, blobs: blobs, q: db.New(), log: log, hooks: hooks,
		memory: newBudget(maxMemory), disk: newBudget(maxDisk), turns: newTurnQueue(photo.MaxReads()), storing: semaphore.NewWeighted(maxStoring),
	}
	f.withdrawn.Store(&withdrawnPlace{})
	return f
}

// Get is one file of any user. ErrNotFound when there is none.
func (f *Files) Get(ctx context.Context, id uuid.UUID) (File, error) {
	row, err := f.q.FileGet(ctx, f.primary, id)
	if postgres.IsNoRows(err) {
		return File{}, ErrNotFound
	}
	if err != nil {
		return File{}, postgres.WrapError("find a file", err)
	}
	return fromRow(row)
}

// OfUser is those of a user's files that have one of these ids.
func (f *Files) OfUser(ctx context.Context, userID string, ids ...uuid.UUID) (map[uuid.UUID]File, error) {
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

// OfTicket is the files that a ticket names, by field and in the order in which they were sent, without those that were deleted.
func (f *Files) OfTicket(ctx context.Context, ticketID uuid.UUID) (map[string][]File, error) {
	rows, err := f.q.FileListOfTicket(ctx, f.primary, ticketID)
	if err != nil {
		return nil, postgres.WrapError("find the files of a ticket", err)
	}
	found := make(map[string][]File, len(rows))
	for _, row := range rows {
		file, err := fromRow(row.File)
		if err != nil {
			return nil, err
		}
		found[row.NamedFor] = append(found[row.NamedFor], file)
	}
	return found, nil
}

func fromRow(r db.File) (File, error) {
	file := File{
		ID: r.ID, UserID: r.UserID, Field: r.Field, By: r.UploadedBy, MediaType: r.MediaType, Size: r.Size,
		Ticket: postgres.OrZero(r.TicketID), CreatedAt: time.UnixMilli(r.CreatedAtMs), blob: r.Blob,
	}
	if err := json.Unmarshal(r.Signals, &file.Signals); err != nil {
		return File{}, fmt.Errorf("read the signals of file %s: %w", r.ID, err)
	}
	if err := json.Unmarshal(r.Readings, &file.Reading); err != nil {
		return File{}, fmt.Errorf("read the readings of file %s: %w", r.ID, err)
	}
	copy(file.Signals.SHA256[:], r.Sha256)
	if r.Phash != nil {
		file.Signals.Hash = uint64(*r.Phash)
	}
	return file, nil
}

// storageError wraps and counts an error of the storage. Its text is for the log.
func (f *Files) storageError(doing string, err error) error {
	if f.hooks.Storage != nil {
		f.hooks.Storage(doing)
	}
	return fmt.Errorf("%s a file: %w: %w", doing, ErrStorage, err)
}
