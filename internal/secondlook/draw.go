package secondlook

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/sleep"
)

const (
	drawInterval = time.Minute
	drawOverlap  = 10 * time.Minute // what is drawn of again: a decision may have been committed after a later one was drawn of
	drawStep     = time.Hour        // what is drawn of in one transaction
	drawBack     = 24 * time.Hour   // no older decision is drawn, such as of a time in which the form did not ask for it
	keepTime     = 14 * 24 * time.Hour
	mostDropped  = 1000 // looks in one sweep
)

// Sweep draws again and again until ctx ends; nothing when the share is 0. Any number of instances may do so: they take turns.
func (l *Looks) Sweep(ctx context.Context, log *slog.Logger) error {
	for failed := false; l.share > 0; {
		err := l.Draw(ctx)
		if err != nil && ctx.Err() == nil && !failed {
			log.Warn("no ticket is drawn for a second look; the next sweep tries again", "error", err)
		}
		failed = err != nil
		if sleep.For(ctx, drawInterval) != nil {
			return nil
		}
	}
	return nil
}

// Draw draws of the decisions of which nothing was drawn yet, and removes looks that nobody has given for two weeks. The first time it
// only notes from when on decisions are drawn of.
func (l *Looks) Draw(ctx context.Context) error {
	for more := true; more; {
		err := postgres.Transact(ctx, l.primary, func(tx pgx.Tx) (err error) {
			more, err = l.drawStep(ctx, tx)
			return err
		})
		if err != nil {
			return postgres.WrapError("draw tickets for a second look", err)
		}
	}
	return nil
}

// drawStep draws of an hour at most, and reports whether there is more to draw of.
func (l *Looks) drawStep(ctx context.Context, tx pgx.Tx) (more bool, err error) {
	state, err := l.q.SecondLookLock(ctx, tx)
	if postgres.IsNoRows(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	to := state.NowMs
	if state.DrawnMs > 0 {
		from := max(state.DrawnMs, state.NowMs-drawBack.Milliseconds())
		to = min(state.NowMs, from+drawStep.Milliseconds())
		if err := l.q.SecondLookDraw(ctx, tx, db.SecondLookDrawParams{FromMs: from - drawOverlap.Milliseconds(), ToMs: to, Threshold: int64(l.share * (1 << 32))}); err != nil {
			return false, err
		}
		if err := l.q.SecondLookDropOld(ctx, tx, db.SecondLookDropOldParams{BeforeMs: state.NowMs - keepTime.Milliseconds(), Most: mostDropped}); err != nil {
			return false, err
		}
	}
	return to < state.NowMs, l.q.SecondLookSetDrawn(ctx, tx, to)
}
