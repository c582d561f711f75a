package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"docket/internal/form"
	"docket/internal/postgres"
	"docket/internal/report"
	"docket/internal/ticket"
)

const badTimeText = "%s: %q is neither a date such as 2026-01-31 nor a time such as 2026-01-31T09:00:00Z"

// timeRange is a range of time, given by the days or times at its ends.
type timeRange struct {
	From string `required:"" placeholder:"DATE" help:"The first day in the form's time zone, such as 2026-01-31, or a time such as 2026-01-31T09:00:00Z."`
	To   string `placeholder:"DATE" help:"The last day, which belongs to it, or a time. Default: now."`
}

// parseRange returns the range; days are those of the form.
func (r timeRange) parseRange(f *form.Form, now time.Time) (from, to time.Time, err error) {
	from, fromOK := f.ParseTime(r.From, 0)
	to, toOK := f.ParseTime(r.To, 1)
	if r.To == "" {
		to, toOK = now, true
	}
	switch {
	case !fromOK:
		err = fmt.Errorf(badTimeText, "--from", r.From)
	case !toOK:
		err = fmt.Errorf(badTimeText, "--to", r.To)
	case !from.Before(to):
		err = fmt.Errorf("the range ends before it begins: from %s to %s", r.From, cmp.Or(r.To, "now"))
	}
	return from, to, err
}

// readOptions name a database to read from: the replica if there is one.
type readOptions struct {
	dirOptions
	ReplicaURL string `env:"REPLICA_URL" placeholder:"URL" help:"The replica to read from; of several, the first. Default: the primary, or the replica of docket dev."`
}

// openPool connects to that database. Its schema must be current.
func (o readOptions) openPool(ctx context.Context) (*postgres.Pool, error) {
	primary, replicaURL, err := o.findDatabase()
	if err != nil {
		return nil, err
	}
	replicas, err := postgres.ParseServers(cmp.Or(o.ReplicaURL, replicaURL))
	if err != nil {
		return nil, fmt.Errorf("REPLICA_URL: %w", err)
	}
	if len(replicas) > 0 {
		primary = databaseOptions{DatabaseURL: replicas[0]}
	}
	return o.openPoolOf(ctx, primary)
}

type rulesReport struct {
	readOptions
	formOptions
	timeRange
}

// Help implements kong.HelpProvider.
func (rulesReport) Help() string {
	return "For each rule, live or shadow: what it said of the tickets submitted in a range of time, and what people decided."
}

func (c rulesReport) Run(ctx context.Context, out io.Writer) error {
	f, err := c.load()
	if err != nil {
		return err
	}
	from, to, err := c.parseRange(f, time.Now())
	if err != nil {
		return err
	}
	pool, err := c.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	found, err := report.Compare(ctx, pool, from, to)
	if err != nil {
		return err
	}
	return printComparison(out, found, f.Zone)
}

// printComparison prints a matrix for each rule and the disagreements, with the times of a zone.
func printComparison(out io.Writer, found ticket.Comparison, zone *time.Location) error {
	if len(found.Rules) == 0 {
		fmt.Fprintln(out, "no rule said anything about the tickets of this time")
	}
	for _, rule := range found.Rules {
		printRule(out, rule)
	}
	if len(found.Disagreements) == 0 {
		return nil
	}
	fmt.Fprintln(out, "People decided otherwise:")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, d := range found.Disagreements {
		fmt.Fprintf(w, "  %s\t%s said %s\t%s by %s\t%s\n", d.ID, d.Rule, d.Outcome, d.Status, d.By, d.CreatedAt.In(zone).Format(time.RFC3339))
	}
	return w.Flush()
}

func printRule(out io.Writer, rule ticket.Agreement) {
	kind := "live"
	if rule.Shadow {
		kind = "shadow"
	}
	agreed := "people decided no ticket that it decides"
	if alike, both := rule.CountAgreed(); both > 0 {
		agreed = fmt.Sprintf("people agree in %d of %d, %.1f %%", alike, both, 100*float64(alike)/float64(both))
	}
	fmt.Fprintf(out, "%s (%s, %s): %s\n", rule.Rule, kind, ticket.ShortHash(rule.Hash), agreed)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "  the rule says\tpeople approved\tpeople rejected\ta rule decided\tan API key decided\tundecided\t")
	for _, said := range ticket.Outcomes {
		n, ok := rule.Tickets[said]
		if ok || said == ticket.OutcomeNothing {
			fmt.Fprintf(w, "  %s\t%d\t%d\t%d\t%d\t%d\t\n",
				said, n[ticket.FinalApproved], n[ticket.FinalRejected], n[ticket.FinalByRule], n[ticket.FinalByKey], n[ticket.FinalOpen])
		}
	}
	_ = w.Flush() // out is the terminal; if that is gone nobody reads it
	if decided, all := rule.CountDecided(); all > 0 {
		does := "it decides"
		if rule.Shadow {
			does = "live, it would decide"
		}
		fmt.Fprintf(out, "  %s %d of %d tickets, %.1f %%\n", does, decided, all, 100*float64(decided)/float64(all))
	}
	fmt.Fprintln(out)
}
