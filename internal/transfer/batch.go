package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/store"
)

// batch is one transaction that adds tickets.
type batch struct {
	im      *Importer
	tx      pgx.Tx
	tickets []*Ticket
}

func (b batch) write(ctx context.Context, p plan, users []string) error {
	if _, err := b.tx.Exec(ctx, "SET CONSTRAINTS ALL IMMEDIATE"); err != nil {
		return err
	}
	for _, r := range p.rounds {
		if err := b.writeRound(ctx, r); err != nil {
			return err
		}
	}
	if len(p.firsts) > 0 {
		var first db.TransferLowerFirstParams
		for user, ms := range p.firsts {
			first.Users, first.Ms = append(first.Users, user), append(first.Ms, ms)
		}
		if err := b.im.q.TransferLowerFirst(ctx, b.tx, first); err != nil {
			return err
		}
	}
	if err := errors.Join(b.writeHistory(ctx), b.forgetFiles(ctx)); err != nil {
		return err
	}
	if err := store.Index(ctx, b.tx, b.indexed(), b.im.Index); err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(b.tickets))
	for i, t := range b.tickets {
		ids[i] = t.ID
	}
	return b.im.q.TransferSettle(ctx, b.tx, db.TransferSettleParams{Ids: ids, Users: users})
}

func (b batch) writeRound(ctx context.Context, r round) error {
	bySender, others := partition(r.added, func(t *Ticket) bool { return t.BySender })
	if err := b.addTickets(ctx, others, r.latest); err != nil {
		return err
	}
	if err := b.with(ctx, "docket.withdrawn_by_sender", "yes", len(bySender), func() error { return b.addTickets(ctx, bySender, nil) }); err != nil {
		return err
	}
	if len(r.expired) > 0 {
		var p db.TransferExpireParams
		for _, t := range r.expired {
			p.Ids, p.AtMs = append(p.Ids, t.ID), append(p.AtMs, t.ExpiredMS)
		}
		if err := b.im.q.TransferExpire(ctx, b.tx, p); err != nil {
			return err
		}
	}
	if len(r.revoked) > 0 {
		rows, err := json.Marshal(rowsOf(r.revoked, (*Ticket).revokedRow))
		if err != nil {
			return err
		}
		if err := b.im.q.TransferRevoke(ctx, b.tx, rows); err != nil {
			return err
		}
	}
	return b.with(ctx, "docket.erasing", "on", len(r.erased), func() error { return b.erase(ctx, r.erased) })
}

// partition splits tickets into those that are of a kind and the rest.
func partition(all []*Ticket, is func(*Ticket) bool) (of, rest []*Ticket) {
	for _, t := range all {
		if is(t) {
			of = append(of, t)
		} else {
			rest = append(rest, t)
		}
	}
	return of, rest
}

// with has the triggers see a setting while something is written of some tickets.
func (b batch) with(ctx context.Context, setting, value string, tickets int, write func() error) error {
	if tickets == 0 {
		return nil
	}
	if _, err := b.tx.Exec(ctx, "SELECT set_config($1, $2, true)", setting, value); err != nil {
		return err
	}
	if err := write(); err != nil {
		return err
	}
	_, err := b.tx.Exec(ctx, "SELECT set_config($1, 'off', true)", setting)
	return err
}

func (b batch) addTickets(ctx context.Context, tickets []*Ticket, latest []uuid.UUID) error {
	if len(tickets) == 0 {
		return nil
	}
	rows, err := json.Marshal(rowsOf(tickets, (*Ticket).row))
	if err != nil {
		return err
	}
	added, err := b.im.q.TransferAddTickets(ctx, b.tx, db.TransferAddTicketsParams{Rows: rows, Latest: latest})
	if err != nil {
		return err
	}
	if added != int64(len(tickets)) {
		return refusal{errors.New("there is another ticket of this submission_key and submitted_by")}
	}
	return b.nameFiles(ctx, tickets)
}

// erase writes that tickets were erased, as the functions of erasures do.
func (b batch) erase(ctx context.Context, tickets []*Ticket) error {
	var p db.TransferEraseParams
	for _, t := range tickets {
		p.Ids, p.AtMs = append(p.Ids, t.ID), append(p.AtMs, t.Erased.AtMS)
		p.Actors, p.Reasons = append(p.Actors, t.Erased.By), append(p.Reasons, t.Erased.Reason)
		p.Withdrew = append(p.Withdrew, t.ByEraser)
	}
	return b.im.q.TransferErase(ctx, b.tx, p)
}

// nameFiles has tickets name their files.
func (b batch) nameFiles(ctx context.Context, tickets []*Ticket) error {
	var p db.TransferNameFilesParams
	for _, t := range tickets {
		for _, id := range t.Files {
			f, known := b.im.files[id]
			if !known {
				return refusal{fmt.Errorf("ticket %s names the file %s, which no line before it holds", t.ID, id)}
			}
			if f.Gone {
				if err := b.addGone(ctx, f); err != nil {
					return err
				}
			}
			p.Ids, p.Tickets, p.CreatedAtMs = append(p.Ids, id), append(p.Tickets, t.ID), append(p.CreatedAtMs, f.CreatedMS)
		}
	}
	if len(p.Ids) == 0 {
		return nil
	}
	return b.im.q.TransferNameFiles(ctx, b.tx, p)
}

// addGone adds a file without bytes. Until the end of the transaction it is as one that has some: only such a file can be named.
func (b batch) addGone(ctx context.Context, f file) error {
	there, err := b.im.q.TransferFilesOf(ctx, b.tx, []uuid.UUID{f.ID})
	if err != nil || len(there) > 0 {
		return err
	}
	err = b.im.q.FileAdd(ctx, b.tx, db.FileAddParams{
		ID: f.ID, UserID: f.UserID, Field: f.Field, Blob: strings.ToLower(f.ID.String()), MediaType: f.MediaType, Size: f.Size,
		Sha256: make([]byte, 32), Signals: []byte("{}"), Readings: []byte("{}"), UploadedBy: f.UploadedBy,
	})
	if err != nil {
		return err
	}
	_, err = b.im.q.FileConfirm(ctx, b.tx, f.ID)
	return err
}

// forgetFiles notes which files have no bytes.
func (b batch) forgetFiles(ctx context.Context) error {
	var gone []uuid.UUID
	for _, t := range b.tickets {
		for _, id := range t.Files {
			if b.im.files[id].Gone {
				gone = append(gone, id)
			}
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return b.im.q.TransferForgetFiles(ctx, b.tx, gone)
}

// indexed are the tickets that can be found.
func (b batch) indexed() (rows []db.TicketWordsPageRow) {
	for _, t := range b.tickets {
		if t.Erased == nil {
			rows = append(rows, db.TicketWordsPageRow{ID: t.ID, Extra: t.Extra, CreatedAtMs: t.CreatedMS})
		}
	}
	return rows
}
