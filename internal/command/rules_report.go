package command

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/ticket"
)

// period is a range of time, by the days or moments at its ends.
type period struct {
	From string `required:"" placeholder:"DATE" help:"The first day, such as 2026-01-31, or a time such as 2026-01-31T09:00:00Z."`
	To   string `placeholder:"DATE" help:"The last day, which belongs to it, or a time. Default: now."`
}

// bounds reads the range; days are those of UTC.
func (p period) bounds(now time.Time) (from, to time.Time, err error) {
	if from, err = moment(p.From, 0); err != nil {
		return from, to, err
	}
	if to = now; p.To != "" {
		if to, err = moment(p.To, 1); err != nil {
			return from, to, err
		}
	}
	if !from.Before(to) {
		return from, to, fmt.Errorf("the range ends before it begins: from %s to %s", p.From, cmp.Or(p.To, "now"))
	}
	return from, to, nil
}

func moment(text string, days int) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.AddDate(0, 0, days), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, fmt.Errorf("%q is no date such as 2026-01-31 and no time such as 2026-01-31T09:00:00Z", text)
	}
	return at, nil
}

// reading is a database to read from: the replica if there is one.
type reading struct {
	database
	ReplicaURL string `env:"REPLICA_URL" placeholder:"URL" help:"The replica to read from. Default: the primary."`
}

func (r reading) open(ctx context.Context) (*pgxpool.Pool, error) {
	first, _, _ := strings.Cut(r.ReplicaURL, ",")
	return postgres.Connect(ctx, cmp.Or(first, r.DatabaseURL))
}

type rulesReport struct {
	reading
	period
}

// Help implements kong.HelpProvider.
func (rulesReport) Help() string {
	return "What each rule, live or shadow, said of the tickets that were sent in during a range of time, beside what people decided of them."
}

func (c rulesReport) Run(ctx context.Context, out io.Writer) error {
	from, to, err := c.bounds(time.Now())
	if err != nil {
		return err
	}
	pool, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	found, err := store.New(pool, nil, slog.New(slog.DiscardHandler)).Compare(ctx, from, to)
	if err != nil {
		return err
	}
	return printComparison(out, found)
}

// printComparison prints a matrix for each rule and the disagreements.
func printComparison(out io.Writer, found ticket.Comparison) error {
	if len(found.Rules) == 0 {
		fmt.Fprintln(out, "no rule has said anything of the tickets of this time")
	}
	for _, rule := range found.Rules {
		printRule(out, rule)
	}
	if len(found.Disagreements) == 0 {
		return nil
	}
	fmt.Fprintln(out, "Decided otherwise by people:")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, d := range found.Disagreements {
		fmt.Fprintf(w, "  %s\t%s said %s\t%s by %s\t%s\n", d.ID, d.Rule, d.Said, d.Status, d.By, d.CreatedAt.UTC().Format(time.RFC3339))
	}
	return w.Flush()
}

func printRule(out io.Writer, rule ticket.Agreement) {
	kind := "live"
	if rule.Shadow {
		kind = "shadow"
	}
	agreed := "people decided none of what it decides"
	if alike, both := rule.Agreed(); both > 0 {
		agreed = fmt.Sprintf("people agree in %d of %d, %.1f %%", alike, both, 100*float64(alike)/float64(both))
	}
	fmt.Fprintf(out, "%s (%s, %s): %s\n", rule.Rule, kind, rule.Hash, agreed)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "  the rule says\tpeople approved\tpeople rejected\ta rule decided\tundecided\t")
	for _, said := range []ticket.Outcome{ticket.OutcomeApprove, ticket.OutcomeReject, ticket.OutcomeNothing, ticket.OutcomeFailed} {
		n, ok := rule.Tickets[said]
		if ok || said == ticket.OutcomeNothing {
			fmt.Fprintf(w, "  %s\t%d\t%d\t%d\t%d\t\n", said, n[ticket.FateApproved], n[ticket.FateRejected], n[ticket.FateRule], n[ticket.FateOpen])
		}
	}
	_ = w.Flush() // out is the terminal; where it is gone nobody reads
	fmt.Fprintln(out)
}
