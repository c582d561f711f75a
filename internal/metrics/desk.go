package metrics

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// Desk is a ticket.Desk that counts the outcomes of writes to another.
type Desk struct {
	ticket.Desk
	metrics *Metrics
}

var _ ticket.Desk = Desk{}

// InstrumentDesk returns desk with its writes counted.
func (m *Metrics) InstrumentDesk(desk ticket.Desk) Desk { return Desk{Desk: desk, metrics: m} }

// Submit implements ticket.Desk.
func (d Desk) Submit(ctx context.Context, s ticket.Submission) (ticket.Ticket, error) {
	t, err := d.Desk.Submit(ctx, s)
	done := "kept"
	if kind, _ := ticket.ActorID(t.Decision.By); kind == "rule" {
		done = string(t.Status) + "_by_rule"
	}
	d.metrics.submissions.WithLabelValues(d.countOutcome("submit", done, err)).Inc()
	return t, err
}

// Decide implements ticket.Desk.
func (d Desk) Decide(ctx context.Context, id uuid.UUID, version int64, decision ticket.Decision) (ticket.Ticket, error) {
	t, err := d.Desk.Decide(ctx, id, version, decision)
	d.metrics.decisions.WithLabelValues(d.countOutcome("decide", string(decision.Status), err)).Inc()
	return t, err
}

// GiveFirstOpinion implements ticket.Desk. A decision is counted when it is made, and here when it is refused.
func (d Desk) GiveFirstOpinion(ctx context.Context, id uuid.UUID, version int64, decision ticket.Decision) (ticket.Ticket, error) {
	t, err := d.Desk.GiveFirstOpinion(ctx, id, version, decision)
	if outcome := d.countOutcome("decide", "", err); err != nil {
		d.metrics.decisions.WithLabelValues(outcome).Inc()
	}
	return t, err
}

// Postpone implements ticket.Desk. A decision is counted when it is made, and here when it is refused.
func (d Desk) Postpone(ctx context.Context, id uuid.UUID, version int64, decision ticket.Decision, window time.Duration) error {
	err := d.Desk.Postpone(ctx, id, version, decision, window)
	if outcome := d.countOutcome("postpone", "", err); err != nil {
		d.metrics.decisions.WithLabelValues(outcome).Inc()
	}
	return err
}

// DecideNow implements ticket.Desk.
func (d Desk) DecideNow(ctx context.Context, id, agent uuid.UUID) (ticket.Ticket, error) {
	t, err := d.Desk.DecideNow(ctx, id, agent)
	d.metrics.decisions.WithLabelValues(d.countOutcome("decide", string(t.Status), err)).Inc()
	return t, err
}

// DecideDue implements ticket.Desk.
func (d Desk) DecideDue(ctx context.Context) ([]ticket.Ticket, time.Duration, error) {
	decided, wait, err := d.Desk.DecideDue(ctx)
	for _, t := range decided {
		d.metrics.decisions.WithLabelValues(string(t.Status)).Inc()
	}
	d.countOutcome("decide", "", err)
	return decided, wait, err
}

// Withdraw implements ticket.Desk.
func (d Desk) Withdraw(ctx context.Context, userID string, id uuid.UUID) (ticket.Ticket, error) {
	t, err := d.Desk.Withdraw(ctx, userID, id)
	d.countOutcome("withdraw", "", err)
	return t, err
}

// WithdrawSent implements ticket.Desk.
func (d Desk) WithdrawSent(ctx context.Context, by string, id uuid.UUID) (ticket.Ticket, error) {
	t, err := d.Desk.WithdrawSent(ctx, by, id)
	d.countOutcome("withdraw", "", err)
	return t, err
}

// errorOutcomes names the errors of a Desk.
var errorOutcomes = []struct {
	err  error
	name string
}{
	{ticket.ErrUnknown, "unknown"},
	{ticket.ErrDecided, "already_decided"},
	{ticket.ErrStale, "stale_version"},
	{ticket.ErrClaimed, "ticket_held"},
	{ticket.ErrOpinion, "needs_opinion"},
	{ticket.ErrOwnTicket, "own_ticket"},
	{ticket.ErrNotFound, "not_found"},
	{ticket.ErrResubmissionClosed, "resubmission_closed"},
	{ticket.ErrOpenTicket, "open_ticket_exists"},
	{ticket.ErrKeyReused, "key_reused"},
	{ticket.ErrFile, "file_missing"},
	{ticket.ErrOverloaded, "overloaded"},
	{ticket.ErrUnavailable, "unavailable"},
	{context.DeadlineExceeded, "unavailable"},
}

// countOutcome names the outcome of a write, and counts writes with an unknown one.
func (d Desk) countOutcome(write, done string, err error) string {
	if err == nil {
		return done
	}
	for _, known := range errorOutcomes {
		if !errors.Is(err, known.err) {
			continue
		}
		if known.name == "unknown" {
			d.metrics.unknown.WithLabelValues(write).Inc()
		}
		return known.name
	}
	return "failed"
}
