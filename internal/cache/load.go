package cache

import (
	"context"
	"errors"
	"time"

	"docket/internal/ticket"
)

// load reads what is not cached, once for all who ask for the same at a time. A canceled caller does not cancel it.
// settle decides, while nothing can be forgotten, what is served and whether it is kept until the time given. That there
// is no such row is an answer too, and no error. A primary that is overloaded is replaced by a replica, as one that is
// away, but not for a user who was written a moment ago: the list of their tickets does not say that it is degraded. For such
// a user a primary that is quiet, and may only be slow, is waited for longer.
func load[T any](ctx context.Context, c *Cache, kind, userID string, began time.Time,
	read readFunc[T], settle func(r result[T], keep bool, until time.Time) result[T],
) (result[T], error) {
	held, dirty := c.leases.grant(userID, began)
	from := c.chooseSource(dirty)
	done := c.loads.DoChan(held.loadKey(kind, from, userID), func() (any, error) {
		ctx, read := context.WithoutCancel(ctx), read.withTimeout(addTrips(c.times.query, c.trip))
		r, err := readFrom(ctx, c, from, read, read.unlessQuiet(c, dirty))
		if errors.Is(err, ticket.ErrOverloaded) && !dirty {
			r, err = readDegraded(ctx, c, read, err)
		}
		if err = emptyIfNotFound(err); err == nil {
			c.leases.settle(userID, held, func(valid bool) {
				r = settle(r, valid && !r.degraded, began.Add(c.times.life))
			})
		}
		return r, err
	})
	select {
	case <-ctx.Done():
		return result[T]{}, ctx.Err()
	case loaded := <-done:
		r, _ := loaded.Val.(result[T])
		return r, loaded.Err
	}
}

// withTimeout is read that takes at most so long.
func (read readFunc[T]) withTimeout(limit time.Duration) readFunc[T] {
	return func(ctx context.Context, from ticket.Reader) (T, error) { return readWithin(ctx, limit, from, read) }
}
