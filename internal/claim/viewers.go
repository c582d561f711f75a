package claim

import (
	"context"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
)

const (
	// LookInterval is how often a page that is open says so.
	LookInterval = 20 * time.Second

	lookAge = 3 * LookInterval // after that a page is no longer open: its instance was killed
)

// Look notes that an agent has the page of a ticket open, or still has. added says that this was not known.
func (c *Claims) Look(ctx context.Context, agent, id uuid.UUID) (added bool, err error) {
	added, err = c.q.ViewerAdd(ctx, c.primary, db.ViewerAddParams{TicketID: id, AccountID: agent, AgeMs: lookAge.Milliseconds()})
	if err != nil {
		return false, postgres.WrapError("note who looks at a ticket", err)
	}
	if added {
		c.look(ctx, id)
	}
	return added, nil
}

// LookAway notes that an agent has closed the page of a ticket.
func (c *Claims) LookAway(ctx context.Context, agent, id uuid.UUID) error {
	err := c.q.ViewerRemove(ctx, c.primary, db.ViewerRemoveParams{TicketID: id, AccountID: agent})
	if err != nil {
		return postgres.WrapError("note who looks at a ticket", err)
	}
	c.look(ctx, id)
	return nil
}
