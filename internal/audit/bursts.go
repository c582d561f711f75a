package audit

import (
	"context"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/sleep"
)

// What an agent may see in a minute before it is a burst: more than a person can read.
const (
	maxTicketsOpened = 30
	maxFilesSeen     = 120
)

const burstInterval = 15 * time.Second // between two counts of an instance

// WatchBursts reports bursts until ctx ends. Any number of instances may do so; one of them reports each burst.
func (t *Trail) WatchBursts(ctx context.Context) error {
	for sleep.For(ctx, burstInterval) == nil {
		_ = t.ReportBursts(ctx) // the next round tries again
	}
	return nil
}

// ReportBursts calls the hook with each agent who saw too much in the last minute, on all instances together, and was not
// reported for that yet.
func (t *Trail) ReportBursts(ctx context.Context) error {
	actors, err := t.q.AuditBursts(ctx, t.primary, db.AuditBurstsParams{CountID: uuid.New(), MaxTickets: maxTicketsOpened, MaxFiles: maxFilesSeen})
	if err != nil {
		return postgres.WrapError("find bursts", err)
	}
	for _, actor := range actors {
		t.hooks.Burst(actor)
	}
	return nil
}
