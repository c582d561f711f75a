package cache

import (
	"context"
	"sync/atomic"
	"time"
)

const (
	clockInterval = 5 * time.Second // how often the primary is asked what time it is
	clockTime     = time.Second     // how long the answer may take
)

// Clock knows what time it is on the primary, which has decided when approvals end. Between two answers it follows the clock of the
// instance, and so it does while the primary is away. It is ahead by no more than a round trip, never behind, and does not go back:
// what has ended does not come back. Only a primary whose clock is set back by more than F sets it back, too.
type Clock struct {
	read   func(context.Context) (time.Time, error)
	seen   atomic.Pointer[clockReading] // nil: not asked yet
	latest atomic.Int64                 // what Now returned last, in Unix milliseconds
}

// clockReading is what the primary said, and a time of the instance before that.
type clockReading struct{ primary, local time.Time }

// NewClock is a clock that follows the instance's until Run has read the primary's.
func NewClock(read func(context.Context) (time.Time, error)) *Clock { return &Clock{read: read} }

// Run reads the primary's clock until ctx ends.
func (c *Clock) Run(ctx context.Context) error {
	tick := time.NewTicker(clockInterval)
	defer tick.Stop()
	for {
		c.Check(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Check reads the primary's clock once.
func (c *Clock) Check(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, clockTime)
	defer cancel()
	local := time.Now() // before the query, so that the clock is never behind
	primary, err := c.read(ctx)
	if err != nil {
		return
	}
	c.seen.Store(&clockReading{primary, local})
	if back := c.latest.Load() - c.current(); back > floorTime.Milliseconds() {
		c.latest.Store(c.current())
	}
}

// Time is what time it is on the primary. Unlike Now it goes back when a clock turns out to have been ahead.
func (c *Clock) Time() time.Time { return time.UnixMilli(c.current()) }

// Now is the time on the primary in Unix milliseconds.
func (c *Clock) Now() int64 {
	now := c.current()
	for {
		latest := c.latest.Load()
		if now <= latest {
			return latest
		}
		if c.latest.CompareAndSwap(latest, now) {
			return now
		}
	}
}

func (c *Clock) current() int64 {
	seen := c.seen.Load()
	if seen == nil {
		return time.Now().UnixMilli()
	}
	return seen.primary.Add(time.Since(seen.local)).UnixMilli()
}
