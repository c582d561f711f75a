package store

import (
	"context"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/ticket"
)

// othersMost is how many users are remembered at once.
const othersMost = 50_000

// others counts what else a user had when each of their tickets was sent in, while tickets go by, oldest first. Who has
// many is counted once, not with each of them.
type others map[string]*had

// had is what a user had before a moment.
type had struct {
	settled ticket.StatusCounts
	open    []closing // tickets that wait at that moment
}

// closing says when a ticket was closed, and as what.
type closing struct {
	atMS   int64
	status ticket.Status
}

// learn reads what the users of a page had before their first ticket on it, where that is not known. Whoever has not
// been met for long is forgotten with everybody else.
func (o others) learn(ctx context.Context, q *db.Queries, on db.DBTX, page []db.Ticket) error {
	if len(o) > othersMost {
		clear(o)
	}
	var unknown []uuid.UUID // the first ticket of each
	for _, row := range page {
		if o[row.UserID] == nil {
			o[row.UserID] = &had{settled: ticket.StatusCounts{}}
			unknown = append(unknown, row.ID)
		}
	}
	rows, err := q.PastOthers(ctx, on, unknown)
	for _, r := range rows {
		user := o[r.UserID]
		if r.ClosedMs == 0 {
			user.settled[ticket.Status(r.Status)] += int(r.Tickets)
			continue
		}
		user.open = append(user.open, closing{r.ClosedMs, ticket.Status(r.Status)})
	}
	return err
}

// of is what the user of the next ticket had when it was sent in, and adds it to that.
func (o others) of(row db.Ticket) ticket.StatusCounts {
	user := o[row.UserID]
	waiting := user.open[:0]
	for _, c := range user.open {
		if c.atMS > row.CreatedAtMs {
			waiting = append(waiting, c)
		} else {
			user.settled[c.status]++
		}
	}
	tally := ticket.StatusCounts{}
	for status, tickets := range user.settled {
		tally[status] = tickets
	}
	if len(waiting) > 0 {
		tally[ticket.Processing] += len(waiting)
	}
	user.open = append(waiting, closing{row.UpdatedAtMs, ticket.Status(row.Status)})
	return tally
}
