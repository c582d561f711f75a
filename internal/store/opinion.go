package store

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// GiveFirstOpinion implements ticket.Desk.
func (s *Store) GiveFirstOpinion(ctx context.Context, id uuid.UUID, version int64, d ticket.Decision) (ticket.Ticket, error) {
	ctx, cancel := postgres.DetachWrite(ctx, s.pool)
	defer cancel()
	row, err := postgres.RetryIfOutcomeUnknown(ctx, func() (row db.Ticket, err error) {
		err = postgres.Transact(ctx, s.pool, func(tx pgx.Tx) error {
			if row, err = s.openForOpinion(ctx, tx, id, version); err != nil {
				return err
			}
			return s.giveFirst(ctx, tx, id, d)
		})
		return row, err
	})
	switch {
	case postgres.IsNoRows(err):
		return s.explainNoDecision(ctx, id, version, d)
	case errors.Is(err, ticket.ErrOpinion):
		return fromRow(row), err
	case err != nil:
		return ticket.Ticket{}, postgres.WrapError("give an opinion", err)
	}
	s.PublishWork(ctx, id)
	return fromRow(row), nil
}

// openForOpinion locks a ticket that a program may give an opinion of.
func (s *Store) openForOpinion(ctx context.Context, tx pgx.Tx, id uuid.UUID, version int64) (row db.Ticket, err error) {
	on, user, err := s.pool.LockTicket(ctx, tx, id)
	if err != nil {
		return row, err
	}
	return s.q.OpinionOpen(ctx, on, db.OpinionOpenParams{OfUser: user, ID: id, Version: version})
}

// giveFirst keeps a decision as the first opinion of a ticket that is locked. It returns ticket.ErrOpinion if there is one, unless that is
// the same.
func (s *Store) giveFirst(ctx context.Context, tx pgx.Tx, id uuid.UUID, d ticket.Decision) error {
	given, err := s.q.OpinionList(ctx, tx, []uuid.UUID{id})
	switch {
	case err != nil:
		return err
	case len(given) == 0:
		_, err = s.q.OpinionGive(ctx, tx, firstOpinionParams(id, d))
		return err
	case len(given) > 1 || given[0].GivenBy != d.By || given[0].Verdict != string(d.Status):
		return ticket.ErrOpinion
	}
	return nil
}

func firstOpinionParams(id uuid.UUID, d ticket.Decision) db.OpinionGiveParams {
	p := db.OpinionGiveParams{TicketID: id, GivenBy: d.By, Verdict: string(d.Status), Note: d.Note, GrantExtra: d.Grant, Second: true}
	if d.Status == ticket.Rejected {
		p.Reasons, p.Class, p.RejectRows, p.Comment = d.Reasons, postgres.OrNull(string(d.Class)), d.Rows, d.Comment
	}
	return p
}
