package claim

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// receiverText is the text that the database keeps.
func receiverText(r ticket.Receiver) string {
	switch {
	case r.Team != "":
		return "team:" + r.Team
	case r.Agent != uuid.Nil:
		return "agent:" + r.Agent.String()
	}
	return "everyone"
}

// Snooze takes an open ticket out of the queue until a time, and lets go of it. Its errors are those of Take, and ticket.ErrStale
// when the time is over.
func (c *Claims) Snooze(ctx context.Context, agent, id uuid.UUID, until time.Time, reason string) error {
	return c.addNote(ctx, agent, id, "snooze a ticket", func(ctx context.Context, on db.DBTX, note uuid.UUID, user string) (uuid.UUID, error) {
		return c.q.PlacementSnooze(ctx, on, db.PlacementSnoozeParams{
			OfUser: user, ID: note, TicketID: id, AccountID: agent, UntilMs: until.UnixMilli(), Reason: reason,
		})
	})
}

// Wake puts a snoozed ticket back into the queue. It returns ticket.ErrStale when it is not snoozed any more.
func (c *Claims) Wake(ctx context.Context, agent, id uuid.UUID) error {
	return c.addNote(ctx, agent, id, "wake a ticket", func(ctx context.Context, on db.DBTX, note uuid.UUID, user string) (uuid.UUID, error) {
		return c.q.PlacementWake(ctx, on, db.PlacementWakeParams{OfUser: user, ID: note, TicketID: id, AccountID: agent})
	})
}

// HandOver gives an open ticket to an agent or a team, or back to everyone, wakes it and lets go of it. Its errors are those of Take, and
// ticket.ErrStep when the step that waits asks somebody else than the receiver.
func (c *Claims) HandOver(ctx context.Context, agent, id uuid.UUID, to ticket.Receiver) error {
	params := db.PlacementHandOverParams{TicketID: id, AccountID: agent, Target: receiverText(to)}
	if to.Team != "" {
		params.ToTeam = &to.Team
	} else {
		params.ToAccount = &to.Agent
	}
	err := c.addNote(ctx, agent, id, "hand over a ticket", func(ctx context.Context, on db.DBTX, note uuid.UUID, user string) (uuid.UUID, error) {
		if to.Everyone() {
			return c.q.PlacementEnd(ctx, on, db.PlacementEndParams{OfUser: user, ID: note, TicketID: id, AccountID: agent})
		}
		params.OfUser, params.ID = user, note
		return c.q.PlacementHandOver(ctx, on, params)
	})
	if !errors.Is(err, ticket.ErrStale) || to.Everyone() {
		return err
	}
	suits, suitsErr := c.q.PlacementSuits(ctx, c.primary, db.PlacementSuitsParams{TicketID: id, ToAccount: params.ToAccount, ToTeam: params.ToTeam})
	if suitsErr == nil && !suits {
		return ticket.ErrStep
	}
	return err
}

// Placements returns where these tickets are, of those that do not simply wait, by ticket.
func (c *Claims) Placements(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID]ticket.Placement, error) {
	rows, err := c.q.PlacementList(ctx, c.primary, ids)
	if err != nil {
		return nil, postgres.WrapError("list placements", err)
	}
	placements := make(map[uuid.UUID]ticket.Placement, len(rows))
	for _, row := range rows {
		placements[row.TicketID] = newPlacement(row.AccountID, row.Team, row.UntilMs, row.Reason, row.PlacedBy)
	}
	return placements, nil
}

func newPlacement(account *uuid.UUID, team *string, untilMs int64, reason, by string) ticket.Placement {
	p := ticket.Placement{To: ticket.Receiver{Agent: postgres.OrZero(account), Team: postgres.OrZero(team)}, Reason: reason, By: by}
	if untilMs != 0 {
		p.Until = time.UnixMilli(untilMs)
	}
	return p
}
