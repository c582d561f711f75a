package web

import (
	"net/http"
	"strconv"
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

// allow counts a request of a key, and says how many more the key may make at this moment; false when it has reached its limit.
func (r *rateLimiter) allow(key string, at time.Time) (left int, ok bool) {
	if r.most <= 0 {
		return 0, true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	counted, ok := r.keys[key]
	if !ok {
		counted = &keyRate{}
		r.keys[key] = counted
	}
	counted.advanceTo(at.Unix())
	rest := int64(time.Second) - int64(at.Nanosecond())
	left = r.most - counted.now - int(int64(counted.earlier)*rest/int64(time.Second))
	if left <= 0 {
		return 0, false
	}
	counted.now++
	return left - 1, true
}

const lowShare = 5 // one in so many requests of a second are few

// tell says how many requests are left when they are few, in the fields of the IETF draft (draft-ietf-httpapi-ratelimit-headers).
// They cost every answer that has them: others have none.
func (r *rateLimiter) tell(h http.Header, left int) {
	if r.most <= 0 || left*lowShare >= r.most {
		return
	}
	h.Set("RateLimit-Policy", `"key";q=`+strconv.Itoa(r.most)+";w=1")
	h.Set("RateLimit", `"key";r=`+strconv.Itoa(left)+";t=1")
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
