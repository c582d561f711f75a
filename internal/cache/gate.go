package cache

import (
	"cmp"
	"context"
	"sync/atomic"
	"time"
)

const checkInterval = 250 * time.Millisecond // how often the gate reads the positions of both databases

// Gate proves how old a replica is, and is closed when that cannot be proven. An observation is a time and how far the
// primary had written its log after it; once the replica has replayed that far, it has all that was committed before that
// time.
//
// The replica is not asked how far behind it believes to be: one that is cut off from the primary believes to be up to date.
type Gate struct {
	written       func(context.Context) (int64, error) // how far the primary has written its log to disk
	replayed      func(context.Context) (int64, error) // how far the replica has replayed it; never ahead of what it shows
	now           func() time.Time
	maxLag        time.Duration
	interval      time.Duration
	pending       []observation // oldest first; only Run touches it
	invalidations atomic.Uint64
	afterRead     func(context.Context) // nil: every new server is found out by a new connection
	proven        atomic.Pointer[proof] // nil: nothing is proven
}

type observation struct {
	at      time.Time
	written int64
}

// proof says at what time the replica had everything, and how many invalidations there had been when it was asked.
type proof struct {
	at            time.Time
	invalidations uint64
}

// NewGate is a gate that is closed until Run has proven the replica. Both functions return a position in the primary's
// log, in bytes, and fail when that takes long.
func NewGate(written, replayed func(context.Context) (int64, error)) *Gate {
	return &Gate{written: written, replayed: replayed, now: time.Now, maxLag: MaxLag, interval: checkInterval}
}

// Run checks both databases until ctx ends.
func (g *Gate) Run(ctx context.Context) error {
	tick := time.NewTicker(g.interval)
	defer tick.Stop()
	for {
		g.check(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Open reports whether the replica has all that was committed MaxLag ago.
func (g *Gate) Open() bool {
	age, proven := g.Age()
	return proven && age <= g.maxLag
}

// Age is how long ago the replica is proven to have had everything; false when that is unknown.
func (g *Gate) Age() (time.Duration, bool) {
	p := g.proven.Load()
	if p == nil || p.invalidations != g.invalidations.Load() {
		return 0, false
	}
	return g.now().Sub(p.at), true
}

// CompareAge is negative when the replica of g was proven later than that of another gate, or only that of g is proven.
func (g *Gate) CompareAge(other *Gate) int {
	age, proven := g.Age()
	otherAge, otherProven := other.Age()
	switch {
	case proven && otherProven:
		return cmp.Compare(age, otherAge)
	case proven:
		return -1
	case otherProven:
		return 1
	}
	return 0
}

// Invalidate closes the gate until the replica is proven anew, also for reads that have begun. It is called for every
// connection made to the replica: a server that was restarted may show less than it did before, and is reached by a new
// connection only.
func (g *Gate) Invalidate() { g.invalidations.Add(1) }

// Suspend closes the gate until the replica is proven anew. Reads that have begun are not affected.
func (g *Gate) Suspend() { g.proven.Store(nil) }

// AfterRead has the gate call check after each read of the replica, before its result is used: check calls Invalidate if
// another server may have answered on an old connection, as it may behind a pooler.
func (g *Gate) AfterRead(check func(context.Context)) *Gate {
	g.afterRead = check
	return g
}

// Read has read read the replica, and reports whether that was proven, from the beginning to the end, to have all that was committed
// MaxLag ago. It does not call read while the gate is closed.
func (g *Gate) Read(ctx context.Context, read func(context.Context) error) (proven bool, err error) {
	invalidations := g.invalidations.Load()
	if !g.Open() { // after the count is read: an invalidation before that has closed it
		return false, nil
	}
	err = read(ctx)
	return g.confirm(ctx, invalidations), err
}

// confirm reports whether what was read since there were so many invalidations may be used.
func (g *Gate) confirm(ctx context.Context, invalidations uint64) bool {
	if g.afterRead != nil {
		g.afterRead(ctx)
	}
	return invalidations == g.invalidations.Load()
}

// check makes one observation of the primary, and finds out which ones the replica has reached.
func (g *Gate) check(ctx context.Context) {
	invalidations, at := g.invalidations.Load(), g.now() // before the query: what is committed by then is in its answer
	if written, err := g.written(ctx); err == nil {
		g.pending = append(g.pending, observation{at, written})
	}
	if replayed, err := g.replayed(ctx); err == nil { // else the last proof stands, and becomes too old
		g.prove(replayed, invalidations)
	}
}

// prove removes the observations that the replica has reached, and those that are too old to open the gate.
func (g *Gate) prove(replayed int64, invalidations uint64) {
	for len(g.pending) > 0 {
		first := g.pending[0]
		if reached := first.written <= replayed; reached {
			g.proven.Store(&proof{first.at, invalidations})
		} else if g.now().Sub(first.at) <= g.maxLag {
			return
		}
		g.pending = g.pending[1:]
	}
}
