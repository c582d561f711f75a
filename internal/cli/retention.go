package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"docket/internal/audit"
	"docket/internal/erasure"
	"docket/internal/form"
	"docket/internal/postgres"
)

type retentionOptions struct {
	erasureOptions
	formOptions
}

// run calls find with what the form says of how long what was sent is kept, and prints what it finds under a heading.
func (o retentionOptions) run(ctx context.Context, out io.Writer, heading string,
	find func(e *erasure.Erasures, pool *postgres.Pool, retain form.Retain) ([]erasure.Due, error),
) error {
	f, err := o.load()
	if err != nil {
		return err
	}
	if f.Retain == (form.Retain{}) {
		_, err := fmt.Fprintf(out, "the form %s has no \"retain\": tickets are kept for ever\n", f.Name)
		return err
	}
	erasures, pool, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	found, err := find(erasures, pool, f.Retain)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "CLASS\tBEFORE\t%s\tOLDEST\n", heading)
	for _, due := range found {
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\n", due.Class, formatTime(due.Before), due.Count, formatTime(due.Oldest))
	}
	return errors.Join(table.Flush(), err)
}

type retentionReport struct{ retentionOptions }

func (c retentionReport) Run(ctx context.Context, out io.Writer) error {
	return c.run(ctx, out, "DUE", func(e *erasure.Erasures, pool *postgres.Pool, retain form.Retain) ([]erasure.Due, error) {
		now, err := pool.Now(ctx)
		if err != nil {
			return nil, err
		}
		return e.Report(ctx, retain, now)
	})
}

type retentionRun struct{ retentionOptions }

func (c retentionRun) Run(ctx context.Context, out io.Writer) error {
	return c.run(ctx, out, "ERASED", func(e *erasure.Erasures, pool *postgres.Pool, retain form.Retain) ([]erasure.Due, error) {
		now, err := pool.Now(ctx)
		if err != nil {
			return nil, err
		}
		found, err := e.EraseDue(ctx, retain, now)
		erased := int64(0)
		for _, due := range found {
			erased += due.Count
		}
		return found, errors.Join(err, recordCommand(ctx, pool, audit.RetentionRun, "", erased))
	})
}
