package cache

import (
	"context"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// Submit implements ticket.Desk and forgets the user, also when it fails.
func (c *Cache) Submit(ctx context.Context, s ticket.Submission) (ticket.Ticket, error) {
	t, err := c.primary.Submit(ctx, s)
	c.forgetWritten(s.UserID, t.ID)
	return t, err
}

// Decide implements ticket.Desk and forgets the user, also when it fails; but the user of an unknown ticket is not known.
func (c *Cache) Decide(ctx context.Context, id uuid.UUID, version int64, d ticket.Decision) (ticket.Ticket, error) {
	t, err := c.primary.Decide(ctx, id, version, d)
	c.forgetWritten(t.UserID, id)
	return t, err
}

// Withdraw implements ticket.Desk and forgets the user, also when it fails.
func (c *Cache) Withdraw(ctx context.Context, userID string, id uuid.UUID) (ticket.Ticket, error) {
	defer c.forgetWritten(userID, id)
	return c.primary.Withdraw(ctx, userID, id)
}

// forgetWritten makes reads of a ticket, and of its user, read the primary for the dirty window.
func (c *Cache) forgetWritten(userID string, id uuid.UUID) {
	c.leases.revoke(id.String(), c.now().Add(c.times.dirty), func() {})
	if userID != "" {
		c.Forget(ticket.Change{UserID: userID})
	}
}

// Forget drops what is cached of a user, and what is being loaded now; for the dirty window the user is read from the
// primary.
func (c *Cache) Forget(change ticket.Change) {
	c.leases.revoke(change.UserID, c.now().Add(c.times.dirty), func() {
		c.latest.delete(change.UserID)
		c.tickets.delete(change.UserID)
	})
}

// Reset drops everything that is cached or being loaded now: changes may have been missed. It is called after the
// connection that receives changes is made again, so that each change is either found by a load or received.
func (c *Cache) Reset() {
	c.leases.revokeAll(c.now().Add(c.times.dirty), func() {
		c.latest.clear()
		c.tickets.clear()
	})
}
