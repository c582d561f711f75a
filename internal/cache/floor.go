package cache

import (
	"strings"
	"time"
	"unique"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// approval is an answer of Latest in little memory. It does not change, so an entry and a floor share it. One that says that
// there is none has the version of the approval that was removed, and is newer than that; if none was removed it has version
// 0, and is older than every other.
type approval struct {
	userID           string
	ticketID         uuid.UUID
	extra            []byte
	decidedBy        string // many have the same
	created, updated int64  // Unix milliseconds
	none             bool
}

func compact(a ticket.Approval) *approval {
	return &approval{
		userID: a.UserID, ticketID: a.TicketID, extra: a.Extra, decidedBy: unique.Make(a.DecidedBy).Value(),
		created: a.CreatedAt.UnixMilli(), updated: a.UpdatedAt.UnixMilli(),
	}
}

func (a *approval) newerThan(other *approval) bool {
	return a.updated > other.updated || a.updated == other.updated && a.none && !other.none
}

// noApproval says that there is no approval of a user, or none any more if its version is not 0. userID is cloned, as it may be
// a part of a long address.
func noApproval(userID string, version int64) *approval {
	return &approval{userID: strings.Clone(userID), none: true, updated: version}
}

func (a *approval) toApproval(degraded bool) (ticket.Approval, error) {
	if a.none {
		none := ticket.Approval{Degraded: degraded}
		if a.updated > 0 {
			none.UpdatedAt = time.UnixMilli(a.updated)
		}
		return none, ticket.ErrNotFound
	}
	return ticket.Approval{
		UserID: a.userID, TicketID: a.ticketID, Extra: a.extra, DecidedBy: a.decidedBy,
		CreatedAt: time.UnixMilli(a.created), UpdatedAt: time.UnixMilli(a.updated), Degraded: degraded,
	}, nil
}

// applyFloor returns the newer of what was read and what was served last, which is what may be served now. It is called
// under the lock of the user's stripe.
//
// An entry may be served until it expires without coming here, so the floor lasts for that much longer. A floor that is
// newer than what was read is not renewed: if a failover has lost that version, the floor ends.
func (c *Cache) applyFloor(userID string, read *approval, now time.Time) *approval {
	last, known := c.served.get(userID, now)
	if known && last.newerThan(read) {
		return last
	}
	if !known || read.newerThan(last) {
		c.latest.delete(userID) // it may be older than what is served now
	}
	c.served.set(read.userID, read, now.Add(c.times.floor+c.times.life))
	return read
}
