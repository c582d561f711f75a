package claim

import (
	"context"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Work is what a list says of an open ticket beside what the ticket says itself.
type Work struct {
	Holder    string           // the e-mail address of the agent who holds the ticket; empty: nobody does
	Owner     string           // the e-mail address of the ticket's user; empty: the user has no account
	Placement ticket.Placement // zero: it simply waits
	Pending   bool             // a decision of it is pending
	Opinions  bool             // it has opinions or steps
	Signals   []string         // the warnings of its pictures
}

// ListWork returns the work on these tickets, by ticket, in one round trip.
func (c *Claims) ListWork(ctx context.Context, tickets ...ticket.Ticket) (map[uuid.UUID]Work, error) {
	if len(tickets) == 0 {
		return nil, nil
	}
	var params db.WorkListParams
	for _, t := range tickets {
		owner, _ := uuid.Parse(t.UserID) // else the user has no account
		params.Ids, params.Owners = append(params.Ids, t.ID), append(params.Owners, owner)
	}
	if distributed, err := c.primary.Distributed(ctx, c.primary); err != nil {
		return nil, postgres.WrapError("list the work on tickets", err)
	} else if distributed {
		work, err := c.listWorkEach(ctx, params)
		return work, wrapUnlessNil("list the work on tickets", err)
	}
	rows, err := c.q.WorkList(ctx, c.primary, params)
	if err != nil {
		return nil, postgres.WrapError("list the work on tickets", err)
	}
	work := make(map[uuid.UUID]Work, len(rows))
	for _, row := range rows {
		work[row.TicketID] = Work{
			Holder: row.Holder, Owner: row.Owner, Pending: row.Pending, Opinions: row.Opinions, Signals: row.Signals,
			Placement: newPlacement(row.AccountID, row.Team, row.UntilMs, row.Reason, row.PlacedBy),
		}
	}
	return work, nil
}
