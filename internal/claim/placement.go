package claim

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
)

// Receiver is to whom a ticket is handed over: an agent or a team. The zero Receiver is everyone.
type Receiver struct {
	Agent uuid.UUID
	Team  string
}

// Everyone reports whether the ticket is offered to all who are offered its queue.
func (r Receiver) Everyone() bool { return r == Receiver{} }

// String is the text that the database keeps.
func (r Receiver) String() string {
	switch {
	case r.Team != "":
		return "team:" + r.Team
	case r.Agent != uuid.Nil:
		return "agent:" + r.Agent.String()
	}
	return "everyone"
}

// parseReceiver reads what String wrote.
func parseReceiver(text string) Receiver {
	if team, ok := strings.CutPrefix(text, "team:"); ok {
		return Receiver{Team: team}
	}
	id, _ := uuid.Parse(strings.TrimPrefix(text, "agent:")) // else everyone
	return Receiver{Agent: id}
}

// Placement is where an open ticket is, unless it simply waits: handed over, snoozed, or both. The zero Placement simply waits.
type Placement struct {
	To     Receiver
	Until  time.Time // when it is back in the queue; zero: it is not snoozed
	Reason string    // why it is snoozed
	By     string    // the agent who snoozed it or handed it over last
}

// SnoozedAt reports whether the ticket is out of the queue at a time.
func (p Placement) SnoozedAt(now time.Time) bool { return p.Until.After(now) }

// Snooze takes an open ticket out of the queue until a time, and lets go of it. Its errors are those of Take, and ticket.ErrStale
// when the time is over.
func (c *Claims) Snooze(ctx context.Context, agent, id uuid.UUID, until time.Time, reason string) error {
	return c.addNote(ctx, agent, id, "snooze a ticket", func(ctx context.Context, note uuid.UUID) (uuid.UUID, error) {
		return c.q.PlacementSnooze(ctx, c.primary, db.PlacementSnoozeParams{
			ID: note, TicketID: id, AccountID: agent, UntilMs: until.UnixMilli(), Reason: reason,
		})
	})
}

// Wake puts a snoozed ticket back into the queue. It returns ticket.ErrStale when it is not snoozed any more.
func (c *Claims) Wake(ctx context.Context, agent, id uuid.UUID) error {
	return c.addNote(ctx, agent, id, "wake a ticket", func(ctx context.Context, note uuid.UUID) (uuid.UUID, error) {
		return c.q.PlacementWake(ctx, c.primary, db.PlacementWakeParams{ID: note, TicketID: id, AccountID: agent})
	})
}

// HandOver gives an open ticket to an agent or a team, or back to everyone, wakes it and lets go of it. Its errors are those of Take.
func (c *Claims) HandOver(ctx context.Context, agent, id uuid.UUID, to Receiver) error {
	return c.addNote(ctx, agent, id, "hand over a ticket", func(ctx context.Context, note uuid.UUID) (uuid.UUID, error) {
		if to.Everyone() {
			return c.q.PlacementEnd(ctx, c.primary, db.PlacementEndParams{ID: note, TicketID: id, AccountID: agent})
		}
		params := db.PlacementHandOverParams{ID: note, TicketID: id, AccountID: agent, Target: to.String()}
		if to.Team != "" {
			params.ToTeam = &to.Team
		} else {
			params.ToAccount = &to.Agent
		}
		return c.q.PlacementHandOver(ctx, c.primary, params)
	})
}

// Placements returns where these tickets are, of those that do not simply wait, by ticket.
func (c *Claims) Placements(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID]Placement, error) {
	rows, err := c.q.PlacementList(ctx, c.primary, ids)
	if err != nil {
		return nil, postgres.WrapError("list placements", err)
	}
	placements := make(map[uuid.UUID]Placement, len(rows))
	for _, row := range rows {
		p := Placement{Reason: row.Reason, By: row.PlacedBy}
		if row.AccountID != nil {
			p.To.Agent = *row.AccountID
		}
		if row.Team != nil {
			p.To.Team = *row.Team
		}
		if row.SnoozedUntilMs != nil {
			p.Until = time.UnixMilli(*row.SnoozedUntilMs)
		}
		placements[row.TicketID] = p
	}
	return placements, nil
}
