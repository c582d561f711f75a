package account

import (
	"context"
	"fmt"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"time"

	"docket/internal/ticket"
)

const (
	hashWait        = 2 * time.Second // how long a password waits to be hashed
	mostKnownInTurn = 3               // known devices that are served before an unknown one is
)

// maxHashes is how many passwords are hashed at once: each takes 19 MiB and a processor.
func maxHashes() int { return min(4, runtime.GOMAXPROCS(0)) }

// ErrBusy says that too many passwords are being checked.
var ErrBusy = fmt.Errorf("too many sign-ins at once: %w", ticket.ErrOverloaded)

// hashQueue lets a few functions run at once. Known devices are served before others, and of either the networks in turn: one that
// sends many passwords makes no other wait.
type hashQueue struct {
	mu             sync.Mutex // guards all of it
	running        int
	known, unknown waitlist
	knownInTurn    int // how many known devices were served since the last unknown one
}

// place is where somebody waits in a queue.
type place struct {
	network netip.Prefix
	ready   chan struct{} // closed when it may run
}

// run runs f when fewer than maxHashes run, or returns ErrBusy.
func (q *hashQueue) run(ctx context.Context, network netip.Prefix, known bool, f func() error) error {
	ctx, cancel := context.WithTimeout(ctx, hashWait)
	defer cancel()
	p := q.enter(network, known)
	select {
	case <-p.ready:
	case <-ctx.Done():
		if q.remove(p) {
			return ErrBusy
		}
	}
	defer q.leave()
	return f()
}

// enter takes a place, which is ready at once while fewer than maxHashes run.
func (q *hashQueue) enter(network netip.Prefix, known bool) *place {
	q.mu.Lock()
	defer q.mu.Unlock()
	p := &place{network: network, ready: make(chan struct{})}
	switch {
	case q.running < maxHashes():
		q.running++
		close(p.ready)
	case known:
		q.known.add(p)
	default:
		q.unknown.add(p)
	}
	return p
}

// leave lets the next one run.
func (q *hashQueue) leave() {
	q.mu.Lock()
	defer q.mu.Unlock()
	next := q.next()
	if next == nil {
		q.running--
		return
	}
	close(next.ready)
}

// next takes whose turn it is, or nil; the caller holds mu.
func (q *hashQueue) next() *place {
	if q.knownInTurn < mostKnownInTurn || q.unknown.empty() {
		if p := q.known.next(); p != nil {
			q.knownInTurn++
			return p
		}
	}
	q.knownInTurn = 0
	return q.unknown.next()
}

// remove gives a place up. It returns false if it is ready by now.
func (q *hashQueue) remove(p *place) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.known.remove(p) || q.unknown.remove(p)
}

// waitlist is places that are served by network, in turn. The zero waitlist is empty.
type waitlist struct {
	networks [][]*place // none is empty; the first has its turn
}

func (w *waitlist) empty() bool { return len(w.networks) == 0 }

// find is the index of a network, or -1.
func (w *waitlist) find(network netip.Prefix) int {
	return slices.IndexFunc(w.networks, func(places []*place) bool { return places[0].network == network })
}

func (w *waitlist) add(p *place) {
	if i := w.find(p.network); i >= 0 {
		w.networks[i] = append(w.networks[i], p)
		return
	}
	w.networks = append(w.networks, []*place{p})
}

// next takes the place whose turn it is, or nil.
func (w *waitlist) next() *place {
	if w.empty() {
		return nil
	}
	first := w.networks[0]
	w.networks = w.networks[1:]
	if len(first) > 1 {
		w.networks = append(w.networks, first[1:])
	}
	return first[0]
}

// remove returns false if the place is not in the list.
func (w *waitlist) remove(p *place) bool {
	i := w.find(p.network)
	if i < 0 {
		return false
	}
	j := slices.Index(w.networks[i], p)
	if j < 0 {
		return false
	}
	if len(w.networks[i]) == 1 {
		w.networks = slices.Delete(w.networks, i, i+1)
	} else {
		w.networks[i] = slices.Delete(w.networks[i], j, j+1)
	}
	return true
}
