package cache

import (
	"hash/maphash"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// leases counts, for every user, how often what is cached of them became old, and knows until when they are dirty: read
// from the primary. Users share a stripe, so the memory does not grow with their number: that the write of one user costs
// another a read of the primary does no harm.
type leases struct {
	epoch    atomic.Uint64 // grows when everything became old at once
	dirty    atomic.Int64  // until when all users are dirty, in nanoseconds after start
	start    time.Time
	unending bool // only in tests: every lease is valid for ever
	stripes  [1 << 15]stripe
}

type stripe struct {
	mu         sync.Mutex // guards what follows, and makes settling and revoking exclude each other
	generation uint64
	dirty      time.Duration // until when its users are dirty, after start
}

// lease is what a load notes before it reads.
type lease struct{ epoch, generation uint64 }

var seed = maphash.MakeSeed()

func (l *leases) stripeOf(userID string) *stripe {
	return &l.stripes[maphash.String(seed, userID)%uint64(len(l.stripes))]
}

// grant gives a load its lease, and says whether its user is dirty.
func (l *leases) grant(userID string, now time.Time) (granted lease, dirty bool) {
	s := l.stripeOf(userID)
	s.mu.Lock()
	defer s.mu.Unlock()
	granted = lease{epoch: l.epoch.Load(), generation: s.generation}
	return granted, now.Sub(l.start) < max(s.dirty, time.Duration(l.dirty.Load()))
}

// settle calls decide with whether a lease is still valid; it stays so until decide returns.
func (l *leases) settle(userID string, held lease, decide func(valid bool)) {
	s := l.stripeOf(userID)
	s.mu.Lock()
	defer s.mu.Unlock()
	decide(l.unending || held == lease{epoch: l.epoch.Load(), generation: s.generation})
}

// revoke ends every lease of a user, who is dirty until a time, and calls drop.
func (l *leases) revoke(userID string, until time.Time, drop func()) {
	s := l.stripeOf(userID)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.generation++
	s.dirty = max(s.dirty, until.Sub(l.start))
	drop()
}

// revokeAll ends every lease; all users are dirty until a time. That is set before the epoch grows: a load that sees the
// new epoch is dirty, and one that saw the old epoch caches nothing. Then it locks every stripe once, so that each load
// that is still settling is done before everything is dropped.
func (l *leases) revokeAll(until time.Time, drop func()) {
	l.dirty.Store(int64(until.Sub(l.start)))
	l.epoch.Add(1)
	for i := range l.stripes {
		l.stripes[i].mu.Lock()
		//lint:ignore SA2001 to wait for the holder is the purpose
		l.stripes[i].mu.Unlock()
	}
	drop()
}

// loadKey names a load by all that its result depends on: a load that began before its user was forgotten, or that reads
// another source, must not be shared with a later caller.
func (l lease) loadKey(kind string, from source, userID string) string {
	return kind + " " + string(from) + " " + strconv.FormatUint(l.epoch, 36) + " " + strconv.FormatUint(l.generation, 36) + " " + userID
}
