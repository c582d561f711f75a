package cli

import (
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	look  = 20 * time.Millisecond  // how often it is seen whether anybody is there
	quiet = 500 * time.Millisecond // how long nobody was, until it is believed that nobody will be
)

// guests are the connections that are open. Who came when docket had begun to stop is a late guest: the first answer is
// the last, so nobody of them is idle, and each is on the way out or has not been answered.
type guests struct {
	mu      sync.Mutex        // guards the rest
	open    map[net.Conn]bool // true: a late one
	late    int
	leaving bool
}

// state is called by the server when a connection opens, ends, or does something between.
func (g *guests) state(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.open[conn] = g.leaving; g.leaving {
			g.late++
		}
	case http.StateClosed, http.StateHijacked:
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.open[conn] {
			g.late--
		}
		delete(g.open, conn)
	}
}

// leave makes all who come from now on late guests.
func (g *guests) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.leaving = true
}

func (g *guests) all() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.open)
}

func (g *guests) latecomers() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.late
}

// none waits until a count is zero, and for as long as still has been, but no longer than patience.
func none(count func() int, still, patience time.Duration) {
	began := time.Now()
	for seen := began; time.Since(began) < patience; time.Sleep(look) {
		if count() > 0 {
			seen = time.Now()
		} else if time.Since(seen) >= still {
			return
		}
	}
}
