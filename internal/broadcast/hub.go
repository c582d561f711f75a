// Package broadcast wakes the event streams of one instance. It says that something changed and carries no data.
package broadcast

import "sync"

// Hub wakes all its watchers at once.
type Hub struct {
	mu      sync.Mutex // guards watches
	watches map[chan struct{}]struct{}
}

// NewHub returns a hub without watchers.
func NewHub() *Hub { return &Hub{watches: map[chan struct{}]struct{}{}} }

// Watch returns a channel that holds a value when something changed since the last one was taken. Several changes may
// become one value. Call stop when done.
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

// Watchers is how many watch now.
func (h *Hub) Watchers() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.watches)
}

// Wake tells every watcher that something changed. It never waits.
func (h *Hub) Wake() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.watches {
		select {
		case c <- struct{}{}:
		default: // the value of an earlier change is still there
		}
	}
}
