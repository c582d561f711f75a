package cache

import (
	"sync"
	"time"

	gocache "github.com/patrickmn/go-cache"
)

// bounded is a go-cache that holds at most size entries: two generations of half that, of which the old one is
// dropped whole when the young one is full. go-cache alone has no bound, and its janitor would stop the world to
// look at every entry. Times are given from outside, so that a test need not wait for them.
type bounded[T any] struct {
	half       int
	mu         sync.RWMutex // guards the two fields below, not what is in them
	young, old *gocache.Cache
	born       time.Time
	asked      counts
}

// entry is a value and when it ends.
type entry[T any] struct {
	value T
	until time.Duration // after the cache was born
}

func newBounded[T any](size int) *bounded[T] {
	return &bounded[T]{half: max(size/2, 1), young: empty(), old: empty(), born: time.Now()}
}

func empty() *gocache.Cache { return gocache.New(gocache.NoExpiration, 0) }

func (b *bounded[T]) both() (young, old *gocache.Cache) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.young, b.old
}

func (b *bounded[T]) get(key string, now time.Time) (value T, ok bool) {
	young, old := b.both()
	found, ok := young.Get(key)
	if !ok {
		found, ok = old.Get(key)
	}
	kept, _ := found.(*entry[T]) // nil: there was none
	ok = ok && now.Sub(b.born) < kept.until
	b.asked.saw(ok)
	if !ok {
		return value, false
	}
	return kept.value, true
}

// set keeps value until a time. The old generation may hold the key too, so it is deleted there.
func (b *bounded[T]) set(key string, value T, until time.Time) {
	b.turn()
	young, old := b.both()
	old.Delete(key)
	young.Set(key, &entry[T]{value, until.Sub(b.born)}, gocache.NoExpiration)
}

// turn makes the young generation the old one when it is full.
func (b *bounded[T]) turn() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.young.ItemCount() >= b.half {
		b.young, b.old = empty(), b.young
	}
}

func (b *bounded[T]) delete(key string) {
	b.mu.RLock() // held while deleting, so that no entry moves to the old generation in between
	defer b.mu.RUnlock()
	b.young.Delete(key)
	b.old.Delete(key)
}

func (b *bounded[T]) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.young, b.old = empty(), empty()
}
