package cache

import (
	"context"
	"time"

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

// GiveFirstOpinion implements ticket.Desk. It changes nothing that is cached.
func (c *Cache) GiveFirstOpinion(ctx context.Context, id uuid.UUID, version int64, d ticket.Decision) (ticket.Ticket, error) {
	return c.primary.GiveFirstOpinion(ctx, id, version, d)
}

// Postpone implements ticket.Desk. It changes nothing that is cached.
func (c *Cache) Postpone(ctx context.Context, id uuid.UUID, version int64, d ticket.Decision, window time.Duration) error {
	return c.primary.Postpone(ctx, id, version, d, window)
}

// Pending implements ticket.Desk. It is never cached.
func (c *Cache) Pending(ctx context.Context, agent uuid.UUID, tickets ...uuid.UUID) ([]ticket.PendingDecision, error) {
	return c.primary.Pending(ctx, agent, tickets...)
}

// Undo implements ticket.Desk. It changes nothing that is cached.
func (c *Cache) Undo(ctx context.Context, id, agent uuid.UUID) error {
	return c.primary.Undo(ctx, id, agent)
}

// DecideNow implements ticket.Desk and forgets the user, as Decide does.
func (c *Cache) DecideNow(ctx context.Context, id, agent uuid.UUID) (ticket.Ticket, error) {
	t, err := c.primary.DecideNow(ctx, id, agent)
	c.forgetWritten(t.UserID, id)
	return t, err
}

// DecideDue implements ticket.Desk and forgets the users of what was decided. Of a decision whose outcome is unknown it learns as other
// instances do.
func (c *Cache) DecideDue(ctx context.Context) ([]ticket.Ticket, time.Duration, error) {
	decided, wait, err := c.primary.DecideDue(ctx)
	for _, t := range decided {
		c.forgetWritten(t.UserID, t.ID)
	}
	return decided, wait, err
}

// Revoke implements ticket.Desk and forgets the user, also when it fails; but the user of an unknown ticket is not known. What
// was revoked is not served again from here on, whatever a database says.
func (c *Cache) Revoke(ctx context.Context, id uuid.UUID, version int64, r ticket.Revocation) (ticket.Ticket, error) {
	t, err := c.primary.Revoke(ctx, id, version, r)
	c.forgetWritten(t.UserID, id)
	if err == nil {
		c.Forget(ticket.Change{UserID: t.UserID, Removed: t.Decision.At})
		if t.Subject != "" {
			c.Forget(ticket.Change{UserID: t.UserID, Subject: t.Subject, Removed: t.Decision.At})
		}
	}
	return t, err
}

// ExpireDue implements ticket.Desk and forgets the users.
func (c *Cache) ExpireDue(ctx context.Context) ([]string, error) {
	users, err := c.primary.ExpireDue(ctx)
	for _, user := range users {
		c.Forget(ticket.Change{UserID: user})
	}
	return users, err
}

// Withdraw implements ticket.Desk and forgets the user, also when it fails.
func (c *Cache) Withdraw(ctx context.Context, userID string, id uuid.UUID) (ticket.Ticket, error) {
	defer c.forgetWritten(userID, id)
	return c.primary.Withdraw(ctx, userID, id)
}

// WithdrawSent implements ticket.Desk and forgets the user, also when it fails; but the user of an unknown ticket is not known.
func (c *Cache) WithdrawSent(ctx context.Context, by string, id uuid.UUID) (ticket.Ticket, error) {
	t, err := c.primary.WithdrawSent(ctx, by, id)
	c.forgetWritten(t.UserID, id)
	return t, err
}

// forgetWritten makes reads of a ticket, and of its user, read the primary for the dirty window.
func (c *Cache) forgetWritten(userID string, id uuid.UUID) {
	c.leases.revoke(id.String(), c.now().Add(c.times.dirty), func() {})
	if userID != "" {
		c.Forget(ticket.Change{UserID: userID})
	}
}

// Forget drops what is cached of a user, and what is being loaded now; for the dirty window the user is read from the
// primary. Of an erased user nothing stays in memory: the floor then says that the approval was removed. So it does of an approval
// that was removed, unless a later one was served.
func (c *Cache) Forget(change ticket.Change) {
	now := c.now()
	c.leases.revoke(change.UserID, now.Add(c.times.dirty), func() {
		c.latest.delete(change.UserID)
		c.tickets.delete(change.UserID)
		if change.Erased {
			c.eraseFloor(change.UserID, now)
		}
		if !change.Removed.IsZero() {
			c.applyFloor(noApproval(change.UserID, change.Subject, change.Removed.UnixMilli()), now)
		}
	})
}

// eraseFloor keeps of what was served last no more than its version. It is called under the lock of the user's stripe.
func (c *Cache) eraseFloor(userID string, now time.Time) {
	last, known := c.served.get(userID, now)
	c.served.delete(userID)
	if known {
		c.served.set(last.key, noApproval(last.userID, "", last.updated), now.Add(c.times.floor+c.times.life))
	}
}

// Reset drops everything that is cached or being loaded now: changes may have been missed. It is called after the
// connection that receives changes is made again, so that each change is either found by a load or received.
func (c *Cache) Reset() {
	c.leases.revokeAll(c.now().Add(c.times.dirty), func() {
		c.latest.clear()
		c.subjects.clear()
		c.tickets.clear()
	})
}
