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
	key              string // under which it is remembered: see keyOf
	userID           string
	subject          string
	ticketID         uuid.UUID
	extra, granted   []byte
	decidedBy        string // many have the same
	created, updated int64  // Unix milliseconds
	validUntil       int64  // the same; 0: it does not end
	none             bool
}

func compact(a ticket.Approval, key string) *approval {
	validUntil := int64(0)
	if !a.ValidUntil.IsZero() {
		validUntil = a.ValidUntil.UnixMilli()
	}
	return &approval{
		key: key, subject: unique.Make(a.Subject).Value(), validUntil: validUntil, userID: a.UserID, ticketID: a.TicketID, extra: a.Extra, granted: a.Grant, decidedBy: unique.Make(a.DecidedBy).Value(),
		created: a.CreatedAt.UnixMilli(), updated: a.UpdatedAt.UnixMilli(),
	}
}

func (a *approval) newerThan(other *approval) bool {
	return a.updated > other.updated || a.updated == other.updated && a.none && !other.none
}

// noApproval says that there is no approval of a user, or none any more if its version is not 0. userID is cloned, as it may be
// a part of a long address.
func noApproval(userID, subject string, version int64) *approval {
	userID = strings.Clone(userID)
	return &approval{key: keyOf(userID, subject), userID: userID, subject: subject, none: true, updated: version}
}

// keyOf is under what the latest approval of a user is remembered, or that for a subject. No user id has a line end.
func keyOf(userID, subject string) string {
	if subject == "" {
		return userID
	}
	return userID + "\n" + subject
}

// answer is an approval as it is answered at this time of the primary.
func (c *Cache) answer(a *approval, degraded bool) (ticket.Approval, error) {
	if a.validUntil > 0 && c.clock() >= a.validUntil {
		return ticket.Approval{UpdatedAt: time.UnixMilli(a.updated), Degraded: degraded, Expired: true}, ticket.ErrNotFound
	}
	return a.toApproval(degraded)
}

func (a *approval) toApproval(degraded bool) (ticket.Approval, error) {
	if a.none {
		none := ticket.Approval{Degraded: degraded}
		if a.updated > 0 {
			none.UpdatedAt = time.UnixMilli(a.updated)
		}
		return none, ticket.ErrNotFound
	}
	found := ticket.Approval{
		UserID: a.userID, TicketID: a.ticketID, Subject: a.subject, Extra: a.extra, Grant: a.granted, DecidedBy: a.decidedBy,
		CreatedAt: time.UnixMilli(a.created), UpdatedAt: time.UnixMilli(a.updated), Degraded: degraded,
	}
	if a.validUntil > 0 {
		found.ValidUntil = time.UnixMilli(a.validUntil)
	}
	return found, nil
}

// applyFloor returns the newer of what was read and what was served last, which is what may be served now. It is called
// under the lock of the user's stripe.
//
// An entry may be served until it expires without coming here, so the floor lasts for that much longer. A floor that is
// newer than what was read is not renewed: if a failover has lost that version, the floor ends.
func (c *Cache) applyFloor(read *approval, now time.Time) *approval {
	last, known := c.served.get(read.key, now)
	if known && last.newerThan(read) {
		return last
	}
	if !known || read.newerThan(last) {
		c.latest.delete(read.key) // it may be older than what is served now
		c.subjects.delete(read.key)
	}
	c.served.set(read.key, read, now.Add(c.times.floor+c.times.life))
	return read
}
