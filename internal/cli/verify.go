package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"docket/internal/progress"
	"docket/internal/store"
)

type verifyCommand struct {
	databaseOptions
	Most int `default:"20" help:"Stop after this many violations (${default})."`
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
	err = store.Verify(ctx, pool, store.Verification{
		Found: func(problem string) error {
			fmt.Fprintln(out, problem)
			if found++; found >= c.Most {
				return store.ErrEnough
			}
			return nil
		},
		Begun: func(part string, tickets int64) { bar.End(); bar = progress.New(part, tickets) },
		Done:  func(tickets int64) { bar.Add(tickets) },
	})
	bar.End()
	switch {
	case errors.Is(err, store.ErrEnough):
		return fmt.Errorf("%d violations were found, and there may be more", found)
	case err != nil:
		return err
	case found > 0:
		return fmt.Errorf("%d violations were found", found)
	}
	_, err = fmt.Fprintln(out, "no violations: every history is complete, and every latest approved ticket is right")
	return err
}
