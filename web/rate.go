package web

import (
	"sync"
	"time"
)

// rateLimiter counts what each key asks for in a second, which slides: what was asked in the second before counts by as much
// as it still overlaps.
type rateLimiter struct {
	most int        // in a second; 0: any number
	mu   sync.Mutex // guards keys and what is in them
	keys map[string]*keyRate
}

// keyRate is what one key asked for.
type keyRate struct {
	second       int64 // the one that is counted, in Unix time
	now, earlier int   // in it, and in the one before
}

func newRateLimiter(most int) *rateLimiter {
	return &rateLimiter{most: most, keys: map[string]*keyRate{}}
}

// allow counts a request of a key, unless that asks too often.
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
