package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// errNotDecided would be a new ticket that its own transaction cannot decide.
var errNotDecided = errors.New("the new ticket cannot be decided by a rule")

// evaluate stores what the rules say of a new ticket and lets them decide it, or give the first of two opinions. The user's other tickets are counted in the
// same transaction: where a form allows one open ticket, two submissions of a user at once are evaluated one after the other.
func (s *Store) evaluate(ctx context.Context, tx pgx.Tx, row db.Ticket, sub ticket.Submission) (db.Ticket, error) {
	evaluation := sub.Evaluation
	if sub.Evaluate != nil {
		others, err := s.countOthers(ctx, tx, row, sub)
		if err != nil {
			return row, err
		}
		evaluation = sub.Evaluate(others)
	}
	if len(evaluation.Verdicts) > 0 {
		if err := s.q.VerdictAdd(ctx, tx, verdictParams(row, evaluation.Verdicts)); err != nil {
			return row, err
		}
	}
	if evaluation.Decision.Status == "" {
		return row, nil
	}
	if evaluation.Decision.Second {
		_, err := s.q.OpinionGive(ctx, tx, firstOpinionParams(row.ID, evaluation.Decision))
		return row, err
	}
	c := closing{id: row.ID, version: row.Version, Decision: evaluation.Decision, ignorePlaced: true}
	if err := s.addTerms(ctx, tx, &c); err != nil {
		return row, err
	}
	decided, err := firstTicket(s.decideBatch(ctx, tx, []closing{c}))
	if postgres.IsNoRows(err) {
		return row, errNotDecided
	}
	return decided, err
}

// countOthers counts the user's tickets beside this one and, if asked, other users with an identity of it.
func (s *Store) countOthers(ctx context.Context, tx pgx.Tx, row db.Ticket, sub ticket.Submission) (ticket.Others, error) {
	rows, err := s.q.TicketCountByStatus(ctx, tx, db.TicketCountByStatusParams{UserID: row.UserID, But: row.ID})
	others := ticket.Others{Counts: ticket.StatusCounts{}}
	for _, r := range rows {
		others.Counts[ticket.Status(r.Status)] += int(r.Tickets)
	}
	if err == nil && len(sub.Windows) > 0 {
		others.Windows, err = s.countWindows(ctx, tx, row.UserID, row.ID, sub.Windows)
	}
	if err == nil && sub.CountSamePerson && len(sub.Identities) > 0 {
		others.SamePerson, err = s.countSamePerson(ctx, tx, sub)
	}
	return others, err
}

func verdictParams(row db.Ticket, verdicts []ticket.Verdict) db.VerdictAddParams {
	p := db.VerdictAddParams{UserID: &row.UserID, TicketID: row.ID, AtMs: row.CreatedAtMs}
	for _, v := range verdicts {
		p.Rules, p.Hashes, p.Shadows = append(p.Rules, v.Rule), append(p.Hashes, v.Hash), append(p.Shadows, v.Shadow)
		p.Outcomes, p.Reasons = append(p.Outcomes, string(v.Outcome)), append(p.Reasons, v.Reason)
	}
	return p
}
