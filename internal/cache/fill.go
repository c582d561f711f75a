package cache

import (
	"context"
	"errors"
	"time"

	"docket/internal/ticket"
)

// source is where a load reads from.
type source string

const (
	primary source = "primary"
	replica source = "replica" // any that is proven; or, where that fails or knows nothing, the primary
)

// result is what a load brought. A degraded one was read from a replica that nobody has proven.
type result[T any] struct {
	value    T
	degraded bool
}

// reading asks the desk that it is given.
type reading[T any] func(context.Context, ticket.Desk) (T, error)

// fill loads what is not remembered, once for all who ask for the same at a time. It outlives whoever asked first.
// settle decides, while nothing can be forgotten, what is served and whether it is kept until the time given.
func fill[T any](ctx context.Context, c *Cache, kind, userID string, began time.Time,
	read reading[T], settle func(r result[T], keep bool, until time.Time) result[T],
) (result[T], error) {
	held, dirty := c.leases.take(userID, began)
	from := primary
	if _, open := c.replicas.proven(); open && !dirty {
		from = replica
	}
	answer := c.flights.DoChan(held.flight(kind, from, userID), func() (any, error) {
		r, err := load(context.WithoutCancel(ctx), c, from, read)
		if err == nil {
			c.leases.publish(userID, held, func(stands bool) {
				r = settle(r, stands && !r.degraded, began.Add(c.times.life))
			})
		}
		return r, err
	})
	select {
	case <-ctx.Done():
		return result[T]{}, ctx.Err()
	case done := <-answer:
		r, _ := done.Val.(result[T])
		return r, done.Err
	}
}

// load reads from a source. When the primary cannot be reached, what any replica says is better than nothing.
func load[T any](ctx context.Context, c *Cache, from source, read reading[T]) (result[T], error) {
	if from == replica {
		value, err, proven := loadProven(ctx, c, read)
		if proven && !errors.Is(err, ticket.ErrUnavailable) {
			return result[T]{value: value}, err
		}
	}
	value, err := within(ctx, c.times.query, c.Desk, read)
	if !errors.Is(err, ticket.ErrUnavailable) {
		return result[T]{value: value}, err
	}
	for _, r := range c.replicas.nearest() {
		value, away := within(ctx, c.times.query, r.Desk, read)
		if !errors.Is(away, ticket.ErrUnavailable) {
			return result[T]{value: value, degraded: true}, away
		}
	}
	return result[T]{}, err
}

// loadProven reads a replica, unless there was a doubt before the end: the read may have begun that very connection.
func loadProven[T any](ctx context.Context, c *Cache, read reading[T]) (value T, err error, proven bool) {
	r, open := c.replicas.proven()
	if !open {
		return value, nil, false
	}
	doubts := r.Gate.doubts.Load()
	if r.Gate.Open() { // still: a doubt from before is counted already
		value, err = within(ctx, c.times.query, r.Desk, read)
		proven = r.Gate.stands(ctx, doubts)
	}
	return value, err, proven
}

func within[T any](ctx context.Context, most time.Duration, desk ticket.Desk, read reading[T]) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	return read(ctx, desk)
}
