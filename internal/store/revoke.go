package store

import (
	"context"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Revoke implements ticket.Desk. The database removes the user's latest approval if it is this one, and tells every instance.
func (s *Store) Revoke(ctx context.Context, id uuid.UUID, version int64, r ticket.Revocation) (ticket.Ticket, error) {
	ctx, cancel := postgres.DetachWrite(ctx, s.pool)
	defer cancel()
	class := string(r.Class)
	params := db.TicketRevokeParams{
		ID: id, Version: version, RevokedBy: &r.By, Reason: r.Reason, Class: &class, Comment: &r.Comment, Note: &r.Note,
	}
	row, err := postgres.RetryIfOutcomeUnknown(ctx, func() (row db.Ticket, err error) {
		err = s.pool.ChangeTicket(ctx, id, func(on postgres.Statements, user string) (err error) {
			params.OfUser = user
			row, err = s.q.TicketRevoke(ctx, on, params)
			return err
		})
		return row, err
	})
	if postgres.IsNoRows(err) {
		return s.explainNoRevocation(ctx, id, version, r)
	}
	if err != nil {
		err = postgres.WrapError("revoke an approval", err)
		if wroteNothing(err) {
			return ticket.Ticket{}, err
		}
		return s.publishUnknown(ctx, id), err
	}
	s.Publish(ctx, ticket.Change{UserID: row.UserID})
	return fromRow(row), nil
}

// explainNoRevocation finds out why a revocation changed no ticket.
func (s *Store) explainNoRevocation(ctx context.Context, id uuid.UUID, version int64, r ticket.Revocation) (ticket.Ticket, error) {
	t, err := s.Ticket(ctx, id)
	switch {
	case err != nil:
		return t, err
	case r.By == ticket.Agent(t.UserID):
		return t, ticket.ErrOwnTicket
	case t.Status == ticket.Revoked && r.Repeats(t.Revocation):
		s.Publish(ctx, ticket.Change{UserID: t.UserID}) // the first attempt may have failed before it was published
		return t, s.confirm(ctx, "confirm a revocation")
	case t.Status.Open() || t.Status == ticket.Approved && t.Version != version && !t.Erased():
		return t, ticket.ErrStale
	default:
		return t, ticket.ErrDecided
	}
}
