package cache

import "sync/atomic"

// Counts is what a cache has been asked, and what it holds.
type Counts struct{ Hits, Misses, Size int64 }

// Counts tells of the two kinds of look-up together.
func (c *Cache) Counts() Counts {
	l, t := c.latest.counts(), c.tickets.counts()
	return Counts{Hits: l.Hits + t.Hits, Misses: l.Misses + t.Misses, Size: l.Size + t.Size}
}

func (b *bounded[T]) counts() Counts {
	young, old := b.both()
	return Counts{Hits: b.asked.hits.Load(), Misses: b.asked.misses.Load(), Size: int64(young.ItemCount() + old.ItemCount())}
}

type counts struct{ hits, misses atomic.Int64 }

func (c *counts) saw(hit bool) {
	if hit {
		c.hits.Add(1)
	} else {
		c.misses.Add(1)
	}
}
