package cli

import (
	"context"
	"fmt"
	"io"

	"docket/internal/app"
	"docket/internal/progress"
)

type searchRebuild struct {
	dirOptions
	formOptions
	SessionKey string `env:"SESSION_KEY" placeholder:"KEY" help:"The session key of the servers: identities are hashed with it. Default: that of docket dev."`
}

// Help implements kong.HelpProvider.
func (searchRebuild) Help() string {
	return "New tickets are indexed as they are submitted. Run this once after an upgrade from a release without the search, after a change of \"search\" or " +
		"\"identity\" in the form, and after a change of SESSION_KEY. It works on while docket runs, can be broken off and begun again."
}

func (c searchRebuild) Run(ctx context.Context, out io.Writer) error {
	f, err := c.load()
	if err != nil {
		return err
	}
	secret, err := c.readSessionKey(c.SessionKey)
	if err != nil {
		return err
	}
	pool, err := c.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	var bar *progress.Bar
	var all int64
	err = app.RebuildSearch(ctx, pool, f, secret, func(about int64) { bar = progress.New("tickets", about) }, func(n int64) { all += n; bar.Add(n) })
	if err != nil {
		return err
	}
	bar.End()
	_, err = fmt.Fprintf(out, "%d tickets are indexed\n", all)
	return err
}
