package account

import (
	"net/http"
	"sync"
	"time"

	"docket/internal/bearertoken"
)

const mostValid = 10_000 // sessions of which it is kept when they were valid

// validSessions knows when sessions were valid last.
type validSessions struct {
	mu   sync.Mutex // guards what follows
	last map[string]time.Time
}

// note says that a session was valid at a time.
func (v *validSessions) note(hash []byte, at time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.last) >= mostValid || v.last == nil {
		v.last = map[string]time.Time{}
	}
	v.last[string(hash)] = at
}

func (v *validSessions) forget(hash []byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.last, string(hash))
}

// since is how long ago a session was valid; false when that is not known.
func (v *validSessions) since(hash []byte, now time.Time) (time.Duration, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	at, known := v.last[string(hash)]
	return now.Sub(at), known
}

// ValidLately reports whether the session of a request was valid for another request within a time: an event stream need not ask again
// what the page that opened it has asked meanwhile.
func (s *Sessions) ValidLately(r *http.Request, within time.Duration) bool {
	cookie, err := r.Cookie(s.name)
	if err != nil {
		return false
	}
	ago, known := s.lately.since(bearertoken.Hash(cookie.Value), time.Now())
	return known && ago < within
}
