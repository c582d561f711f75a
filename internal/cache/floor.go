package cache

import (
	"time"

	"docket/internal/ticket"
)

// approval is an answer of Latest; none is one too, and older than every other.
type approval struct {
	ticket.Approval
	none bool
}

func (a approval) newer(than approval) bool { return a.UpdatedAt.After(than.UpdatedAt) }

func (a approval) answer() (ticket.Approval, error) {
	if a.none {
		return a.Approval, ticket.ErrNotFound
	}
	return a.Approval, nil
}

// raise returns the newer of what was read and what was served last, which is what may be served now. It is called
// under the lock of the user's stripe.
//
// An entry may be served for its whole life without coming here, so the floor lasts for that much longer. One that was
// contradicted is not renewed: should a failover have lost it, it is gone in the end.
func (c *Cache) raise(userID string, read approval, now time.Time) approval {
	last, known := c.served.get(userID, now)
	if known && last.newer(read) {
		return last
	}
	if !known || read.newer(last) {
		c.latest.delete(userID) // it may be older than what is served now
	}
	c.served.set(userID, read, now.Add(c.times.floor+c.times.life))
	return read
}
