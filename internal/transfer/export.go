package transfer

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/files"
	"docket/internal/postgres"
)

const exportPage = 500 // tickets

// Exported says what an export wrote.
type Exported struct {
	Tickets, Files int64
	Missing        int64 // files whose bytes were not in the storage; they are written as deleted
}

// exporter writes one export.
type exporter struct {
	q       *db.Queries
	tx      pgx.Tx
	blobs   files.Blobs
	out     *json.Encoder
	written map[uuid.UUID]bool // files of the user whose tickets are written
	done    Exported
}

// Export writes every ticket of a user, or of all with an empty userID, as they are at one time. progress is called with how many
// tickets were written.
func Export(ctx context.Context, pool *postgres.Pool, blobs files.Blobs, userID string, out io.Writer, progress func(int64)) (Exported, error) {
	buffered := bufio.NewWriterSize(out, 1<<20)
	e := exporter{q: db.New(), blobs: blobs, out: json.NewEncoder(buffered)}
	e.out.SetEscapeHTML(false)
	err := postgres.ReadTransaction(ctx, pool, func(tx pgx.Tx) error {
		e.tx = tx
		return e.export(ctx, userID, progress)
	})
	return e.done, errors.Join(err, buffered.Flush())
}

func (e *exporter) export(ctx context.Context, userID string, progress func(int64)) error {
	if err := e.out.Encode(line{Docket: &header{Format}}); err != nil {
		return err
	}
	if err := e.exportForms(ctx); err != nil {
		return err
	}
	next := db.TransferTicketsParams{AfterUser: userID, AfterMs: -1, Max: exportPage}
	for {
		rows, err := e.q.TransferTickets(ctx, e.tx, next)
		if err != nil {
			return postgres.WrapError("read tickets", err)
		}
		more := len(rows) == exportPage
		for i, row := range rows {
			if userID != "" && row.UserID != userID {
				rows, more = rows[:i], false
				break
			}
		}
		if err := e.exportTickets(ctx, rows, next.AfterUser); err != nil {
			return err
		}
		progress(int64(len(rows)))
		if !more {
			return e.exportErasures(ctx, userID)
		}
		last := rows[len(rows)-1]
		next.AfterUser, next.AfterMs, next.AfterID = last.UserID, last.CreatedAtMs, last.ID
	}
}

func (e *exporter) exportForms(ctx context.Context) error {
	forms, err := e.q.TransferForms(ctx, e.tx)
	if err != nil {
		return postgres.WrapError("read forms", err)
	}
	for _, f := range forms {
		if err := e.out.Encode(line{Form: &form{f.Version, string(f.Text)}}); err != nil {
			return err
		}
	}
	return nil
}

// exportTickets writes tickets, and before each the files that it is the first to name.
func (e *exporter) exportTickets(ctx context.Context, rows []db.Ticket, before string) error {
	h, err := readHistory(ctx, e.q, e.tx, rows)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.UserID != before || e.written == nil {
			before, e.written = row.UserID, map[uuid.UUID]bool{}
		}
		for _, f := range h.files[row.ID] {
			if err := e.exportFile(ctx, f); err != nil {
				return err
			}
		}
		if err := e.out.Encode(line{Ticket: h.ticket(row)}); err != nil {
			return err
		}
		e.done.Tickets++
	}
	return nil
}

func (e *exporter) exportFile(ctx context.Context, f namedFile) error {
	if e.written[f.ID] {
		return nil
	}
	e.written[f.ID] = true
	if !f.Gone {
		err := e.readBytes(ctx, &f)
		if errors.Is(err, files.ErrBytesMissing) {
			e.done.Missing++
			f.Gone = true
		} else if err != nil {
			return fmt.Errorf("read file %s: %w", f.ID, err)
		}
	}
	e.done.Files++
	return e.out.Encode(line{File: &f.file})
}

func (e *exporter) readBytes(ctx context.Context, f *namedFile) (err error) {
	if e.blobs == nil {
		return errors.New("no file storage is named")
	}
	body, err := e.blobs.Open(ctx, f.blob)
	if err != nil {
		return err
	}
	f.Bytes, err = io.ReadAll(body)
	return errors.Join(err, body.Close())
}

func (e *exporter) exportErasures(ctx context.Context, userID string) error {
	erasures, err := e.q.TransferErasures(ctx, e.tx, userID)
	if err != nil {
		return postgres.WrapError("read erasures", err)
	}
	for _, r := range erasures {
		written := erasure{UserID: r.UserID, Actor: r.Actor, Reason: r.Reason, HadAccount: r.HadAccount, Tickets: r.Tickets, Files: r.Files, AtMS: r.AtMs}
		if err := e.out.Encode(line{Erasure: &written}); err != nil {
			return err
		}
	}
	return nil
}
