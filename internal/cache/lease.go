package cache

import (
	"hash/maphash"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// leases counts, for every user, how often what is known of them became old, and until when they are dirty: read from
// the primary. Users share a stripe, so the memory stays the same however many there are: that one's change costs
// another a load from the primary is harmless.
type leases struct {
	epoch    atomic.Uint64 // grows when everything became old at once
	dirty    atomic.Int64  // until when everybody is dirty, in nanoseconds after born
	born     time.Time
	trusting bool // only in tests: every lease stands for ever
	stripes  [1 << 15]stripe
}

type stripe struct {
	mu         sync.Mutex // guards what follows, and makes publishing and revoking exclude each other
	generation uint64
	dirty      time.Duration // until when its users are dirty, after born
}

// lease is what a load notes before it reads.
type lease struct{ epoch, generation uint64 }

var seed = maphash.MakeSeed()

func (l *leases) of(userID string) *stripe {
	return &l.stripes[maphash.String(seed, userID)%uint64(len(l.stripes))]
}

// take gives a load its lease, and says whether its user is dirty.
func (l *leases) take(userID string, now time.Time) (held lease, dirty bool) {
	s := l.of(userID)
	s.mu.Lock()
	defer s.mu.Unlock()
	held = lease{epoch: l.epoch.Load(), generation: s.generation}
	return held, now.Sub(l.born) < max(s.dirty, time.Duration(l.dirty.Load()))
}

// publish calls settle with whether nothing became old since the lease was taken; until settle returns, nothing does.
func (l *leases) publish(userID string, held lease, settle func(stands bool)) {
	s := l.of(userID)
	s.mu.Lock()
	defer s.mu.Unlock()
	settle(l.trusting || held == lease{epoch: l.epoch.Load(), generation: s.generation})
}

// revoke ends every lease of a user, who is dirty until a time, and calls drop.
func (l *leases) revoke(userID string, until time.Time, drop func()) {
	s := l.of(userID)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.generation++
	s.dirty = max(s.dirty, until.Sub(l.born))
	drop()
}

// revokeAll ends every lease; everybody is dirty until a time. That is said before the epoch grows: who reads the new
// epoch is dirty, and who reads the old one publishes nothing. Then it passes through every stripe, so that whoever
// still publishes is done before everything is dropped.
func (l *leases) revokeAll(until time.Time, drop func()) {
	l.dirty.Store(int64(until.Sub(l.born)))
	l.epoch.Add(1)
	for i := range l.stripes {
		l.stripes[i].mu.Lock()
		//lint:ignore SA2001 passing through is the point
		l.stripes[i].mu.Unlock()
	}
	drop()
}

// flight names a load by all that its answer depends on: a load that began before its user was forgotten, or that
// reads elsewhere, must not serve one who asks after.
func (l lease) flight(kind string, from source, userID string) string {
	return kind + " " + string(from) + " " + strconv.FormatUint(l.epoch, 36) + " " + strconv.FormatUint(l.generation, 36) + " " + userID
}
