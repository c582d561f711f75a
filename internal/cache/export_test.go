package cache

import (
	"context"
	"math"
	"time"
)

// Switches for tests: each removes one guard, and the test must notice.

// WithoutLease caches what a load has read although its user was forgotten meanwhile.
func (c *Cache) WithoutLease() { c.leases.unending = true }

// WithoutDirtyWindow reads from the replica a user who was written just now.
func (c *Cache) WithoutDirtyWindow() { c.times.dirty = 0 }

// WithoutFloor serves what was read, however old.
func (c *Cache) WithoutFloor() { c.times.floor = -c.times.life }

// WithoutLag leaves the gate open for ever once it was.
func (g *Gate) WithoutLag() { g.maxLag = math.MaxInt64 }

// WithoutOwnGates believes of every replica what is proven of the last.
func (c *Cache) WithoutOwnGates() {
	for i := range c.replicas {
		c.replicas[i].Gate = c.replicas[len(c.replicas)-1].Gate
	}
}

// SetClock tells a cache and its gates the time.
func (c *Cache) SetClock(now func() time.Time) {
	c.now, c.leases.start = now, now()
	for _, r := range c.replicas {
		r.Gate.now = now
	}
}

// SetClock tells a gate the time.
func (g *Gate) SetClock(now func() time.Time) { g.now = now }

// SpeedUp makes every time of a cache and its gates so many times shorter.
func (c *Cache) SpeedUp(times time.Duration) {
	c.times.life /= times
	c.times.query /= times
	c.times.replica /= times
	c.times.dirty /= times
	c.times.floor /= times
	for _, r := range c.replicas {
		r.Gate.maxLag /= times
		r.Gate.interval /= times
	}
}

// Check checks both databases once, instead of Run.
func (g *Gate) Check(ctx context.Context) { g.check(ctx) }

// DirtyTime is how long a written user is read from the primary.
const DirtyTime = dirtyTime
