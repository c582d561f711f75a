package report

import (
	"context"
	"maps"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// maxCountedUsers is how many users are remembered at once.
const maxCountedUsers = 50_000

// earlierTickets counts by user which other tickets were there when each ticket was submitted, while tickets are read
// oldest first. The database counts once for each user, not once for each ticket.
type earlierTickets map[string]*userTickets

// userTickets is what a user had at a moment, and how that changes later.
type userTickets struct {
	counts ticket.StatusCounts
	later  []statusChange
}

// statusChange says when a ticket got another status.
type statusChange struct {
	atMS     int64
	from, to ticket.Status
}

// add adds tickets that were closed with a status, or are open. A revoked one was approved from approvedMS on.
func (u *userTickets) add(status ticket.Status, tickets int, approvedMS, closedMS int64) {
	u.counts[ticket.Processing] += tickets
	for range tickets {
		from := ticket.Processing
		if status == ticket.Revoked {
			u.later = append(u.later, statusChange{approvedMS, from, ticket.Approved})
			from = ticket.Approved
		}
		u.later = append(u.later, statusChange{closedMS, from, status})
	}
}

// countAt is what the user had at a time, which is not before that of an earlier call.
func (u *userTickets) countAt(ms int64) ticket.StatusCounts {
	later := u.later[:0]
	for _, change := range u.later {
		if change.atMS > ms {
			later = append(later, change)
			continue
		}
		u.counts[change.from]--
		u.counts[change.to]++
	}
	u.later = later
	counts := maps.Clone(u.counts)
	maps.DeleteFunc(counts, func(_ ticket.Status, tickets int) bool { return tickets == 0 })
	return counts
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
			e[row.UserID] = &userTickets{counts: ticket.StatusCounts{}}
			unknown = append(unknown, row.ID)
		}
	}
	rows, err := q.BacktestEarlier(ctx, on, unknown)
	for _, r := range rows {
		if user := e[r.UserID]; r.ClosedMs == 0 {
			user.counts[ticket.Status(r.Status)] += int(r.Tickets)
		} else {
			user.add(ticket.Status(r.Status), int(r.Tickets), r.DecidedMs, r.ClosedMs)
		}
	}
	return err
}

// countAndAdd counts what the user of the next ticket had when it was submitted, and adds the ticket.
func (e earlierTickets) countAndAdd(row db.BacktestPageRow) ticket.StatusCounts {
	user := e[row.UserID]
	counts := user.countAt(row.CreatedAtMs)
	user.add(ticket.Status(row.Status), 1, postgres.OrZero(row.DecidedAtMs), row.UpdatedAtMs)
	return counts
}
