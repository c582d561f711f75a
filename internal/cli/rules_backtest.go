package cli

import (
	"context"
	"io"
	"time"

	"docket/internal/progress"
	"docket/internal/report"
)

type rulesBacktest struct {
	localeOptions
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
	from, to, err := c.parseRange(f, time.Now())
	if err != nil {
		return err
	}
	pool, err := c.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	bar := progress.New("tickets", 0)
	found, err := report.Backtest(ctx, pool, f, from, to, report.Progress{
		Begin: func(part string, tickets int64) { bar = progress.New(part, tickets) },
		Done:  func(tickets int64) { bar.Add(tickets) },
	})
	bar.End()
	if err != nil {
		return err
	}
	return printComparison(out, found, f.Zone)
}
