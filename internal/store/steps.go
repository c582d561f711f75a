package store

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// addSteps keeps the steps of a new ticket, unless it is decided.
func (s *Store) addSteps(ctx context.Context, tx pgx.Tx, row db.Ticket, steps []ticket.NewStep) error {
	if len(steps) == 0 || !ticket.Status(row.Status).Open() {
		return nil
	}
	p := db.StepAddParams{UserID: &row.UserID, TicketID: row.ID, SinceMs: row.CreatedAtMs}
	for _, step := range steps {
		p.Turns, p.Names, p.Emails = append(p.Turns, int32(step.Turn)), append(p.Names, step.Name), append(p.Emails, step.Email)
		p.Teams, p.Keys, p.RemindsMs = append(p.Teams, step.Team), append(p.Keys, step.Key), append(p.RemindsMs, step.Remind.Milliseconds())
		p.StandInsMs, p.StandInTeams = append(p.StandInsMs, step.StandIn.Milliseconds()), append(p.StandInTeams, step.StandInTeam)
	}
	return s.q.StepAdd(ctx, tx, p)
}

// keepOpinion keeps a decision as the approval of a step, or as an opinion. It returns pgx.ErrNoRows when it is to be made.
func (s *Store) keepOpinion(ctx context.Context, tx pgx.Tx, user string, p db.PendingDecision) error {
	if p.Status == string(ticket.Approved) {
		step, err := s.q.StepGive(ctx, tx, db.StepGiveParams{UserID: user, TicketID: p.TicketID, GivenBy: p.DecidedBy, Note: p.Note, GrantExtra: p.GrantExtra})
		if err != nil || step > 0 {
			return err
		}
	}
	_, err := s.q.OpinionGive(ctx, tx, opinionParams(p))
	return err
}

// giveStep keeps the approval of a program as that of the ticket's step. It returns ticket.ErrStep when that asks somebody else, and of every
// agent, who gives it by Postpone.
func (s *Store) giveStep(ctx context.Context, id uuid.UUID, version int64, d ticket.Decision) (ticket.Ticket, error) {
	t, err := s.Ticket(ctx, id)
	if err != nil || byAgent(d.By) || d.Status != ticket.Approved {
		return t, orStep(err)
	}
	err = postgres.Transact(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := s.openForOpinion(ctx, tx, id, version); err != nil {
			return err
		}
		step, err := s.q.StepGive(ctx, tx, db.StepGiveParams{UserID: t.UserID, TicketID: id, GivenBy: d.By, Note: d.Note, GrantExtra: d.Grant})
		if err == nil && step == 0 {
			err = pgx.ErrNoRows
		}
		return err
	})
	if !postgres.IsNoRows(err) {
		s.PublishWork(ctx, id)
		return t, postgres.WrapError("give a step", err)
	}
	given, err := s.q.OpinionList(ctx, s.pool, []uuid.UUID{id})
	if slices.ContainsFunc(given, func(o db.Opinion) bool { return o.GivenBy == d.By && o.Verdict == string(d.Status) }) {
		return t, s.confirm(ctx, "confirm a step")
	}
	return t, orStep(err)
}

func orStep(err error) error {
	if err != nil {
		return err
	}
	return ticket.ErrStep
}

// explainStep returns ticket.ErrStep when an open ticket has steps and none is open to an actor.
func (s *Store) explainStep(ctx context.Context, id uuid.UUID, by string) error {
	steps, err := s.q.StepList(ctx, s.pool, []uuid.UUID{id})
	if err != nil || len(steps) == 0 {
		return postgres.WrapError("list steps", err)
	}
	open, err := s.q.StepOpenTo(ctx, s.pool, db.StepOpenToParams{Actor: by, Ids: []uuid.UUID{id}})
	if err != nil || len(open) > 0 {
		return postgres.WrapError("find a step", err)
	}
	return ticket.ErrStep
}
