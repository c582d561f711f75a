// Package cache is the Desk around a Desk: it remembers a user's tickets and latest approval.
//
// An entry lives for ten seconds from the start of its load, so a lost notification costs at most that. Whoever
// writes forgets the user at once; other instances forget when they hear of the change. A load that began before
// its user was forgotten is not kept: that is the lease.
package cache

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"docket/internal/ticket"
)

const (
	life     = 10 * time.Second // how long an entry may be served, counted from the start of its load
	loadTime = 2 * time.Second  // how long a load that several wait for may take
)

// Cache is a ticket.Desk that answers Latest and the first page of TicketsOf from memory.
type Cache struct {
	ticket.Desk
	latest  *bounded[approval]
	tickets *bounded[firstPage]
	leases  leases
	flights singleflight.Group
}

var _ ticket.Desk = (*Cache)(nil)

// approval is a remembered answer of Latest; none is one too.
type approval struct {
	ticket.Approval
	none bool
}

// firstPage is a remembered answer of TicketsOf.
type firstPage struct {
	ticket.List
	limit int
}

// New is a cache around desk that holds at most size users of each kind.
func New(desk ticket.Desk, size int) *Cache {
	return &Cache{Desk: desk, latest: newBounded[approval](size), tickets: newBounded[firstPage](size)}
}

// Latest implements ticket.Desk.
func (c *Cache) Latest(ctx context.Context, userID string) (ticket.Approval, error) {
	if ticket.IsFresh(ctx) {
		return c.Desk.Latest(ctx, userID)
	}
	a, err := remember(ctx, c, c.latest, "latest", userID, func(ctx context.Context) (approval, error) {
		a, err := c.Desk.Latest(ctx, userID)
		if errors.Is(err, ticket.ErrNotFound) {
			return approval{none: true}, nil
		}
		return approval{Approval: a}, err
	})
	if err == nil && a.none {
		err = ticket.ErrNotFound
	}
	return a.Approval, err
}

// TicketsOf implements ticket.Desk. Only the first page is remembered, and for one length of page at a time.
func (c *Cache) TicketsOf(ctx context.Context, userID string, page ticket.Page) (ticket.List, error) {
	if ticket.IsFresh(ctx) || !page.After.IsZero() {
		return c.Desk.TicketsOf(ctx, userID, page)
	}
	p, err := remember(ctx, c, c.tickets, "tickets", userID, func(ctx context.Context) (firstPage, error) {
		l, err := c.Desk.TicketsOf(ctx, userID, page)
		return firstPage{List: l, limit: page.Limit}, err
	})
	if err == nil && p.limit != page.Limit {
		return c.Desk.TicketsOf(ticket.Fresh(ctx), userID, page)
	}
	return p.List, err
}

// remember answers from kept, or loads from the primary once for all who wait and keeps the answer if its lease stands.
func remember[T any](ctx context.Context, c *Cache, kept *bounded[T], kind, userID string, load func(context.Context) (T, error)) (T, error) {
	if value, ok := kept.get(userID); ok {
		return value, nil
	}
	held := c.leases.take(userID)
	began := time.Now()
	answer := c.flights.DoChan(held.flight(kind, userID), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTime)
		defer cancel()
		value, err := load(ticket.Fresh(ctx))
		if err == nil {
			c.leases.publish(userID, held, func() { kept.set(userID, value, life-time.Since(began)) })
		}
		return value, err
	})
	select {
	case <-ctx.Done():
		var zero T
		return zero, ctx.Err()
	case result := <-answer:
		value, _ := result.Val.(T)
		return value, result.Err
	}
}

// Forget drops what is remembered of a user, and what is being loaded now.
func (c *Cache) Forget(change ticket.Change) {
	c.leases.revoke(change.UserID, func() {
		c.latest.delete(change.UserID)
		c.tickets.delete(change.UserID)
	})
}

// Reset drops everything that is remembered or being loaded now: changes may have been missed.
func (c *Cache) Reset() {
	c.leases.revokeAll(func() {
		c.latest.clear()
		c.tickets.clear()
	})
}

// Submit implements ticket.Desk and forgets the user, whatever came of it.
func (c *Cache) Submit(ctx context.Context, s ticket.Submission) (ticket.Ticket, error) {
	defer c.Forget(ticket.Change{UserID: s.UserID})
	return c.Desk.Submit(ctx, s)
}

// Decide implements ticket.Desk and forgets the user, if the ticket is known at all.
func (c *Cache) Decide(ctx context.Context, id uuid.UUID, version int64, d ticket.Decision) (ticket.Ticket, error) {
	t, err := c.Desk.Decide(ctx, id, version, d)
	if t.UserID != "" {
		c.Forget(ticket.Change{UserID: t.UserID})
	}
	return t, err
}

// Withdraw implements ticket.Desk and forgets the user, whatever came of it.
func (c *Cache) Withdraw(ctx context.Context, userID string, id uuid.UUID) (ticket.Ticket, error) {
	defer c.Forget(ticket.Change{UserID: userID})
	return c.Desk.Withdraw(ctx, userID, id)
}
