package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"docket/internal/form"
	"docket/internal/photo"
	"docket/internal/progress"
	"docket/internal/store"
	"docket/internal/ticket"
)

// maxDisagreements is how many disagreements a backtest lists.
const maxDisagreements = 50

type rulesBacktest struct {
	File string `arg:"" type:"existingfile" help:"The form file with the rules to try. It need not be in use."`
	readOptions
	timeRange
}

// Help implements kong.HelpProvider.
func (rulesBacktest) Help() string {
	return "Applies the rules of a form file to past tickets, each as of the day on which it was submitted, and compares the result with what " +
		"people decided. It only reads, page by page, from the replica if there is one."
}

func (c rulesBacktest) Run(ctx context.Context, out io.Writer) error {
	f, err := loadFormFile(c.File, out)
	if err != nil {
		return err
	}
	from, to, err := c.parse(f, time.Now())
	if err != nil {
		return err
	}
	pool, err := c.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	bar, found := progress.New("tickets", 0), ticket.Comparison{Rules: make([]ticket.Agreement, len(f.Rules))}
	for i, rule := range f.Rules {
		found.Rules[i] = ticket.Agreement{Rule: rule.Name, Hash: rule.Hash, Shadow: rule.Shadow}
	}
	err = store.Review(ctx, pool, store.Retrospect{
		From: from, To: to, Others: f.AsksHistory(), Signals: f.AsksSignals(),
		Begun: func(all int64) { bar = progress.New("tickets", all) },
		Each: func(p store.Past) error {
			bar.Add(1)
			return evaluatePastTicket(ctx, f, p, &found)
		},
	})
	bar.End()
	if err != nil {
		return err
	}
	return printComparison(out, found, f.Zone)
}

// evaluatePastTicket applies the rules to one ticket and counts what they say.
func evaluatePastTicket(ctx context.Context, f *form.Form, p store.Past, found *ticket.Comparison) error {
	facts := form.Facts{Now: p.Ticket.CreatedAt, Answers: f.Answers(p.Ticket.Extra), History: form.Past(p.Others), Signals: map[string]form.Signals{}}
	for field, text := range p.Signals {
		var s photo.Signals
		if err := json.Unmarshal(text, &s); err != nil {
			return fmt.Errorf("read the signals of ticket %s: %w", p.Ticket.ID, err)
		}
		facts.Signals[field] = form.Signals{Width: s.Width, Height: s.Height, Blur: s.Blur, Brightness: s.Brightness, Glare: s.Glare, Grey: s.Greyscale()}
	}
	became := p.Ticket.FinalOutcome()
	for i, v := range f.Judge(ctx, facts) {
		found.Rules[i].Add(v.Outcome, became, 1)
		if ticket.Disagrees(v.Outcome, became) && len(found.Disagreements) < maxDisagreements {
			found.Disagreements = append(found.Disagreements, ticket.Disagreement{
				Rule: v.Rule.Name, Hash: v.Rule.Hash, Said: v.Outcome, ID: p.Ticket.ID, Status: p.Ticket.Status, By: p.Ticket.Decision.By, CreatedAt: p.Ticket.CreatedAt,
			})
		}
	}
	return ctx.Err()
}
