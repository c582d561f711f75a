package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Withdraw implements ticket.Desk.
func (s *Store) Withdraw(ctx context.Context, userID string, id uuid.UUID) (ticket.Ticket, error) {
	return s.withdraw(ctx, id,
		func(ctx context.Context, conn *pgx.Conn) (db.Ticket, error) {
			return s.q.TicketWithdraw(ctx, conn, db.TicketWithdrawParams{ID: id, UserID: userID})
		},
		func(t ticket.Ticket) bool { return t.UserID == userID })
}

// WithdrawSent implements ticket.Desk.
func (s *Store) WithdrawSent(ctx context.Context, by string, id uuid.UUID) (ticket.Ticket, error) {
	return s.withdraw(ctx, id,
		func(ctx context.Context, conn *pgx.Conn) (db.Ticket, error) {
			return s.q.TicketWithdrawSent(ctx, conn, db.TicketWithdrawSentParams{ID: id, SubmittedBy: by})
		},
		func(t ticket.Ticket) bool { return t.SubmittedBy == by })
}

// withdraw closes a ticket by a statement that does so only where the ticket is the caller's, which owned tells afterwards.
func (s *Store) withdraw(ctx context.Context, id uuid.UUID,
	statement func(context.Context, *pgx.Conn) (db.Ticket, error), owned func(ticket.Ticket) bool,
) (ticket.Ticket, error) {
	ctx, cancel := postgres.DetachWrite(ctx, s.pool)
	defer cancel()
	row, err := postgres.RetryIfOutcomeUnknown(ctx, func() (row db.Ticket, err error) {
		err = postgres.RunWrite(ctx, s.pool, func(conn *pgx.Conn) (err error) {
			row, err = statement(ctx, conn)
			return err
		})
		return row, err
	})
	if postgres.IsNoRows(err) {
		return s.explainNoWithdrawal(ctx, id, owned)
	}
	if err != nil {
		err = postgres.WrapError("withdraw a ticket", err)
		if wroteNothing(err) {
			return ticket.Ticket{}, err
		}
		return s.publishUnknown(ctx, id), err
	}
	s.Publish(ctx, ticket.Change{UserID: row.UserID})
	return fromRow(row), nil
}

// explainNoWithdrawal finds out why a withdrawal closed no ticket.
func (s *Store) explainNoWithdrawal(ctx context.Context, id uuid.UUID, owned func(ticket.Ticket) bool) (ticket.Ticket, error) {
	t, err := s.Ticket(ctx, id)
	switch {
	case err != nil:
		return t, err
	case !owned(t):
		return ticket.Ticket{}, ticket.ErrNotFound
	case t.Status != ticket.Withdrawn:
		return t, ticket.ErrDecided
	}
	s.Publish(ctx, ticket.Change{UserID: t.UserID}) // as for a decision
	return t, s.confirm(ctx, "confirm a withdrawal")
}
