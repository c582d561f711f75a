package webhook

import (
	"context"
	"net/http"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
)

// What a round means for its webhook.
const (
	roundDelivered = "delivered" // something was delivered
	roundFailed    = "failed"    // something was tried, and nothing was delivered
	roundNothing   = ""          // nothing was tried
)

// finish writes what became of a round. It returns errLost when the instance does not have the webhook any more; then another one
// sends the same again.
func (w *Webhooks) finish(ctx context.Context, t *round, instance uuid.UUID) error {
	p := db.WebhookFinishParams{
		WebhookID: t.row.ID, Instance: instance, SeenPosition: t.row.Position, Position: int64(t.next), Failures: t.row.Failures,
		MostFailingMs: MostFailing.Milliseconds(),
	}
	answered := false
	for _, items := range t.groups {
		for _, i := range items {
			addResult(&p, i)
			answered = answered || i.tried && !i.unanswered()
		}
	}
	if answered {
		p.Failures = 0
	}
	p.Recovered = t.probing && answered
	p.PauseMs = pauseOf(int(p.Failures)).Milliseconds()
	ctx, cancel := postgres.DetachWrite(ctx, w.Primary)
	defer cancel()
	off, err := w.writeRound(ctx, p)
	switch {
	case postgres.IsNoRows(err):
		return errLost
	case err != nil:
		return postgres.WrapError("write what was sent to a webhook", err)
	}
	w.report(p, OffReason(off))
	return nil
}

// writeRound writes what became of a round; where the tables are distributed, the tickets whose answers are kept are locked first.
func (w *Webhooks) writeRound(ctx context.Context, p db.WebhookFinishParams) (off string, err error) {
	distributed, err := w.Primary.Distributed(ctx, w.Primary)
	if err != nil {
		return "", err
	}
	if !distributed {
		return w.q.WebhookFinish(ctx, w.Primary, p)
	}
	err = postgres.Transact(ctx, w.Primary, func(tx pgx.Tx) error {
		on, err := w.Primary.LockTickets(ctx, tx, p.AnsweredTickets)
		if err == nil {
			off, err = w.q.WebhookFinish(ctx, on, p)
		}
		return err
	})
	return off, err
}

// addResult adds what became of an item.
func addResult(p *db.WebhookFinishParams, i *item) {
	state, attempts, delay := Waiting, 0, int64(0)
	if i.tried {
		state, attempts = i.state(), i.attempts+1
		delay = max(pauseAfter(attempts), i.retry).Milliseconds()
		countAttempt(p, i)
	}
	p.EventIds, p.Positions, p.Types = append(p.EventIds, i.id), append(p.Positions, int64(i.position)), append(p.Types, string(i.kind))
	p.OrderKeys, p.TicketIds, p.States = append(p.OrderKeys, i.orderKey), append(p.TicketIds, i.ticketID), append(p.States, string(state))
	p.Attempts, p.DelaysMs, p.Statuses = append(p.Attempts, int32(attempts)), append(p.DelaysMs, delay), append(p.Statuses, int32(i.status))
	p.Errors, p.Answers = append(p.Errors, string(i.failure)), append(p.Answers, i.answer)
	if i.answer != "" && i.ticketID != uuid.Nil {
		p.AnsweredTickets = append(p.AnsweredTickets, i.ticketID)
	}
}

// state is where an item that was tried stands.
func (i *item) state() State {
	switch i.failure {
	case "":
		return Delivered
	case EventGone:
		return GivenUp
	}
	return Waiting
}

// countAttempt counts an item that was tried into what its round means for the webhook.
func countAttempt(p *db.WebhookFinishParams, i *item) {
	switch {
	case i.failure == "":
		p.Outcome = roundDelivered
	case p.Outcome == roundNothing && i.failure != EventGone:
		p.Outcome = roundFailed
	}
	p.Gone = p.Gone || i.status == http.StatusGone
	if i.unanswered() {
		p.Failures++
	}
}

// report counts and logs what became of a round.
func (w *Webhooks) report(p db.WebhookFinishParams, off OffReason) {
	for n, attempts := range p.Attempts {
		switch {
		case attempts == 0: // it was not tried
		case p.States[n] == string(Waiting):
			w.Count("failed")
		default:
			w.Count(p.States[n])
		}
	}
	if off != "" {
		w.Log.Error("a webhook was switched off", "webhook", p.WebhookID, "reason", off)
	}
}
