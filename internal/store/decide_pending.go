package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const (
	pendingWait = time.Second // between two looks for decisions that are due
	pendingMost = 500         // decisions in one look
)

// DecideDue implements ticket.Desk. One that fails is tried again with the next call, and holds up no other.
func (s *Store) DecideDue(ctx context.Context) (decided []ticket.Ticket, wait time.Duration, err error) {
	soon, err := s.q.PendingSoon(ctx, s.pool, pendingMost)
	if err != nil {
		return nil, pendingWait, postgres.WrapError("list the decisions that are due", err)
	}
	var failed []error
	for _, p := range soon {
		if p.LeftMs > 0 {
			return decided, time.Duration(p.LeftMs) * time.Millisecond, errors.Join(failed...)
		}
		t, err := s.decidePending(ctx, p.UserID, p.TicketID, func(ctx context.Context, on db.DBTX, user string) (db.PendingDecision, error) {
			return s.q.PendingTakeDue(ctx, on, db.PendingTakeDueParams{OfUser: user, TicketID: p.TicketID})
		})
		switch {
		case err == nil && t.Status.Open(): // it became an opinion
		case err == nil:
			decided = append(decided, t)
		case postgres.IsViolation(err, "tickets_opinions"), postgres.IsViolation(err, "tickets_steps"): // it was an admin's, who is none any more
			failed = append(failed, postgres.WrapError("stop a decision", s.q.PendingStop(ctx, s.pool, p.TicketID)))
		case !postgres.IsNoRows(err): // else another instance makes it, or it was undone
			failed = append(failed, postgres.WrapError("make the decision of a ticket", err))
		}
	}
	return decided, pendingWait, errors.Join(failed...)
}

// DecideNow implements ticket.Desk.
func (s *Store) DecideNow(ctx context.Context, id, agent uuid.UUID) (ticket.Ticket, error) {
	t, err := s.Ticket(ctx, id)
	if err != nil {
		return t, err
	}
	by := ticket.Agent(agent.String())
	decided, err := s.decidePending(ctx, t.UserID, id, func(ctx context.Context, on db.DBTX, user string) (db.PendingDecision, error) {
		return s.q.PendingTakeNow(ctx, on, db.PendingTakeNowParams{OfUser: user, TicketID: id, DecidedBy: by})
	})
	if postgres.IsViolation(err, "tickets_opinions") {
		return t, ticket.ErrOpinion
	}
	if postgres.IsViolation(err, "tickets_steps") {
		return t, ticket.ErrStep
	}
	if !postgres.IsNoRows(err) {
		return decided, postgres.WrapError("make a decision", err)
	}
	t, err = s.Ticket(ctx, id)
	switch {
	case err != nil:
		return t, err
	case t.Status.Open():
		return t, s.explainOpenTicket(ctx, id, agent)
	case t.Decision.By != by:
		return t, ticket.ErrDecided
	default:
		return t, s.confirm(ctx, "confirm a decision")
	}
}

// explainOpenTicket finds out why a ticket is open of which an agent made a decision: it became an opinion, or there was none.
func (s *Store) explainOpenTicket(ctx context.Context, id, agent uuid.UUID) error {
	opinions, err := s.q.OpinionList(ctx, s.pool, []uuid.UUID{id})
	if err != nil {
		return postgres.WrapError("list opinions", err)
	}
	if !slices.ContainsFunc(opinions, func(o db.Opinion) bool { return o.GivenBy == ticket.Agent(agent.String()) }) {
		return cmp.Or(s.explainNotPending(ctx, id, agent), ticket.ErrStale)
	}
	return s.confirm(ctx, "confirm an opinion")
}

// decidePending makes the pending decision that take deletes, or an opinion of it, in the same transaction. It returns pgx.ErrNoRows when there is none. The
// user of the ticket is published also when the outcome is unknown.
func (s *Store) decidePending(ctx context.Context, userID string, id uuid.UUID, take func(context.Context, db.DBTX, string) (db.PendingDecision, error)) (ticket.Ticket, error) {
	ctx, cancel := postgres.DetachWrite(ctx, s.pool)
	defer cancel()
	tried := false
	row, err := postgres.RetryIfOutcomeUnknown(ctx, func() (row db.Ticket, err error) {
		err = postgres.Transact(ctx, s.pool, func(tx pgx.Tx) error {
			on, user, err := s.pool.LockTicket(ctx, tx, id)
			if err != nil {
				return err
			}
			pending, err := take(ctx, on, user)
			if err != nil {
				return err
			}
			tried = true
			if err = s.keepOpinion(ctx, tx, userID, pending); !postgres.IsNoRows(err) {
				if err == nil {
					row, err = s.q.TicketGet(ctx, tx, pending.TicketID)
				}
				return err
			}
			c := pendingClosing(pending)
			if err := s.addTerms(ctx, tx, &c); err != nil {
				return err
			}
			row, err = firstTicket(s.decideBatch(ctx, tx, []closing{c}))
			if postgres.IsNoRows(err) { // the pending decision stays, and can be undone
				return ticket.ErrStale
			}
			return err
		})
		return row, err
	})
	if tried {
		s.Publish(ctx, ticket.Change{UserID: userID})
	}
	if err != nil {
		return ticket.Ticket{}, err
	}
	return fromRow(row), nil
}

func pendingClosing(p db.PendingDecision) closing {
	return closing{id: p.TicketID, version: p.Version, ignorePlaced: true, Decision: ticket.Decision{ // whose it was, was asked when the agent decided
		Status: ticket.Status(p.Status), By: p.DecidedBy, Reasons: p.RejectReasons, Rows: p.RejectRows, Class: ticket.Class(postgres.OrZero(p.RejectClass)),
		Comment: postgres.OrZero(p.RejectComment), Note: p.Note, Grant: p.GrantExtra,
	}}
}

func opinionParams(p db.PendingDecision) db.OpinionGiveParams {
	return db.OpinionGiveParams{
		TicketID: p.TicketID, GivenBy: p.DecidedBy, Verdict: p.Status, Reasons: p.RejectReasons, Class: p.RejectClass, RejectRows: p.RejectRows,
		Comment: postgres.OrZero(p.RejectComment), Note: p.Note, GrantExtra: p.GrantExtra, Second: p.Second,
	}
}
