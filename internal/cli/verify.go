package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"docket/internal/progress"
	"docket/internal/report"
)

// errListFull ends a verification that has found as many violations as are listed.
var errListFull = errors.New("enough violations are listed")

type verifyCommand struct {
	dirOptions
	Most int `default:"20" help:"Stop after this many violations."`
}

// Help implements kong.HelpProvider.
func (verifyCommand) Help() string {
	return "Reads every ticket, its history and every user's latest approved ticket, and lists every contradiction. It only reads and may run " +
		"beside a running docket. With a replica's address in --database-url it puts no load on the primary."
}

func (c verifyCommand) Run(ctx context.Context, out io.Writer) error {
	pool, err := c.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	found, bar := 0, progress.New("", 0)
	err = report.Verify(ctx, pool, func(problem string) error {
		fmt.Fprintln(out, problem)
		if found++; found >= c.Most {
			return errListFull
		}
		return nil
	}, report.Progress{
		Begin: func(part string, tickets int64) { bar.End(); bar = progress.New(part, tickets) },
		Done:  func(tickets int64) { bar.Add(tickets) },
	})
	bar.End()
	switch {
	case errors.Is(err, errListFull):
		return fmt.Errorf("%d violations were found, and there may be more", found)
	case err != nil:
		return err
	case found > 0:
		return fmt.Errorf("%d violations were found", found)
	}
	_, err = fmt.Fprintln(out, "no violations: every history is complete, and every latest approved ticket is right")
	return err
}
