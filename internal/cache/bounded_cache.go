package cache

import (
	"sync"
	"time"

	gocache "github.com/patrickmn/go-cache"
)

// boundedCache is a go-cache that holds at most size entries, in two halves. When the current half is full
// it becomes the previous one, and the previous one is dropped whole. go-cache alone has no bound, and its janitor would lock everything
// to look at every entry. Callers say what time it is, so that a test need not wait.
type boundedCache[T any] struct {
	halfSize          int
	mu                sync.RWMutex // guards the two below, not what is in them
	current, previous *gocache.Cache
	start             time.Time
	counts            counts
}

// entry is a value and when it expires.
type entry[T any] struct {
	value T
	until time.Duration // after the start of the cache
}

func newBoundedCache[T any](size int) *boundedCache[T] {
	return &boundedCache[T]{halfSize: max(size/2, 1), current: newHalf(), previous: newHalf(), start: time.Now()}
}

func newHalf() *gocache.Cache { return gocache.New(gocache.NoExpiration, 0) }

func (b *boundedCache[T]) halves() (current, previous *gocache.Cache) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.current, b.previous
}

func (b *boundedCache[T]) get(key string, now time.Time) (value T, ok bool) {
	current, previous := b.halves()
	found, ok := current.Get(key)
	if !ok {
		found, ok = previous.Get(key)
	}
	cached, _ := found.(*entry[T]) // nil: there was none
	ok = ok && now.Sub(b.start) < cached.until
	b.counts.add(ok)
	if !ok {
		return value, false
	}
	return cached.value, true
}

// set keeps value until a time. The previous half may hold the key too, so it is deleted there.
func (b *boundedCache[T]) set(key string, value T, until time.Time) {
	b.rotateIfFull()
	current, previous := b.halves()
	previous.Delete(key)
	current.Set(key, &entry[T]{value, until.Sub(b.start)}, gocache.NoExpiration)
}

func (b *boundedCache[T]) rotateIfFull() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.current.ItemCount() >= b.halfSize {
		b.current, b.previous = newHalf(), b.current
	}
}

func (b *boundedCache[T]) delete(key string) {
	b.mu.RLock() // held while deleting, so that no entry moves to the previous half in between
	defer b.mu.RUnlock()
	b.current.Delete(key)
	b.previous.Delete(key)
}

func (b *boundedCache[T]) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.current, b.previous = newHalf(), newHalf()
}
