package cache

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"docket/internal/ticket"
)

// Cache is a ticket.Desk that answers Latest and the first page of TicketsOf from memory.
type Cache struct {
	ticket.Desk // on the primary alone
	replicas    replicas
	latest      *bounded[*approval]
	served      *bounded[*approval] // the floor: what was served last
	tickets     *bounded[firstPage]
	leases      leases
	flights     singleflight.Group
	times       times
	now         func() time.Time
}

var _ ticket.Desk = (*Cache)(nil)

// firstPage is a remembered answer of TicketsOf.
type firstPage struct {
	ticket.List
	limit int
}

// New is a cache around desk, which is that of the primary alone, that holds at most size users of each kind. It reads
// the replicas whose gates are open.
func New(desk ticket.Desk, size int, replicas ...Replica) *Cache {
	return &Cache{
		Desk: desk, replicas: replicas, times: promised(), now: time.Now, leases: leases{born: time.Now()},
		latest: newBounded[*approval](size), served: newBounded[*approval](size), tickets: newBounded[firstPage](size),
	}
}

// Latest implements ticket.Desk.
func (c *Cache) Latest(ctx context.Context, userID string) (ticket.Approval, error) {
	if ticket.IsFresh(ctx) {
		return c.latestNow(ctx, userID)
	}
	now := c.now()
	if a, ok := c.latest.get(userID, now); ok {
		return a.answer(false)
	}
	read := func(ctx context.Context, desk ticket.Desk) (*approval, error) { return read(ctx, desk, userID) }
	r, err := fill(ctx, c, "latest", userID, now, read, func(r result[*approval], keep bool, until time.Time) result[*approval] {
		r.value = c.raise(userID, r.value, c.now())
		if keep {
			c.latest.set(r.value.userID, r.value, until)
		}
		return r
	})
	if err != nil {
		return ticket.Approval{}, err
	}
	return r.value.answer(r.degraded)
}

// latestNow passes by what is remembered, and notes the answer, so that no ordinary read after it is older.
func (c *Cache) latestNow(ctx context.Context, userID string) (ticket.Approval, error) {
	a, err := read(ctx, c.Desk, userID)
	if err != nil {
		return ticket.Approval{}, err
	}
	c.leases.publish(userID, lease{}, func(bool) { c.raise(userID, a, c.now()) })
	return a.answer(false)
}

// read asks a desk; that there is none is an answer too. What was asked for may be a part of an address, which is not to
// be kept for it.
func read(ctx context.Context, desk ticket.Desk, userID string) (*approval, error) {
	a, err := desk.Latest(ctx, userID)
	if errors.Is(err, ticket.ErrNotFound) {
		return &approval{userID: strings.Clone(userID), none: true}, nil
	}
	if err != nil {
		return nil, err
	}
	return small(a), nil
}

// TicketsOf implements ticket.Desk. Only the first page is remembered, and for one length of page at a time.
func (c *Cache) TicketsOf(ctx context.Context, userID string, page ticket.Page) (ticket.List, error) {
	if ticket.IsFresh(ctx) || !page.After.IsZero() {
		return proven(ctx, c, userID, func(ctx context.Context, desk ticket.Desk) (ticket.List, error) {
			return desk.TicketsOf(ctx, userID, page)
		})
	}
	now := c.now()
	if p, ok := c.tickets.get(userID, now); ok && p.limit == page.Limit {
		return p.List, nil
	}
	read := func(ctx context.Context, desk ticket.Desk) (firstPage, error) {
		l, err := desk.TicketsOf(ctx, userID, page)
		return firstPage{List: l, limit: page.Limit}, err
	}
	kind := "tickets " + strconv.Itoa(page.Limit)
	r, err := fill(ctx, c, kind, userID, now, read, func(r result[firstPage], keep bool, until time.Time) result[firstPage] {
		if keep {
			c.tickets.set(userID, r.value, until)
		}
		return r
	})
	return r.value.List, err
}

// Forget drops what is remembered of a user, and what is being loaded now; the primary is asked for a while.
func (c *Cache) Forget(change ticket.Change) {
	c.leases.revoke(change.UserID, c.now().Add(c.times.dirty), func() {
		c.latest.delete(change.UserID)
		c.tickets.delete(change.UserID)
	})
}

// Reset drops everything that is remembered or being loaded now: changes may have been missed. It is called after
// changes are heard again, so that each is either found by a load or heard.
func (c *Cache) Reset() {
	c.leases.revokeAll(c.now().Add(c.times.dirty), func() {
		c.latest.clear()
		c.tickets.clear()
	})
}

// Submit implements ticket.Desk and forgets the user, whatever came of it.
func (c *Cache) Submit(ctx context.Context, s ticket.Submission) (ticket.Ticket, error) {
	t, err := c.Desk.Submit(ctx, s)
	c.wrote(s.UserID, t.ID)
	return t, err
}

// Decide implements ticket.Desk and forgets the user, if the ticket is known at all.
func (c *Cache) Decide(ctx context.Context, id uuid.UUID, version int64, d ticket.Decision) (ticket.Ticket, error) {
	t, err := c.Desk.Decide(ctx, id, version, d)
	c.wrote(t.UserID, id)
	return t, err
}

// Withdraw implements ticket.Desk and forgets the user, whatever came of it.
func (c *Cache) Withdraw(ctx context.Context, userID string, id uuid.UUID) (ticket.Ticket, error) {
	defer c.wrote(userID, id)
	return c.Desk.Withdraw(ctx, userID, id)
}

// wrote makes whoever reads a ticket, or what its user has, read the primary for a while.
func (c *Cache) wrote(userID string, id uuid.UUID) {
	c.leases.revoke(id.String(), c.now().Add(c.times.dirty), func() {})
	if userID != "" {
		c.Forget(ticket.Change{UserID: userID})
	}
}
