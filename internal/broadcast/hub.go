// Package broadcast wakes the event streams of one instance. It says that something changed and carries no data.
package broadcast

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Hub wakes its watchers: all at once, or those of one thing.
type Hub struct {
	mu      sync.Mutex // guards watches
	watches map[chan struct{}][]string
	changes atomic.Int64
}

// NewHub returns a hub without watchers.
func NewHub() *Hub { return &Hub{watches: map[chan struct{}][]string{}} }

// Watch returns a channel that holds a value when something changed since the last one was taken: anything, or with keys one of
// these. Several changes may become one value. Call stop when done.
func (h *Hub) Watch(keys ...string) (changed <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watches[c] = keys
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

// Changes is how many changes those who watch anything were told of.
func (h *Hub) Changes() int64 { return h.changes.Load() }

// Wake tells every watcher that something changed. It never waits.
func (h *Hub) Wake() {
	h.changes.Add(1)
	h.wake(func([]string) bool { return true })
}

// WakeFor tells those who watch anything, and those who watch key.
func (h *Hub) WakeFor(key string) {
	h.changes.Add(1)
	h.wake(func(keys []string) bool { return len(keys) == 0 || slices.Contains(keys, key) })
}

// WakeOnly tells those who watch key.
func (h *Hub) WakeOnly(key string) {
	h.wake(func(keys []string) bool { return slices.Contains(keys, key) })
}

func (h *Hub) wake(watches func(keys []string) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c, keys := range h.watches {
		if !watches(keys) {
			continue
		}
		select {
		case c <- struct{}{}:
		default: // the value of an earlier change is still there
		}
	}
}
