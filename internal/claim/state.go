package claim

import (
	"context"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// State is who works on a ticket, as an agent who looks at it sees that.
type State struct {
	Claim      Claim // zero: nobody holds it
	Placement  ticket.Placement
	HandedAway bool        // it was handed over to somebody else, or to a team without the agent
	Viewers    []uuid.UUID // others who have its page open
}

// State returns who works on a ticket.
func (c *Claims) State(ctx context.Context, agent, id uuid.UUID) (State, error) {
	row, err := c.q.WorkGet(ctx, c.primary, db.WorkGetParams{TicketID: id, AccountID: agent, AgeMs: lookAge.Milliseconds()})
	if err != nil {
		return State{}, postgres.WrapError("read who works on a ticket", err)
	}
	state := State{
		Placement:  newPlacement(row.AccountID, row.Team, row.SnoozedUntilMs, row.Reason, row.PlacedBy),
		HandedAway: row.HandedAway, Viewers: row.Viewers,
	}
	if row.Holder != nil {
		state.Claim = Claim{Agent: *row.Holder, Until: time.UnixMilli(row.UntilMs)}
	}
	return state, nil
}
