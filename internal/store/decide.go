package store

import (
	"context"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Decide implements ticket.Desk.
func (s *Store) Decide(ctx context.Context, id uuid.UUID, version int64, d ticket.Decision) (ticket.Ticket, error) {
	ctx, cancel := postgres.DetachWrite(ctx)
	defer cancel()
	row, err := postgres.RetryIfOutcomeUnknown(ctx, func() (db.Ticket, error) {
		decided, err := s.decides.of(ctx, decideParams(id, version, d))
		return sole([]*db.Ticket{decided}, err)
	})
	if postgres.IsNoRows(err) {
		return s.undecided(ctx, id, version, d)
	}
	if err != nil {
		return s.unknown(ctx, id), postgres.WrapError("decide a ticket", err)
	}
	s.Publish(ctx, ticket.Change{UserID: row.UserID})
	return fromRow(row), nil
}

// decideAll closes tickets together.
func (s *Store) decideAll(ctx context.Context, on db.DBTX, all []db.TicketDecideParams) ([]*db.Ticket, error) {
	return tickets(s.q.TicketDecide(ctx, on, all))
}

func decideParams(id uuid.UUID, version int64, d ticket.Decision) db.TicketDecideParams {
	p := db.TicketDecideParams{ID: id, Version: version, Status: string(d.Status), DecidedBy: &d.By, Note: &d.Note, RuleHash: orNull(d.Hash)}
	if d.Status == ticket.Rejected {
		first, class := d.Reason(), string(d.Class)
		p.RejectReason, p.RejectReasons, p.RejectClass, p.RejectComment = &first, d.Reasons, &class, &d.Comment
	}
	return p
}

// undecided finds out why a decision closed no ticket.
func (s *Store) undecided(ctx context.Context, id uuid.UUID, version int64, d ticket.Decision) (ticket.Ticket, error) {
	t, err := s.Ticket(ticket.Fresh(ctx), id)
	switch {
	case err != nil:
		return t, err
	case d.By == ticket.Agent(t.UserID):
		return t, ticket.ErrOwnTicket
	case t.Status.Open() && t.Version == version:
		return t, ticket.ErrHeld
	case t.Status.Open():
		return t, ticket.ErrStale
	case d.Repeats(t.Decision):
		s.Publish(ctx, ticket.Change{UserID: t.UserID}) // whoever made it may have been cut off before they told
		return t, nil
	default:
		return t, ticket.ErrDecided
	}
}

// Withdraw implements ticket.Desk.
func (s *Store) Withdraw(ctx context.Context, userID string, id uuid.UUID) (ticket.Ticket, error) {
	ctx, cancel := postgres.DetachWrite(ctx)
	defer cancel()
	row, err := postgres.RetryIfOutcomeUnknown(ctx, func() (db.Ticket, error) {
		return s.q.TicketWithdraw(ctx, s.primary, db.TicketWithdrawParams{ID: id, UserID: userID})
	})
	if postgres.IsNoRows(err) {
		return s.unwithdrawn(ctx, userID, id)
	}
	s.Publish(ctx, ticket.Change{UserID: userID})
	if err != nil {
		return ticket.Ticket{}, postgres.WrapError("withdraw a ticket", err)
	}
	return fromRow(row), nil
}

// unwithdrawn finds out why a withdrawal closed no ticket.
func (s *Store) unwithdrawn(ctx context.Context, userID string, id uuid.UUID) (ticket.Ticket, error) {
	t, err := s.TicketOf(ticket.Fresh(ctx), userID, id)
	if err == nil && t.Status != ticket.Withdrawn {
		err = ticket.ErrDecided
	}
	if err == nil {
		s.Publish(ctx, ticket.Change{UserID: userID}) // as for a decision
	}
	return t, err
}

// unknown tells every instance to forget the user of a ticket that may or may not have been decided.
func (s *Store) unknown(ctx context.Context, id uuid.UUID) ticket.Ticket {
	row, err := s.q.TicketGet(ctx, s.primary, id)
	if err != nil { // nobody can be told; what is remembered of the user expires
		return ticket.Ticket{}
	}
	s.Publish(ctx, ticket.Change{UserID: row.UserID})
	return fromRow(row)
}
