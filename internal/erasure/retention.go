package erasure

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/form"
	"docket/internal/mac"
	"docket/internal/postgres"
	"docket/internal/sleep"
	"docket/internal/ticket"
)

// A page is read, or a batch erased, in a fraction of a second, so that a sweep delays nobody.
const (
	pageSize   = 500
	eraseBatch = 100
	pagePause  = 100 * time.Millisecond // between pages of a sweep

	firstSweep    = 5 * time.Minute // after the start
	sweepInterval = 6 * time.Hour   // from the end of one sweep to the next
)

// DraftClass is the class of drafts; the others are statuses of tickets.
const DraftClass = "drafts"

// Due says how much of one class the form does not keep any more.
type Due struct {
	Class  string    // a status of tickets, or DraftClass
	Before time.Time // what was closed, or saved last, before this is due
	Count  int64
	Oldest time.Time // zero: none
}

// keptClass is a class with a time in the form.
type keptClass struct {
	status ticket.Status
	period form.Period
}

// keptClasses are the classes of tickets for which the form has a time.
func keptClasses(r form.Retain) []keptClass {
	all := []keptClass{{ticket.Approved, r.Approved}, {ticket.Rejected, r.Rejected}, {ticket.Withdrawn, r.Withdrawn}, {ticket.Revoked, r.Revoked}}
	return slices.DeleteFunc(all, func(c keptClass) bool { return c.period == form.Period{} })
}

// Report counts what is due. Tickets of users on hold are not, and no latest approval is.
func (e *Erasures) Report(ctx context.Context, r form.Retain, now time.Time) ([]Due, error) {
	return e.eachClass(ctx, r, now, func([]uuid.UUID) (int64, error) { return 0, nil })
}

// EraseDue erases what is due, and says how much that was.
func (e *Erasures) EraseDue(ctx context.Context, r form.Retain, now time.Time) ([]Due, error) {
	return e.eraseDue(ctx, r, now, 0)
}

func (e *Erasures) eraseDue(ctx context.Context, r form.Retain, now time.Time, pause time.Duration) ([]Due, error) {
	found, err := e.eachClass(ctx, r, now, func(due []uuid.UUID) (skipped int64, err error) {
		for batch := range slices.Chunk(due, eraseBatch) {
			erased, err := e.eraseTickets(ctx, batch)
			if err != nil {
				return 0, err
			}
			skipped += int64(len(batch)) - erased
		}
		return skipped, sleep.For(ctx, pause)
	})
	if err != nil {
		return found, err
	}
	if r.Drafts != (form.Period{}) {
		if err := e.deleteOldDrafts(ctx, now.Sub(r.Drafts.Before(now))); err != nil {
			return found, err
		}
	}
	return found, e.deleteBytes(ctx, "")
}

// deleteOldDrafts deletes drafts that were saved last longer ago than an age, but not of users on hold.
func (e *Erasures) deleteOldDrafts(ctx context.Context, age time.Duration) error {
	for {
		deleted, err := e.q.DraftDeleteOld(ctx, e.primary, db.DraftDeleteOldParams{AgeMs: age.Milliseconds(), Most: eraseBatch})
		if err != nil {
			return postgres.WrapError("delete old drafts", err)
		}
		if deleted < eraseBatch {
			return nil
		}
	}
}

// eraseTickets returns how many of some tickets it erased; of the others some are locked, or not due any more.
func (e *Erasures) eraseTickets(ctx context.Context, ids []uuid.UUID) (erased int64, err error) {
	params := db.EraseTicketsParams{
		Ids: ids, Actor: Retention, Reason: Retention, Mac: e.macKey.Sum("erase tickets", mac.Array(ids), mac.Text(Retention), mac.Text(Retention)),
	}
	err = postgres.Transact(ctx, e.primary, func(tx pgx.Tx) error {
		if err := setTimeouts(ctx, tx); err != nil {
			return err
		}
		erased, err = e.q.EraseTickets(ctx, tx, params)
		return err
	})
	if err != nil {
		return 0, postgres.WrapError("erase tickets", err)
	}
	return erased, nil
}

// eachClass finds what is due of each class. visit is called with the tickets of a page that are, and returns how many of them
// do not count.
func (e *Erasures) eachClass(ctx context.Context, r form.Retain, now time.Time, visit func(due []uuid.UUID) (skipped int64, err error)) ([]Due, error) {
	var all []Due
	for _, class := range keptClasses(r) {
		found := Due{Class: string(class.status), Before: class.period.Before(now)}
		for _, read := range []readPage{e.q.RetentionPage, e.readArchivedPage} {
			if err := e.eachPage(ctx, &found, read, visit); err != nil {
				return all, err
			}
		}
		all = append(all, found)
	}
	if r.Drafts != (form.Period{}) {
		found := Due{Class: DraftClass, Before: r.Drafts.Before(now)}
		row, err := e.q.RetentionDrafts(ctx, e.primary, found.Before.UnixMilli())
		if err != nil {
			return all, postgres.WrapError("count old drafts", err)
		}
		if found.Count = row.Drafts; row.Drafts > 0 {
			found.Oldest = time.UnixMilli(row.OldestMs)
		}
		all = append(all, found)
	}
	return all, nil
}

// readPage reads the next closed tickets of a class.
type readPage func(ctx context.Context, conn db.DBTX, p db.RetentionPageParams) ([]db.RetentionPageRow, error)

// readArchivedPage is a readPage of the archive.
func (e *Erasures) readArchivedPage(ctx context.Context, conn db.DBTX, p db.RetentionPageParams) ([]db.RetentionPageRow, error) {
	rows, err := e.q.ArchivedRetentionPage(ctx, conn, db.ArchivedRetentionPageParams(p))
	found := make([]db.RetentionPageRow, len(rows))
	for i, row := range rows {
		found[i] = db.RetentionPageRow(row)
	}
	return found, err
}

// eachPage goes through the closed tickets of one class, and counts those that are due.
func (e *Erasures) eachPage(ctx context.Context, found *Due, read readPage, visit func(due []uuid.UUID) (int64, error)) error {
	params := db.RetentionPageParams{Status: found.Class, BeforeMs: found.Before.UnixMilli(), Most: pageSize}
	for {
		rows, err := read(ctx, e.primary, params)
		if err != nil {
			return postgres.WrapError("find what is due", err)
		}
		var due []uuid.UUID
		for _, row := range rows {
			if params.AfterMs, params.AfterID = row.UpdatedAtMs, row.ID; row.Due {
				due = append(due, row.ID)
				if at := time.UnixMilli(row.UpdatedAtMs); found.Oldest.IsZero() || at.Before(found.Oldest) {
					found.Oldest = at
				}
			}
		}
		skipped, err := visit(due)
		if err != nil {
			return err
		}
		if found.Count += int64(len(due)) - skipped; len(rows) < pageSize {
			return nil
		}
	}
}

// Sweep erases what is due from time to time until ctx ends. Any number of instances may do so.
func (e *Erasures) Sweep(ctx context.Context, r form.Retain, log *slog.Logger) error {
	if r == (form.Retain{}) {
		return nil
	}
	for wait := firstSweep; sleep.For(ctx, wait) == nil; wait = sweepInterval {
		if err := e.sweep(ctx, r); err != nil && ctx.Err() == nil {
			log.Warn("what is due was not all erased; the next sweep tries again", "error", err)
		}
	}
	return nil
}

func (e *Erasures) sweep(ctx context.Context, r form.Retain) error {
	now, err := e.primary.Now(ctx)
	if err != nil {
		return err
	}
	_, err = e.eraseDue(ctx, r, now, pagePause)
	return err
}
