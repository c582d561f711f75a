package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Postpone implements ticket.Desk.
func (s *Store) Postpone(ctx context.Context, id uuid.UUID, version int64, d ticket.Decision, window time.Duration) error {
	params := db.PendingAddParams{
		ID: id, Version: version, Status: string(d.Status), DecidedBy: d.By, Note: d.Note, GrantExtra: d.Grant, Second: d.Second, WindowMs: window.Milliseconds(),
	}
	if d.Status == ticket.Rejected {
		params.RejectReasons, params.RejectRows, params.RejectClass, params.RejectComment = d.Reasons, d.Rows, postgres.OrNull(string(d.Class)), &d.Comment
	}
	err := s.changePending(ctx, id, func(ctx context.Context, on db.DBTX, user string) (uuid.UUID, error) {
		params.OfUser = user
		return s.q.PendingAdd(ctx, on, params)
	})
	if postgres.IsNoRows(err) {
		_, err := s.explainNoDecision(ctx, id, version, d)
		return err
	}
	return postgres.WrapError("postpone a decision", err)
}

// Undo implements ticket.Desk.
func (s *Store) Undo(ctx context.Context, id, agent uuid.UUID) error {
	params := db.PendingUndoParams{TicketID: id, AccountID: agent, LeaseMs: ticket.ClaimTime.Milliseconds()}
	err := s.changePending(ctx, id, func(ctx context.Context, on db.DBTX, user string) (uuid.UUID, error) {
		params.OfUser = user
		return s.q.PendingUndo(ctx, on, params)
	})
	if postgres.IsNoRows(err) {
		return s.explainNotPending(ctx, id, agent)
	}
	return postgres.WrapError("undo a decision", err)
}

// explainNotPending finds out why a ticket has no pending decision of an agent; nil: it is open and has nobody's.
func (s *Store) explainNotPending(ctx context.Context, id, agent uuid.UUID) error {
	t, err := s.Ticket(ctx, id)
	if err != nil {
		return err
	}
	if !t.Status.Open() {
		return ticket.ErrDecided
	}
	pending, err := s.Pending(ctx, agent, id)
	for _, p := range pending {
		if p.TicketID == id && !p.Undone {
			return ticket.ErrClaimed
		}
	}
	return err
}

// changePending runs a statement that changes the pending decision of a ticket and returns the ticket, and tells every instance. The statement gets the user that it
// has to name.
func (s *Store) changePending(ctx context.Context, of uuid.UUID, change func(context.Context, db.DBTX, string) (uuid.UUID, error)) error {
	ctx, cancel := postgres.DetachWrite(ctx, s.pool)
	defer cancel()
	changed, err := postgres.RetryIfOutcomeUnknown(ctx, func() (id uuid.UUID, err error) {
		err = s.pool.ChangeTicket(ctx, of, func(on postgres.Statements, user string) (err error) {
			id, err = change(ctx, on, user)
			return err
		})
		return id, err
	})
	if err == nil {
		s.PublishWork(ctx, changed)
	}
	return err
}

// Pending implements ticket.Desk.
func (s *Store) Pending(ctx context.Context, agent uuid.UUID, tickets ...uuid.UUID) ([]ticket.PendingDecision, error) {
	rows, err := s.q.PendingList(ctx, s.pool, db.PendingListParams{Ids: tickets, DecidedBy: ticket.Agent(agent.String())})
	if err != nil {
		return nil, postgres.WrapError("list pending decisions", err)
	}
	pending := make([]ticket.PendingDecision, len(rows))
	for i, row := range rows {
		p := row.PendingDecision
		pending[i] = ticket.PendingDecision{
			TicketID: p.TicketID, Undone: p.DueAtMs == nil, Left: time.Duration(row.LeftMs) * time.Millisecond,
			Decision: ticket.Decision{
				Status: ticket.Status(p.Status), By: p.DecidedBy, Reasons: p.RejectReasons, Rows: p.RejectRows, Class: ticket.Class(postgres.OrZero(p.RejectClass)),
				Comment: postgres.OrZero(p.RejectComment), Note: p.Note, Grant: p.GrantExtra, Second: p.Second,
			},
		}
	}
	return pending, nil
}
