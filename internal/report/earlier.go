package report

import (
	"context"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/ticket"
)

// maxCountedUsers is how many users are remembered at once.
const maxCountedUsers = 50_000

// earlierTickets counts by user which other tickets were there when each ticket was submitted, while tickets are read
// oldest first. The database counts once for each user, not once for each ticket.
type earlierTickets map[string]*userTickets

// userTickets is what a user had at a moment.
type userTickets struct {
	closed ticket.StatusCounts
	open   []closing
}

// closing says when a ticket was closed, and as what.
type closing struct {
	atMS   int64
	status ticket.Status
}

// load reads what the users of a page had before their first ticket on it, where that is not known. When too many users
// are known all are forgotten, and read again when they are needed.
func (e earlierTickets) load(ctx context.Context, q *db.Queries, on db.DBTX, page []db.BacktestPageRow) error {
	if len(e) > maxCountedUsers {
		clear(e)
	}
	var unknown []uuid.UUID // the first ticket of each
	for _, row := range page {
		if e[row.UserID] == nil {
			e[row.UserID] = &userTickets{closed: ticket.StatusCounts{}}
			unknown = append(unknown, row.ID)
		}
	}
	rows, err := q.BacktestEarlier(ctx, on, unknown)
	for _, r := range rows {
		user := e[r.UserID]
		if r.ClosedMs == 0 {
			user.closed[ticket.Status(r.Status)] += int(r.Tickets)
			continue
		}
		user.open = append(user.open, closing{r.ClosedMs, ticket.Status(r.Status)})
	}
	return err
}

// countAndAdd counts what the user of the next ticket had when it was submitted, and adds the ticket.
func (e earlierTickets) countAndAdd(row db.BacktestPageRow) ticket.StatusCounts {
	user := e[row.UserID]
	open := user.open[:0]
	for _, c := range user.open {
		if c.atMS > row.CreatedAtMs {
			open = append(open, c)
		} else {
			user.closed[c.status]++
		}
	}
	counts := ticket.StatusCounts{}
	for status, tickets := range user.closed {
		counts[status] = tickets
	}
	if len(open) > 0 {
		counts[ticket.Processing] += len(open)
	}
	user.open = append(open, closing{row.UpdatedAtMs, ticket.Status(row.Status)})
	return counts
}
