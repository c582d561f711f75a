package rollup

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
)

// countTimeout is for one statement: a slot may have very many events.
const countTimeout = "SET LOCAL statement_timeout = '20s'"

// Count counts what has happened and is not counted yet: first what is new, then, for no longer than a part of a minute, what was
// before. It does nothing while another instance counts.
func (r *Rollups) Count(ctx context.Context) error {
	stop := time.Now().Add(r.patience)
	for _, step := range []func(context.Context, *turn) (more bool, err error){r.countWaiting, r.countRecent, r.countLate, r.settleNext} {
		for more := true; more && time.Now().Before(stop); {
			var err error
			if more, err = r.takeTurn(ctx, step); err != nil {
				return postgres.WrapError("count what happened", err)
			}
		}
	}
	return nil
}

// turn is a transaction in which no other instance counts.
type turn struct {
	db.RollupLockRow
	tx pgx.Tx
}

// takeTurn does a step in a transaction; nothing while another instance counts.
func (r *Rollups) takeTurn(ctx context.Context, step func(context.Context, *turn) (bool, error)) (more bool, err error) {
	err = postgres.Transact(ctx, r.primary, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, countTimeout); err != nil {
			return err
		}
		state, err := r.q.RollupLock(ctx, tx)
		if postgres.IsNoRows(err) {
			return nil
		}
		if err == nil {
			more, err = step(ctx, &turn{state, tx})
		}
		return err
	})
	return more && err == nil, err
}

// waitingTime is how far back what waits is counted by slot.
const waitingTime = 4 * dayTime

// countWaiting counts what waits now.
func (r *Rollups) countWaiting(ctx context.Context, t *turn) (bool, error) {
	return false, r.q.RollupWaitingCount(ctx, t.tx, roundDown(t.NowMs, slotTime)-waitingTime.Milliseconds())
}

// settleNext counts the next slot of which everything is known, and reports whether another may follow. When there is none it
// marks the present: what ended long before that is known once every transaction of now has ended.
func (r *Rollups) settleNext(ctx context.Context, t *turn) (more bool, err error) {
	if t.SettledMs == 0 {
		first, err := r.q.RollupFirst(ctx, t.tx)
		if postgres.IsNoRows(err) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		t.SettledMs = roundDown(first, slotTime)
	}
	end := t.SettledMs + slotTime.Milliseconds()
	switch {
	case t.Proven && end <= t.MarkMs-r.settle.Milliseconds():
		if err := r.countSlots(ctx, t.tx, t.SettledMs, end); err != nil {
			return false, err
		}
		return true, r.q.RollupSettle(ctx, t.tx, end)
	case t.Proven || t.MarkMs == 0 || t.ForeignMark:
		return false, r.q.RollupMark(ctx, t.tx)
	}
	return false, nil
}

// countLate counts a slot again to which events were added late, and reports whether there may be another. One of which the archive has
// something it leaves as it was counted: the count reads what is not archived.
func (r *Rollups) countLate(ctx context.Context, t *turn) (more bool, err error) {
	slot, err := r.q.RollupLate(ctx, t.tx)
	if postgres.IsNoRows(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := r.q.RollupArchiveLock(ctx, t.tx); err != nil {
		return false, err
	}
	archived, err := r.q.RollupArchived(ctx, t.tx, slot)
	if err != nil {
		return false, err
	}
	if archived {
		r.log.Warn("what came late to a half hour is not counted, as tickets of it are archived", "half_hour", time.UnixMilli(slot).UTC())
		return true, nil
	}
	return true, r.countSlots(ctx, t.tx, slot, slot+slotTime.Milliseconds())
}

// countRecent counts what is not settled yet; of a longer time, while what was before is still counted, the last hours.
func (r *Rollups) countRecent(ctx context.Context, t *turn) (bool, error) {
	from := max(t.SettledMs, roundDown(t.NowMs, slotTime)-(2*r.settle).Milliseconds())
	return false, r.countSlots(ctx, t.tx, from, roundDown(t.NowMs, slotTime)+slotTime.Milliseconds())
}

// countSlots counts the slots of a range, and adds up the days that it is in.
func (r *Rollups) countSlots(ctx context.Context, tx pgx.Tx, fromMS, toMS int64) error {
	if err := r.q.RollupCount(ctx, tx, db.RollupCountParams{FromMs: fromMS, ToMs: toMS}); err != nil {
		return err
	}
	for day := roundDown(fromMS, dayTime); day < toMS; day += dayTime.Milliseconds() {
		if err := r.q.RollupAddUp(ctx, tx, day); err != nil {
			return err
		}
	}
	return nil
}

// roundDown is the last multiple of a unit that is not after a time.
func roundDown(ms int64, unit time.Duration) int64 { return ms - ms%unit.Milliseconds() }
