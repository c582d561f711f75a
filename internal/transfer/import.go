package transfer

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/files"
	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/strictjson"
)

const (
	batchSize = 500                          // tickets in one transaction, or one user more
	maxLine   = files.MaxBytes*4/3 + 256<<10 // bytes; of a file in base64, or a ticket
)

// Refused says why a line was not taken.
type Refused struct {
	Line   int64     `json:"line"`
	Ticket uuid.UUID `json:"ticket,omitzero"`
	Reason string    `json:"reason"`
}

// Imported says what an import did. Present tickets were there before, and equal.
type Imported struct{ Added, Present, Refused int64 }

// Importer adds tickets. The connection needs the rights of the owner of the tables.
type Importer struct {
	Primary  *postgres.Pool
	Files    *files.Files
	Index    store.IndexFunc     // by what a ticket is found
	Refuse   func(Refused) error // is told of each line that is not taken
	Progress func(tickets int64)

	q       *db.Queries
	users   map[string][]*Ticket // that wait to be added
	lines   map[*Ticket]int64
	files   map[uuid.UUID]file // that tickets to come may name, without their bytes
	waiting int
	done    Imported
}

// Import reads lines as Export writes them. Those of one user stand together. It can be broken off and begun again: what is there is
// passed over.
func (im *Importer) Import(ctx context.Context, in io.Reader) (Imported, error) {
	im.q = db.New()
	im.forget()
	if err := im.moveFeed(ctx); err != nil {
		return im.done, err
	}
	lines := bufio.NewReaderSize(in, 1<<20)
	previous := ""
	for n := int64(1); ; n++ {
		text, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			return im.done, im.flush(ctx)
		}
		if err != nil && !errors.Is(err, errLongLine) {
			return im.done, err
		}
		var l line
		if n == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff")) // as editors of Windows begin a file
		}
		if err == nil {
			l, err = parseLine(text)
		}
		if err == nil && l.userID() != previous {
			if previous = l.userID(); im.waiting >= batchSize {
				if err := im.flush(ctx); err != nil {
					return im.done, err
				}
			}
		}
		if err == nil {
			err = im.take(ctx, n, l)
		}
		if refused, isRefused := errors.AsType[refusal](err); isRefused {
			err = im.refuse(Refused{Line: n, Ticket: l.ticketID(), Reason: refused.Error()})
		}
		if err != nil {
			return im.done, fmt.Errorf("line %d: %w", n, err)
		}
	}
}

// moveFeed has the events of tickets numbered behind those of the database that the tickets come from: a reader of that one keeps its
// cursor and the greatest number of each user.
func (im *Importer) moveFeed(ctx context.Context) error {
	err := postgres.Transact(ctx, im.Primary, func(tx pgx.Tx) error {
		if err := im.q.TransferFeedLock(ctx, tx); err != nil {
			return err
		}
		return im.q.TransferFeedMove(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("move the numbers of the feed: %w", err)
	}
	return nil
}

// refusal is why one line is not taken. The import goes on.
type refusal struct{ error }

var errLongLine = refusal{fmt.Errorf("the line has more than %d bytes", maxLine)}

// readLine reads one line without its end. Of one that is too long it reads all, and returns errLongLine.
func readLine(in *bufio.Reader) (text []byte, err error) {
	tooLong := false
	for {
		part, err := in.ReadSlice('\n')
		if tooLong = tooLong || len(text)+len(part) > maxLine; !tooLong {
			text = append(text, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case tooLong:
			return nil, errLongLine
		case errors.Is(err, io.EOF) && len(text) > 0:
			return text, nil
		}
		return text, err
	}
}

// parseLine reads what a line holds: one thing, with no member that is not known.
func parseLine(text []byte) (l line, err error) {
	if _, err := strictjson.Object(text, "docket", "form", "file", "ticket", "erasure"); err != nil {
		return l, refusal{err}
	}
	if err := decodeStrictly(text, &l); err != nil {
		return l, refusal{err}
	}
	held := 0
	for _, is := range []bool{l.Docket != nil, l.Form != nil, l.File != nil, l.Ticket != nil, l.Erasure != nil} {
		if is {
			held++
		}
	}
	if held != 1 {
		return l, refusal{errors.New("a line holds one of docket, form, file, ticket or erasure")}
	}
	return l, nil
}

func (l line) userID() string {
	switch {
	case l.Ticket != nil:
		return l.Ticket.UserID
	case l.File != nil:
		return l.File.UserID
	}
	return ""
}

func (l line) ticketID() uuid.UUID {
	if l.Ticket == nil {
		return uuid.Nil
	}
	return l.Ticket.ID
}

// take adds what a line holds, or keeps it until its user's other lines are read.
func (im *Importer) take(ctx context.Context, n int64, l line) error {
	switch {
	case l.Docket != nil && (l.Docket.Format < 1 || l.Docket.Format > Format):
		return fmt.Errorf("the format is %d, and this release of docket reads up to %d", l.Docket.Format, Format)
	case l.Docket != nil:
		return nil
	case l.Form != nil:
		return im.refusalOf(im.q.TransferAddForm(ctx, im.Primary, db.TransferAddFormParams{Version: l.Form.Version, Text: []byte(l.Form.Text)}))
	case l.File != nil:
		return im.takeFile(ctx, *l.File)
	case l.Erasure != nil:
		if err := im.flush(ctx); err != nil {
			return err
		}
		return im.refusalOf(im.q.TransferAddErasure(ctx, im.Primary, l.Erasure.params()))
	}
	t := l.Ticket
	t.complete()
	if err := t.check(time.Now()); err != nil {
		return refusal{err}
	}
	im.users[t.UserID] = append(im.users[t.UserID], t)
	im.lines[t] = n
	im.waiting++
	return nil
}

// takeFile stores the bytes of a file. A ticket that is read later names it.
func (im *Importer) takeFile(ctx context.Context, f file) error {
	if !f.Gone {
		err := im.Files.Restore(ctx, files.Restored{
			ID: f.ID, UserID: f.UserID, Field: f.Field, MediaType: f.MediaType, SHA256: f.SHA256, Phash: f.Phash, Signals: f.Signals, Readings: f.Readings, UploadedBy: f.UploadedBy, Bytes: f.Bytes,
		})
		if errors.Is(err, files.ErrNotRestored) {
			return refusal{err}
		}
		if err := im.refusalOf(err); err != nil {
			return err
		}
	}
	f.Bytes = nil
	im.files[f.ID] = f
	return nil
}

// refuse tells of one line that was not taken.
func (im *Importer) refuse(r Refused) error {
	im.done.Refused++
	return im.Refuse(r)
}

// forget makes room for the tickets of other users.
func (im *Importer) forget() {
	im.users, im.lines, im.files, im.waiting = map[string][]*Ticket{}, map[*Ticket]int64{}, map[uuid.UUID]file{}, 0
}

func decodeStrictly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
