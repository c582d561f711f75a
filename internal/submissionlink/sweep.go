package submissionlink

import (
	"context"
	"log/slog"
	"time"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/sleep"
)

const (
	sweepInterval = 10 * time.Minute
	sweepBatch    = 100
	keptAfterEnd  = 30 * 24 * time.Hour // a link; until then its page says what to do
	draftAfterEnd = 24 * time.Hour
)

// Sweep deletes links that ended long ago, and drafts of those that have ended, from time to time until ctx ends.
func (s *Links) Sweep(ctx context.Context, log *slog.Logger) error {
	for sleep.For(ctx, sweepInterval) == nil {
		if err := s.DeleteOld(ctx); err != nil && ctx.Err() == nil {
			log.Warn("old submission links were not deleted; the next round tries again", "error", err)
		}
	}
	return nil
}

// DeleteOld does one round of Sweep.
func (s *Links) DeleteOld(ctx context.Context) error {
	if err := s.q.SubmissionLinkDeleteDrafts(ctx, s.primary, draftAfterEnd.Milliseconds()); err != nil {
		return postgres.WrapError("delete drafts of submission links", err)
	}
	for {
		deleted, err := s.q.SubmissionLinkDeleteOld(ctx, s.primary, db.SubmissionLinkDeleteOldParams{AgeMs: keptAfterEnd.Milliseconds(), Most: sweepBatch})
		if err != nil {
			return postgres.WrapError("delete old submission links", err)
		}
		if deleted < sweepBatch {
			return nil
		}
	}
}
