package cache

import (
	"context"
	"errors"
	"strconv"
	"time"

	"golang.org/x/sync/singleflight"

	"docket/internal/ticket"
)

// Cache is a ticket.Desk that answers Latest and the first page of TicketsOf from memory, and decides which database
// answers the rest. It embeds no Desk, so that a new write must be forwarded here, and forget what it changes.
type Cache struct {
	primary  ticket.Desk
	replicas replicaSet
	latest   *boundedCache[*approval]
	subjects *boundedCache[subjectApproval]
	served   *boundedCache[*approval] // the floor: what was served last
	tickets  *boundedCache[firstPage]
	leases   leases
	loads    singleflight.Group
	times    times
	trip     func() time.Duration // to the primary and back; nil: it is near
	unless   ReadUnless           // nil: it reads
	clock    func() int64         // the primary's, in Unix milliseconds
	now      func() time.Time
}

var _ ticket.Desk = (*Cache)(nil)

// firstPage is a cached answer of TicketsOf.
type firstPage struct {
	ticket.List
	limit int
}

// New is a cache around primary, which reads the primary alone, that holds at most size users of each kind. It reads
// the replicas whose gates are open.
func New(primary ticket.Desk, size int, replicas ...Replica) *Cache {
	return &Cache{
		primary: primary, replicas: replicas, times: defaultTimes(), now: time.Now, leases: leases{start: time.Now()},
		clock:  func() int64 { return time.Now().UnixMilli() },
		latest: newBoundedCache[*approval](size), subjects: newBoundedCache[subjectApproval](size), served: newBoundedCache[*approval](size), tickets: newBoundedCache[firstPage](size),
	}
}

// WithTrip says how long a round trip to the primary takes: limits are extended by it.
func (c *Cache) WithTrip(trip func() time.Duration) *Cache {
	c.trip = trip
	return c
}

// WithClock has the cache ask clock what time it is on the primary, in Unix milliseconds.
func (c *Cache) WithClock(clock func() int64) *Cache {
	c.clock = clock
	return c
}

// ReadUnless returns what a read of the primary returns, or ticket.ErrUnavailable when the primary is found to say nothing to
// anybody. The read may go on then. A patient one is given up later.
type ReadUnless = func(ctx context.Context, patient bool, read func(context.Context) error) error

// WithReadUnless has unless read the primary for what a replica may answer, too.
func (c *Cache) WithReadUnless(unless ReadUnless) *Cache {
	c.unless = unless
	return c
}

// Latest implements ticket.Desk.
func (c *Cache) Latest(ctx context.Context, userID string) (ticket.Approval, error) {
	if ticket.IsFresh(ctx) {
		return c.latestFresh(ctx, userID)
	}
	now := c.now()
	if a, ok := c.latest.get(userID, now); ok {
		return c.answer(a, false)
	}
	read := func(ctx context.Context, from ticket.Reader) (*approval, error) { return readLatest(ctx, from, userID) }
	r, err := load(ctx, c, "latest", userID, now, read, func(r result[*approval], keep bool, until time.Time) result[*approval] {
		r.value = c.settleLatest(r.value, keep, until)
		return r
	})
	if err != nil {
		return ticket.Approval{}, err
	}
	return c.answer(r.value, r.degraded)
}

// settleLatest is what is served of a user after a load, and kept until a time. It is called under the lock of the user's stripe.
func (c *Cache) settleLatest(read *approval, keep bool, until time.Time) *approval {
	served := c.applyFloor(read, c.now())
	if keep {
		c.latest.set(served.key, served, until)
	}
	return served
}

// latestFresh reads the primary and raises the floor to the answer, so that no ordinary read after it is older.
func (c *Cache) latestFresh(ctx context.Context, userID string) (ticket.Approval, error) {
	a, err := readLatest(ctx, c.primary, userID)
	if err != nil && !errors.Is(err, ticket.ErrNotFound) {
		return ticket.Approval{}, err
	}
	c.leases.settle(userID, lease{}, func(bool) { c.applyFloor(a, c.now()) })
	return c.answer(a, false)
}

// readLatest reads one database. With ErrNotFound it also returns an approval that says so.
func readLatest(ctx context.Context, from ticket.Reader, userID string) (*approval, error) {
	a, err := from.Latest(ctx, userID)
	if errors.Is(err, ticket.ErrNotFound) {
		return noApproval(userID, "", removedVersion(a)), err
	}
	if err != nil {
		return nil, err
	}
	return compact(a, a.UserID), nil
}

// removedVersion is the version of an approval that was removed, which is all that is left of it; 0 when there was none.
func removedVersion(a ticket.Approval) int64 {
	if a.UpdatedAt.IsZero() {
		return 0
	}
	return a.UpdatedAt.UnixMilli()
}

// TicketsOf implements ticket.Desk. Only the first page is cached, and for one length of page at a time.
func (c *Cache) TicketsOf(ctx context.Context, userID string, page ticket.Page) (ticket.List, error) {
	cacheable, now := !ticket.IsFresh(ctx) && page.After.IsZero(), c.now()
	if cacheable {
		if p, ok := c.tickets.get(userID, now); ok && p.limit == page.Limit {
			return p.List, nil
		}
	}
	read := func(ctx context.Context, from ticket.Reader) (firstPage, error) {
		list, err := from.TicketsOf(ctx, userID, page)
		return firstPage{List: list, limit: page.Limit}, notFoundIfEmpty(list.Tickets, err)
	}
	if !cacheable {
		p, err := readUncached(ctx, c, userID, read)
		return p.List, emptyIfNotFound(err)
	}
	kind := "tickets " + strconv.Itoa(page.Limit)
	r, err := load(ctx, c, kind, userID, now, read, func(r result[firstPage], keep bool, until time.Time) result[firstPage] {
		if keep {
			c.tickets.set(userID, r.value, until)
		}
		return r
	})
	return r.value.List, err
}
