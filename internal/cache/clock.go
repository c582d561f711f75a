package cache

import (
	"context"
	"sync/atomic"
	"time"
)

const (
	clockInterval = 5 * time.Second        // how often the primary is asked what time it is
	clockPause    = 500 * time.Millisecond // the same until it has answered once
	clockTime     = time.Second            // how long the answer may take
)

// Clock knows what time it is on the primary, which has decided when approvals end. Between two answers it follows the clock of the
// instance, and so it does while the primary is away. It is ahead by no more than a round trip, never behind, and does not go back:
// what has ended does not come back. Only a primary whose clock is set back by more than F sets it back, too. Until the primary has
// answered once, it goes by a replica.
type Clock struct {
	read     readTime
	replicas []readTime
	seen     atomic.Pointer[clockReading] // nil: not asked yet
	latest   atomic.Int64                 // what Now returned last, in Unix milliseconds
}

type readTime = func(context.Context) (time.Time, error)

// clockReading is what a database said, and a time of the instance before that.
type clockReading struct {
	said, local time.Time
	primary     bool // that was the primary
}

// NewClock is a clock that follows the instance's until Run has read that of the primary, or of a replica.
func NewClock(primary readTime, replicas ...readTime) *Clock {
	return &Clock{read: primary, replicas: replicas}
}

// Run reads the primary's clock until ctx ends.
func (c *Clock) Run(ctx context.Context) error {
	for {
		c.Check(ctx)
		pause := clockInterval
		if !c.knowsPrimary() {
			pause = clockPause
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}

// Check reads the primary's clock once.
func (c *Clock) Check(ctx context.Context) {
	if c.follow(ctx, c.read, true) || c.knowsPrimary() {
		return
	}
	for _, read := range c.replicas {
		if c.follow(ctx, read, false) {
			return
		}
	}
}

// follow reads a clock and goes by it from now on; false: it does not answer.
func (c *Clock) follow(ctx context.Context, read readTime, primary bool) bool {
	ctx, cancel := context.WithTimeout(ctx, clockTime)
	defer cancel()
	local := time.Now() // before the query, so that the clock is never behind
	said, err := read(ctx)
	if err != nil {
		return false
	}
	c.seen.Store(&clockReading{said, local, primary})
	if back := c.latest.Load() - c.current(); back > floorTime.Milliseconds() {
		c.latest.Store(c.current())
	}
	return true
}

func (c *Clock) knowsPrimary() bool {
	seen := c.seen.Load()
	return seen != nil && seen.primary
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
	return seen.said.Add(time.Since(seen.local)).UnixMilli()
}
