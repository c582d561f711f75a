package cache

import (
	"cmp"
	"context"
	"sync/atomic"
	"time"
)

const lookTime = 250 * time.Millisecond // how often the gate looks at the two databases

// Gate knows since when a replica is proven to have everything. A sighting is a time and how far the primary had
// written after it; once the replica has replayed that far, it has all that was committed before that time.
//
// It is not asked how far behind the replica believes it is: a replica that is cut off believes it has everything.
type Gate struct {
	written  func(context.Context) (int64, error) // how far the primary's log is on its disk
	replayed func(context.Context) (int64, error) // how far the replica has come; never ahead of what it shows
	now      func() time.Time
	maxLag   time.Duration
	every    time.Duration
	pending  []sighting // oldest first; only Run touches it
	doubts   atomic.Uint64
	again    func(context.Context) // nil: a new connection tells of every doubt
	proven   atomic.Pointer[proof] // nil: nothing is, so far
}

type sighting struct {
	at      time.Time
	written int64
}

// proof says since when the replica had everything, and how many doubts there had been when it was asked.
type proof struct {
	at     time.Time
	doubts uint64
}

// NewGate is a gate that is closed until Run has proven the replica. Both functions return a place in the primary's log
// of writes, in bytes.
func NewGate(written, replayed func(context.Context) (int64, error)) *Gate {
	return &Gate{written: written, replayed: replayed, now: time.Now, maxLag: MaxLag, every: lookTime}
}

// Run looks at both databases until ctx ends.
func (g *Gate) Run(ctx context.Context) error {
	tick := time.NewTicker(g.every)
	defer tick.Stop()
	for {
		g.look(ctx)
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
	if p == nil || p.doubts != g.doubts.Load() {
		return 0, false
	}
	return g.now().Sub(p.at), true
}

// Compare is negative when the replica of g was proven later than that of another gate, or at all.
func (g *Gate) Compare(other *Gate) int {
	age, proven := g.Age()
	older, also := other.Age()
	switch {
	case proven && also:
		return cmp.Compare(age, older)
	case proven:
		return -1
	case also:
		return 1
	}
	return 0
}

// Doubt closes the gate until the replica is proven anew. It is called for every connection made to the replica: one
// that was restarted may show less than it did before, and nobody reaches it but by a new connection.
func (g *Gate) Doubt() { g.doubts.Add(1) }

// Again has the gate call again after each read of the replica, and before that is believed: it calls Doubt where
// another server may have answered behind a connection that stayed, as with a pooler in between.
func (g *Gate) Again(again func(context.Context)) *Gate {
	g.again = again
	return g
}

// stands reports whether what was read since there were so many doubts may be believed.
func (g *Gate) stands(ctx context.Context, doubts uint64) bool {
	if g.again != nil {
		g.again(ctx)
	}
	return doubts == g.doubts.Load()
}

// look takes one sighting of the primary, and sees which ones the replica has reached.
func (g *Gate) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, queryTime)
	defer cancel()
	doubts, at := g.doubts.Load(), g.now() // before the question: what is committed before it is written before the answer
	if written, err := g.written(ctx); err == nil {
		g.pending = append(g.pending, sighting{at, written})
	}
	if replayed, err := g.replayed(ctx); err == nil { // else it is proven no longer than it was
		g.prove(replayed, doubts)
	}
}

// prove moves past every sighting that the replica has reached, and gives up those that would open nothing any more.
func (g *Gate) prove(replayed int64, doubts uint64) {
	for len(g.pending) > 0 {
		first := g.pending[0]
		if reached := first.written <= replayed; reached {
			g.proven.Store(&proof{first.at, doubts})
		} else if g.now().Sub(first.at) <= g.maxLag {
			return
		}
		g.pending = g.pending[1:]
	}
}
