// Package broadcast wakes whoever watches the queue. It says that something changed and carries no data.
package broadcast

import "sync"

// Hub knows who watches.
type Hub struct {
	mu      sync.Mutex // guards watches
	watches map[chan struct{}]struct{}
}

// NewHub is a hub that nobody watches yet.
func NewHub() *Hub { return &Hub{watches: map[chan struct{}]struct{}{}} }

// Watch returns a channel that has a value whenever something changed since the last one was taken. A watcher that is
// slow misses nothing but repetitions. Call stop when done.
func (h *Hub) Watch() (changed <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watches[c] = struct{}{}
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.watches, c)
	}
}

// Wake tells everybody that something changed. It never waits.
func (h *Hub) Wake() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.watches {
		select {
		case c <- struct{}{}:
		default: // it has not seen the last change yet
		}
	}
}
