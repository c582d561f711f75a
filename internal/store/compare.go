package store

import (
	"context"
	"time"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// differMost is how many disagreements are listed.
const differMost = 200

// Compare implements ticket.Desk.
func (s *Store) Compare(ctx context.Context, from, to time.Time) (ticket.Comparison, error) {
	found, err := read(ctx, s, func(ctx context.Context, on db.DBTX) (c ticket.Comparison, err error) {
		counts, err := s.q.VerdictCount(ctx, on, db.VerdictCountParams{FromMs: from.UnixMilli(), ToMs: to.UnixMilli()})
		if err != nil {
			return c, err
		}
		differ, err := s.q.VerdictDisagreements(ctx, on, db.VerdictDisagreementsParams{
			FromMs: from.UnixMilli(), ToMs: to.UnixMilli(), Most: differMost,
		})
		return ticket.Comparison{Rules: agreements(counts), Disagreements: disagreements(differ)}, err
	})
	if err != nil {
		return found, postgres.Fault("compare the rules with people", err)
	}
	return found, nil
}

// agreements gathers the counts of each rule, which stand together.
func agreements(rows []db.VerdictCountRow) (all []ticket.Agreement) {
	for _, r := range rows {
		last := len(all) - 1
		if last < 0 || all[last].Rule != r.Rule || all[last].Hash != r.Hash || all[last].Shadow != r.Shadow {
			all = append(all, ticket.Agreement{Rule: r.Rule, Hash: r.Hash, Shadow: r.Shadow})
			last++
		}
		all[last].Add(ticket.Outcome(r.Outcome), ticket.Fate(r.Fate), r.Tickets)
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
