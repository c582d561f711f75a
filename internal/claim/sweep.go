package claim

import (
	"context"
	"log/slog"
	"time"

	"docket/internal/postgres"
	"docket/internal/sleep"
)

const sweepInterval = 30 * time.Second

// Sweep puts back what is handed over to somebody who is no agent any more, from time to time until ctx ends.
func (c *Claims) Sweep(ctx context.Context, log *slog.Logger) error {
	for failed := false; ; {
		err := c.PutBackFromFormerAgents(ctx)
		if err != nil && ctx.Err() == nil && !failed {
			log.Warn("what is handed over to people who are no agents any more was not put back; the next sweep tries again", "error", err)
		}
		failed = err != nil
		if sleep.For(ctx, sweepInterval) != nil {
			return nil
		}
	}
}

// PutBackFromFormerAgents does one round of Sweep.
func (c *Claims) PutBackFromFormerAgents(ctx context.Context) error {
	ids, err := c.q.PlacementEndOfFormerAgents(ctx, c.primary)
	if err != nil {
		return postgres.WrapError("put back what is handed over to people who are no agents any more", err)
	}
	for _, id := range ids {
		c.publish(ctx, id)
	}
	return nil
}
