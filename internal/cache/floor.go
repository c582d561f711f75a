package cache

import (
	"time"
	"unique"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// approval is an answer of Latest, made small. It does not change, so an entry and a floor share it. That there is none
// is an answer, too, and older than every other.
type approval struct {
	userID           string
	ticketID         uuid.UUID
	extra            []byte
	decidedBy        string // many have the same
	created, updated int64  // Unix milliseconds
	none             bool
}

// small is what was read of a user, in as little memory as it takes.
func small(a ticket.Approval) *approval {
	return &approval{
		userID: a.UserID, ticketID: a.TicketID, extra: a.Extra, decidedBy: unique.Make(a.DecidedBy).Value(),
		created: a.CreatedAt.UnixMilli(), updated: a.UpdatedAt.UnixMilli(),
	}
}

func (a *approval) newer(than *approval) bool { return a.updated > than.updated }

func (a *approval) answer(degraded bool) (ticket.Approval, error) {
	if a.none {
		return ticket.Approval{Degraded: degraded}, ticket.ErrNotFound
	}
	return ticket.Approval{
		UserID: a.userID, TicketID: a.ticketID, Extra: a.extra, DecidedBy: a.decidedBy,
		CreatedAt: time.UnixMilli(a.created), UpdatedAt: time.UnixMilli(a.updated), Degraded: degraded,
	}, nil
}

// raise returns the newer of what was read and what was served last, which is what may be served now. It is called
// under the lock of the user's stripe.
//
// An entry may be served for its whole life without coming here, so the floor lasts for that much longer. One that was
// contradicted is not renewed: should a failover have lost it, it is gone in the end.
func (c *Cache) raise(userID string, read *approval, now time.Time) *approval {
	last, known := c.served.get(userID, now)
	if known && last.newer(read) {
		return last
	}
	if !known || read.newer(last) {
		c.latest.delete(userID) // it may be older than what is served now
	}
	c.served.set(read.userID, read, now.Add(c.times.floor+c.times.life))
	return read
}
