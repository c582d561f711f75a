package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// errUndecided would be a new ticket that its own transaction cannot decide.
var errUndecided = errors.New("a new ticket is not there to be decided")

// judge keeps what the rules say of a new ticket and lets them decide it. The user's other tickets are counted in the
// same transaction: where a form allows one open ticket, whoever submits twice at once is judged one after the other.
func (s *Store) judge(ctx context.Context, tx pgx.Tx, row db.Ticket, sub ticket.Submission) (db.Ticket, error) {
	said := sub.Evaluation
	if sub.Evaluate != nil {
		tally, err := s.tally(ctx, tx, row)
		if err != nil {
			return row, err
		}
		said = sub.Evaluate(tally)
	}
	if len(said.Verdicts) > 0 {
		if err := s.q.VerdictAdd(ctx, tx, verdicts(row, said.Verdicts)); err != nil {
			return row, err
		}
	}
	if said.Decision.Status == "" {
		return row, nil
	}
	decided, err := sole(tickets(s.q.TicketDecide(ctx, tx, []db.TicketDecideParams{decideParams(row.ID, row.Version, said.Decision)})))
	if postgres.IsNoRows(err) {
		return row, errUndecided
	}
	return decided, err
}

// tally counts the user's tickets beside this one.
func (s *Store) tally(ctx context.Context, tx pgx.Tx, row db.Ticket) (ticket.StatusCounts, error) {
	rows, err := s.q.TicketTally(ctx, tx, db.TicketTallyParams{UserID: row.UserID, But: row.ID})
	tally := ticket.StatusCounts{}
	for _, r := range rows {
		tally[ticket.Status(r.Status)] = int(r.Tickets)
	}
	return tally, err
}

func verdicts(row db.Ticket, said []ticket.Verdict) db.VerdictAddParams {
	p := db.VerdictAddParams{TicketID: row.ID, AtMs: row.CreatedAtMs}
	for _, v := range said {
		p.Rules, p.Hashes, p.Shadows = append(p.Rules, v.Rule), append(p.Hashes, v.Hash), append(p.Shadows, v.Shadow)
		p.Outcomes, p.Reasons = append(p.Outcomes, string(v.Outcome)), append(p.Reasons, v.Reason)
	}
	return p
}
