package cache

import (
	"hash/maphash"
	"strconv"
	"sync"
	"sync/atomic"
)

// leases counts, for every user, how often what is known of them became old. Users share the counters of a stripe:
// that one's change costs another a load is harmless, and the memory stays the same however many there are.
type leases struct {
	epoch   atomic.Uint64 // grows when everything became old at once
	stripes [1024]stripe
}

type stripe struct {
	mu         sync.Mutex // guards generation, and makes publishing and revoking exclude each other
	generation uint64
}

// lease is what a load notes before it reads.
type lease struct{ epoch, generation uint64 }

var seed = maphash.MakeSeed()

func (l *leases) of(userID string) *stripe {
	return &l.stripes[maphash.String(seed, userID)%uint64(len(l.stripes))]
}

func (l *leases) take(userID string) lease {
	s := l.of(userID)
	s.mu.Lock()
	defer s.mu.Unlock()
	return lease{epoch: l.epoch.Load(), generation: s.generation}
}

// publish calls keep if nothing became old since the lease was taken.
func (l *leases) publish(userID string, held lease, keep func()) {
	s := l.of(userID)
	s.mu.Lock()
	defer s.mu.Unlock()
	if held == (lease{epoch: l.epoch.Load(), generation: s.generation}) {
		keep()
	}
}

func (l *leases) revoke(userID string, drop func()) {
	s := l.of(userID)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.generation++
	drop()
}

// revokeAll passes through every stripe after the epoch grew, so that whoever still publishes an older one is
// done before everything is dropped.
func (l *leases) revokeAll(drop func()) {
	l.epoch.Add(1)
	for i := range l.stripes {
		l.stripes[i].mu.Lock()
		//lint:ignore SA2001 passing through is the point
		l.stripes[i].mu.Unlock()
	}
	drop()
}

// flight names a load by all that its answer depends on: a load that began before its user was forgotten must not
// serve one who asks after.
func (l lease) flight(kind, userID string) string {
	return kind + " " + strconv.FormatUint(l.epoch, 36) + " " + strconv.FormatUint(l.generation, 36) + " " + userID
}
