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
	replica source = "replica" // or, where that fails or knows nothing, the primary: the store sees to it
)

// result is what a load brought. A degraded one was read from a replica that nobody has proven.
type result[T any] struct {
	value    T
	degraded bool
}

// fill loads what is not remembered, once for all who ask for the same at a time. It outlives whoever asked first.
// settle decides, while nothing can be forgotten, what is served and whether it is kept until the time given.
func fill[T any](ctx context.Context, c *Cache, kind, userID string, began time.Time,
	read func(context.Context) (T, error), settle func(r result[T], keep bool, until time.Time) result[T],
) (result[T], error) {
	held, dirty := c.leases.take(userID, began)
	from := primary
	if !dirty && c.gate.Open() {
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

// load reads from a source. When the primary cannot be reached, what the replica says is better than nothing.
func load[T any](ctx context.Context, c *Cache, from source, read func(context.Context) (T, error)) (result[T], error) {
	if from == replica {
		value, err, proven := loadProven(ctx, c, read)
		if proven {
			return result[T]{value: value}, err
		}
	}
	value, err := within(ticket.Fresh(ctx), c.times.query, read)
	if c.gate == nil || !errors.Is(err, ticket.ErrUnavailable) {
		return result[T]{value: value}, err
	}
	value, err = within(ctx, c.times.query, read)
	return result[T]{value: value, degraded: true}, err
}

// loadProven reads the replica, unless there was a doubt before the end: the read may have begun that very connection.
func loadProven[T any](ctx context.Context, c *Cache, read func(context.Context) (T, error)) (value T, err error, proven bool) {
	doubts := c.gate.doubts.Load()
	if c.gate.Open() {
		value, err = within(ctx, c.times.query, read)
		proven = doubts == c.gate.doubts.Load()
	}
	return value, err, proven
}

func within[T any](ctx context.Context, most time.Duration, read func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	return read(ctx)
}
