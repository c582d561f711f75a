package app

import (
	"context"
	"time"

	"docket/internal/sleep"
)

// undoTime is how long an agent can undo a decision.
func (c Config) undoTime() time.Duration {
	if c.Undo != nil {
		return *c.Undo
	}
	return c.Form.Undo
}

// decideDue makes the decisions that nobody has undone, when they are due, until ctx ends. Every instance does so for all of them.
func (i *Instance) decideDue(ctx context.Context) error {
	desk, failing := i.Metrics.InstrumentDesk(i.Desk), false
	for {
		_, wait, err := desk.DecideDue(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil && !failing {
			i.log.Warn("decisions that are due are not made yet; they are tried again every second", "error", err)
		}
		failing = err != nil
		if sleep.For(ctx, wait) != nil {
			return nil
		}
	}
}
