package report

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"docket/internal/evidence"
	"docket/internal/form"
	"docket/internal/photo"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const maxBacktestDisagreements = 50 // are listed

// Backtest asks the rules of a form about the tickets that were created in [from, to), each on the day on which it was
// submitted and with what was known of its user then, and compares what they say with what people decided.
func Backtest(ctx context.Context, pool *postgres.Pool, f *form.Form, from, to time.Time, p Progress) (ticket.Comparison, error) {
	b := backtest{form: f, found: ticket.Comparison{Rules: make([]ticket.Agreement, len(f.Rules))}}
	for i, rule := range f.Rules {
		b.found.Rules[i] = ticket.Agreement{Rule: rule.Name, Hash: rule.Hash, Shadow: rule.Shadow}
	}
	err := pastTickets{
		From: from, To: to, Windows: f.HistoryWindows(), Others: f.NeedsFacts(form.HistoryFacts), Signals: f.NeedsFacts(form.SignalFacts) || f.NeedsReadings(),
		Begin: func(all int64) { p.Begin("tickets", all) },
		Each: func(t pastTicket) error {
			p.Done(1)
			return b.addTicket(ctx, t)
		},
	}.readAll(ctx, pool)
	return b.found, err
}

type backtest struct {
	form  *form.Form
	found ticket.Comparison
}

// addTicket asks the rules about one ticket.
func (b *backtest) addTicket(ctx context.Context, t pastTicket) error {
	facts, err := b.factsOf(t)
	if err != nil {
		return err
	}
	by, status := postgres.OrZero(t.DecidedBy), ticket.Status(t.Status)
	became := ticket.Ticket{Status: status, Decision: ticket.Decision{By: by}}.FinalOutcome()
	for i, v := range b.form.Evaluate(ctx, facts) {
		b.found.Rules[i].Add(v.Outcome, became, 1)
		if ticket.Disagrees(v.Outcome, became) && len(b.found.Disagreements) < maxBacktestDisagreements {
			b.found.Disagreements = append(b.found.Disagreements, ticket.Disagreement{
				Rule: v.Rule.Name, Hash: v.Rule.Hash, Outcome: v.Outcome, ID: t.ID, Status: status, By: by, CreatedAt: facts.Now,
			})
		}
	}
	return ctx.Err()
}

// factsOf is what rules may ask about a ticket, as it was when it was submitted.
func (b *backtest) factsOf(t pastTicket) (form.Facts, error) {
	facts := form.Facts{
		Now: time.UnixMilli(t.CreatedAtMs), Answers: b.form.Answers(t.Extra), History: form.NewHistory(t.Others), Windows: t.Windows, Signals: map[string]form.Signals{},
		Readings: map[string]evidence.Reading{},
	}
	places := b.form.FilePlaces(t.Extra)
	for file, text := range t.Readings {
		var r evidence.Reading
		if err := json.Unmarshal(text, &r); err != nil {
			return facts, fmt.Errorf("read what was read of ticket %s: %w", t.ID, err)
		}
		facts.Readings[places[file.String()]] = r
	}
	for field, text := range t.Signals {
		var s photo.Signals
		if err := json.Unmarshal(text, &s); err != nil {
			return facts, fmt.Errorf("read the signals of ticket %s: %w", t.ID, err)
		}
		facts.Signals[field] = form.Signals{Width: s.Width, Height: s.Height, Blur: s.Blur, Brightness: s.Brightness, Glare: s.Glare, Grey: s.Greyscale()}
	}
	return facts, nil
}
