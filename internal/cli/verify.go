package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"docket/internal/progress"
	"docket/internal/store"
)

type verify struct {
	database
	Most int `default:"20" help:"How many violations to list before giving up (${default})."`
}

// Help implements kong.HelpProvider.
func (verify) Help() string {
	return "Reads every ticket, its history and every user's latest approved ticket, and lists what contradicts them. It changes nothing, " +
		"people may go on working, and the address of a replica will do: then the primary has no work with it."
}

func (c verify) Run(ctx context.Context, out io.Writer) error {
	pool, err := c.open(ctx)
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
	_, err = fmt.Fprintln(out, "every history is whole, and every user's latest approved ticket is right")
	return err
}
