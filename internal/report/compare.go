package report

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const maxDisagreements = 200 // are listed

// Compare sets what rules said of the tickets that were created in [from, to) beside what people decided of them.
func Compare(ctx context.Context, pool *postgres.Pool, from, to time.Time) (ticket.Comparison, error) {
	return compareWithin(ctx, pool, commandTimeout, from, to)
}

func compareWithin(ctx context.Context, pool *postgres.Pool, timeout time.Duration, from, to time.Time) (c ticket.Comparison, err error) {
	q, fromMS, toMS := db.New(), from.UnixMilli(), to.UnixMilli()
	err = withStatementTimeout(ctx, pool, timeout, func(tx pgx.Tx) error {
		counts, err := q.VerdictCount(ctx, tx, db.VerdictCountParams{FromMs: fromMS, ToMs: toMS})
		if err != nil {
			return err
		}
		differ, err := q.VerdictDisagreements(ctx, tx, db.VerdictDisagreementsParams{FromMs: fromMS, ToMs: toMS, Most: maxDisagreements})
		c = ticket.Comparison{Rules: groupByRule(counts), Disagreements: listDisagreements(differ)}
		return err
	})
	if postgres.IsTimeout(err) {
		return c, ErrRangeTooLarge
	}
	if err != nil {
		return c, postgres.WrapError("compare the rules with people", err)
	}
	return c, nil
}

// groupByRule gathers the counts of each rule, which are next to each other.
func groupByRule(rows []db.VerdictCountRow) (all []ticket.Agreement) {
	for _, r := range rows {
		last := len(all) - 1
		if last < 0 || all[last].Rule != r.Rule || all[last].Hash != r.Hash || all[last].Shadow != r.Shadow {
			all = append(all, ticket.Agreement{Rule: r.Rule, Hash: r.Hash, Shadow: r.Shadow})
			last++
		}
		all[last].Add(ticket.Outcome(r.Outcome), ticket.FinalOutcome(r.FinalOutcome), r.Tickets)
	}
	return all
}

func listDisagreements(rows []db.VerdictDisagreementsRow) []ticket.Disagreement {
	all := make([]ticket.Disagreement, len(rows))
	for i, r := range rows {
		all[i] = ticket.Disagreement{
			Rule: r.Rule, Hash: r.Hash, Outcome: ticket.Outcome(r.Outcome), ID: r.ID, Status: ticket.Status(r.Status),
			By: r.DecidedBy, CreatedAt: time.UnixMilli(r.CreatedAtMs),
		}
	}
	return all
}
