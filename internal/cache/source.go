package cache

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"docket/internal/ticket"
)

// Replica reads one copy of the primary; its gate says how old the copy is.
type Replica struct {
	Reader ticket.Reader
	Gate   *Gate
	Trip   func() time.Duration // to it and back; nil: it is near
}

type replicaSet []Replica

// chooseProven is a replica whose gate is open: any of those, so that they share the work.
func (all replicaSet) chooseProven() (chosen Replica, ok bool) {
	open := 0
	for _, r := range all {
		if !r.Gate.Open() {
			continue
		}
		if open++; rand.IntN(open) == 0 {
			chosen = r
		}
	}
	return chosen, open > 0
}

// sortByAge are all replicas, those first that were proven last.
func (all replicaSet) sortByAge() replicaSet {
	return slices.SortedStableFunc(slices.Values(all), func(a, b Replica) int { return a.Gate.CompareAge(b.Gate) })
}

// source is where a read begins.
type source string

const (
	fromPrimary source = "primary"
	fromReplica source = "replica" // any that is proven; where that fails or has no such row, the primary
)

// chooseSource is a replica if one is proven, and what is read was not written a moment ago.
func (c *Cache) chooseSource(dirty bool) source {
	if _, open := c.replicas.chooseProven(); open && !dirty {
		return fromReplica
	}
	return fromPrimary
}

// result is what a read returned. A degraded one is of a replica that is not proven.
type result[T any] struct {
	value    T
	degraded bool
}

// readFunc reads the database that it is given. ErrNotFound says that it has no such row.
type readFunc[T any] func(context.Context, ticket.Reader) (T, error)

// readFrom reads a source. A row that a replica lacks is looked for on the primary: a replica that is behind must not make
// it look missing. While the primary cannot be reached, what any replica has is better than nothing. primary is
// read as it is to read that one.
func readFrom[T any](ctx context.Context, c *Cache, from source, read readFunc[T], primary readFunc[T]) (result[T], error) {
	var missing *T // what a proven replica returned with ErrNotFound
	if from == fromReplica {
		value, proven, err := readProven(ctx, c, read)
		if proven && err == nil {
			return result[T]{value: value}, nil
		}
		if ctx.Err() != nil {
			return result[T]{}, ctx.Err()
		}
		if proven && errors.Is(err, ticket.ErrNotFound) {
			missing = &value
		}
	}
	value, err := primary(ctx, c.primary)
	switch {
	case missing != nil && (errors.Is(err, ticket.ErrUnavailable) || errors.Is(err, ticket.ErrOverloaded)):
		return result[T]{value: *missing}, ticket.ErrNotFound
	case !errors.Is(err, ticket.ErrUnavailable):
		return result[T]{value: value}, err
	}
	return readDegraded(ctx, c, read, err)
}

// unlessQuiet is read that ends with ErrUnavailable while the primary is quiet, if a replica can answer.
func (read readFunc[T]) unlessQuiet(c *Cache, patient bool) readFunc[T] {
	if c.unless == nil || len(c.replicas) == 0 {
		return read
	}
	return func(ctx context.Context, from ticket.Reader) (T, error) {
		var value T // of a read that may go on
		err := c.unless(ctx, patient, func(ctx context.Context) (err error) {
			value, err = read(ctx, from)
			return err
		})
		if errors.Is(err, ticket.ErrUnavailable) {
			var none T
			return none, err
		}
		return value, err
	}
}

// readProven reads a proven replica. proven is false if its gate was invalidated before the end, as the read may have made
// that very connection. A replica that does not answer is not read until it is proven anew.
func readProven[T any](ctx context.Context, c *Cache, read readFunc[T]) (value T, proven bool, err error) {
	r, open := c.replicas.chooseProven()
	if !open {
		return value, false, nil
	}
	proven, err = r.Gate.Read(ctx, func(ctx context.Context) (err error) {
		value, err = readWithin(ctx, addTrips(c.times.replica, r.Trip), r.Reader, read)
		if errors.Is(err, ticket.ErrUnavailable) && ctx.Err() == nil {
			r.Gate.Suspend()
		}
		return err
	})
	return value, proven, err
}

// readDegraded reads any replica that answers, and otherwise returns why the primary did not.
func readDegraded[T any](ctx context.Context, c *Cache, read readFunc[T], primaryErr error) (result[T], error) {
	for _, r := range c.replicas.sortByAge() {
		value, err := readWithin(ctx, addTrips(c.times.query, r.Trip), r.Reader, read)
		if !errors.Is(err, ticket.ErrUnavailable) && !errors.Is(err, ticket.ErrOverloaded) {
			return result[T]{value: value, degraded: true}, err
		}
	}
	return result[T]{}, primaryErr
}

func readWithin[T any](ctx context.Context, limit time.Duration, from ticket.Reader, read readFunc[T]) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return read(ctx, from)
}
