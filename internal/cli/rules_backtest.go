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

// differMost is how many disagreements a backtest lists.
const differMost = 50

type rulesBacktest struct {
	File string `arg:"" type:"existingfile" help:"The form file with the rules to try; they need not be live."`
	reading
	period
}

// Help implements kong.HelpProvider.
func (rulesBacktest) Help() string {
	return "Asks the rules of a form file about tickets that are there already, each on the day on which it was sent in and with what was known " +
		"of its user then, and compares what they say with what people decided. It changes nothing and reads the replica, a page at a time."
}

func (c rulesBacktest) Run(ctx context.Context, out io.Writer) error {
	f, err := loadForm(c.File, out)
	if err != nil {
		return err
	}
	from, to, err := c.bounds(f, time.Now())
	if err != nil {
		return err
	}
	pool, err := c.open(ctx)
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
			return judgePast(ctx, f, p, &found)
		},
	})
	bar.End()
	if err != nil {
		return err
	}
	return printComparison(out, found, f.Zone)
}

// judgePast asks the rules about one ticket.
func judgePast(ctx context.Context, f *form.Form, p store.Past, found *ticket.Comparison) error {
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
		if ticket.Disagrees(v.Outcome, became) && len(found.Disagreements) < differMost {
			found.Disagreements = append(found.Disagreements, ticket.Disagreement{
				Rule: v.Rule.Name, Hash: v.Rule.Hash, Said: v.Outcome, ID: p.Ticket.ID, Status: p.Ticket.Status, By: p.Ticket.Decision.By, CreatedAt: p.Ticket.CreatedAt,
			})
		}
	}
	return ctx.Err()
}
