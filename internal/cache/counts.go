package cache

import "sync/atomic"

// Counts is how many look-ups a cache answered itself and how many not, and how many entries it holds.
type Counts struct{ Hits, Misses, Size int64 }

// Counts counts both kinds of look-up together.
func (c *Cache) Counts() Counts {
	l, t := c.latest.readCounts(), c.tickets.readCounts()
	return Counts{Hits: l.Hits + t.Hits, Misses: l.Misses + t.Misses, Size: l.Size + t.Size}
}

func (b *boundedCache[T]) readCounts() Counts {
	current, previous := b.halves()
	return Counts{Hits: b.counts.hits.Load(), Misses: b.counts.misses.Load(), Size: int64(current.ItemCount() + previous.ItemCount())}
}

type counts struct{ hits, misses atomic.Int64 }

func (c *counts) add(hit bool) {
	if hit {
		c.hits.Add(1)
	} else {
		c.misses.Add(1)
	}
}
