package store

import (
	"cmp"
	"context"
	"errors"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Decide implements ticket.Desk.
func (s *Store) Decide(ctx context.Context, id uuid.UUID, version int64, d ticket.Decision) (ticket.Ticket, error) {
	ctx, cancel := postgres.DetachWrite(ctx, s.pool)
	defer cancel()
	c := closing{id: id, version: version, Decision: d, ignorePlaced: !byAgent(d.By)}
	if err := s.addTerms(ctx, s.pool, &c); err != nil {
		return ticket.Ticket{}, postgres.WrapError("read the terms of an approval", err)
	}
	row, err := postgres.RetryIfOutcomeUnknown(ctx, func() (db.Ticket, error) {
		decided, err := s.decides.Send(ctx, c)
		return firstTicket([]*db.Ticket{decided}, err)
	})
	if postgres.IsViolation(err, "tickets_steps") {
		return s.giveStep(ctx, id, version, d)
	}
	if postgres.IsViolation(err, "tickets_opinions") {
		t, err := s.Ticket(ctx, id)
		return t, cmp.Or(err, ticket.ErrOpinion)
	}
	if postgres.IsNoRows(err) || postgres.IsViolation(err, "tickets_pending") {
		return s.explainNoDecision(ctx, id, version, d)
	}
	if err != nil {
		err = postgres.WrapError("decide a ticket", err)
		if wroteNothing(err) {
			return ticket.Ticket{}, err
		}
		return s.publishUnknown(ctx, id), err
	}
	s.Publish(ctx, ticket.Change{UserID: row.UserID})
	return fromRow(row), nil
}

// wroteNothing reports whether it is known of a write that failed that it was refused, and changed nothing.
func wroteNothing(err error) bool {
	return errors.Is(err, ticket.ErrOverloaded) && !errors.Is(err, ticket.ErrUnknown)
}

// byAgent reports whether a person decides. A handover says which agent is to: systems and rules decide what nobody holds.
func byAgent(actor string) bool {
	kind, _ := ticket.ActorID(actor)
	return kind == "agent"
}

// explainNoDecision finds out why a decision closed no ticket.
func (s *Store) explainNoDecision(ctx context.Context, id uuid.UUID, version int64, d ticket.Decision) (ticket.Ticket, error) {
	t, err := s.Ticket(ctx, id)
	switch {
	case err != nil:
		return t, err
	case d.By == ticket.Agent(t.UserID):
		return t, ticket.ErrOwnTicket
	case t.Status.Open() && t.Version == version:
		return t, cmp.Or(s.explainStep(ctx, id, d.By), s.explainHeld(ctx, id, d.By))
	case t.Status.Open():
		return t, ticket.ErrStale
	case d.Status == t.Status && d.Repeats(t.Decision):
		s.Publish(ctx, ticket.Change{UserID: t.UserID}) // the first attempt may have failed before it was published
		return t, s.confirm(ctx, "confirm a decision")
	default:
		return t, ticket.ErrDecided
	}
}

// explainHeld finds out whether a ticket was handed over to somebody else than who decides; else somebody holds it.
func (s *Store) explainHeld(ctx context.Context, id uuid.UUID, by string) error {
	_, account := ticket.ActorID(by)
	agent, err := uuid.Parse(account)
	if err != nil || !byAgent(by) {
		return ticket.ErrClaimed
	}
	state, err := s.q.ClaimState(ctx, s.pool, db.ClaimStateParams{TicketID: id, AccountID: agent})
	switch {
	case err != nil:
		return postgres.WrapError("find out who has a ticket", err)
	case state.HandedOver && state.Holder == nil:
		return ticket.ErrHandedOver
	}
	return ticket.ErrClaimed
}

// publishUnknown makes every instance forget the user of a ticket that may or may not have been decided.
func (s *Store) publishUnknown(ctx context.Context, id uuid.UUID) ticket.Ticket {
	row, err := s.q.TicketGet(ctx, s.pool, id)
	if err != nil { // the user is not known; what instances remember expires
		return ticket.Ticket{}
	}
	s.Publish(ctx, ticket.Change{UserID: row.UserID})
	return fromRow(row)
}
