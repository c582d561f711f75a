package web

import (
	"sync"
	"time"
)

// rateLimiter counts the requests of each key in a sliding second: requests of the second before count in proportion to
// the overlap.
type rateLimiter struct {
	most int        // in a second; 0: any number
	mu   sync.Mutex // guards keys and what is in them
	keys map[string]*keyRate
}

// keyRate counts the requests of one key.
type keyRate struct {
	second       int64 // that is counted, in Unix time
	now, earlier int   // requests in it, and in the second before
}

func newRateLimiter(most int) *rateLimiter {
	return &rateLimiter{most: most, keys: map[string]*keyRate{}}
}

// allow counts a request of a key, or reports false when the key has reached its limit.
func (r *rateLimiter) allow(key string, at time.Time) bool {
	if r.most <= 0 {
		return true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	counted, ok := r.keys[key]
	if !ok {
		counted = &keyRate{}
		r.keys[key] = counted
	}
	counted.advanceTo(at.Unix())
	left := int64(time.Second) - int64(at.Nanosecond())
	if counted.now+int(int64(counted.earlier)*left/int64(time.Second)) >= r.most {
		return false
	}
	counted.now++
	return true
}

func (r *keyRate) advanceTo(second int64) {
	switch second - r.second {
	case 0:
	case 1:
		r.now, r.earlier = 0, r.now
	default: // also when the clock was put back
		r.now, r.earlier = 0, 0
	}
	r.second = second
}
