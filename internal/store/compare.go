package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const (
	differMost = 200             // disagreements are listed
	pageTime   = 5 * time.Second // how long a question may take for a page
)

// Compare implements ticket.Desk. It may take longer than other reads, so where it took too long the primary is not asked
// to do the same again.
func (s *Store) Compare(ctx context.Context, from, to time.Time) (found ticket.Comparison, err error) {
	if s.replica.usable(ctx) {
		found, err = compare(ctx, s.replica.pool, pageTime, from, to)
		if err == nil || errors.Is(err, ticket.ErrRangeTooLarge) || ctx.Err() != nil {
			return found, err
		}
		s.rest(err)
	}
	return compare(ctx, s.primary, pageTime, from, to)
}

// Compare is what the Desk of that name says, of a range of any length, to a command that can wait.
func Compare(ctx context.Context, pool *pgxpool.Pool, from, to time.Time) (ticket.Comparison, error) {
	return compare(ctx, pool, commandTime, from, to)
}

// compare lets each of its questions take so long.
func compare(ctx context.Context, pool *pgxpool.Pool, most time.Duration, from, to time.Time) (c ticket.Comparison, err error) {
	q, fromMS, toMS := db.New(), from.UnixMilli(), to.UnixMilli()
	err = patiently(ctx, pool, most, func(tx pgx.Tx) error {
		counts, err := q.VerdictCount(ctx, tx, db.VerdictCountParams{FromMs: fromMS, ToMs: toMS})
		if err != nil {
			return err
		}
		differ, err := q.VerdictDisagreements(ctx, tx, db.VerdictDisagreementsParams{FromMs: fromMS, ToMs: toMS, Most: differMost})
		c = ticket.Comparison{Rules: agreements(counts), Disagreements: disagreements(differ)}
		return err
	})
	if postgres.IsTimeout(err) {
		return c, ticket.ErrRangeTooLarge
	}
	if err != nil {
		return c, postgres.WrapError("compare the rules with people", err)
	}
	return c, nil
}

// agreements gathers the counts of each rule, which stand together.
func agreements(rows []db.VerdictCountRow) (all []ticket.Agreement) {
	for _, r := range rows {
		last := len(all) - 1
		if last < 0 || all[last].Rule != r.Rule || all[last].Hash != r.Hash || all[last].Shadow != r.Shadow {
			all = append(all, ticket.Agreement{Rule: r.Rule, Hash: r.Hash, Shadow: r.Shadow})
			last++
		}
		all[last].Add(ticket.Outcome(r.Outcome), ticket.FinalOutcome(r.Fate), r.Tickets)
	}
	return all
}

func disagreements(rows []db.VerdictDisagreementsRow) []ticket.Disagreement {
	all := make([]ticket.Disagreement, len(rows))
	for i, r := range rows {
		all[i] = ticket.Disagreement{
			Rule: r.Rule, Hash: r.Hash, Said: ticket.Outcome(r.Outcome), ID: r.ID, Status: ticket.Status(r.Status),
			By: text(r.DecidedBy), CreatedAt: time.UnixMilli(r.CreatedAtMs),
		}
	}
	return all
}
