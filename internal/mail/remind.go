package mail

import (
	"context"

	"docket/internal/postgres"
)

// remindSteps writes e-mails to those whom steps of tickets have asked for as long as the form says. Any number of instances may do so:
// each step is reminded of once.
func (o *Outbox) remindSteps(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, queryTime)
	defer cancel()
	if err := o.q.OutboxRemindSteps(ctx, postgres.Rewriting{Pool: o.Primary}); err != nil && ctx.Err() == nil {
		o.Log.Warn("nobody was reminded of the steps that wait", "error", postgres.LogText(err))
	}
}
