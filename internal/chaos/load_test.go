package chaos_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	random "math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const personJSON = `{"full_name":"A","date_of_birth":"1990-01-31","nationality":"VNM","document_type":"passport",` +
	`"issuing_country":"VNM","document_number":"B1234567","expiry_date":"2040-01-01","consent":true}`

// load is clients that submit, decide and look up, with what they were answered.
type load struct {
	t        *testing.T
	url      string
	headers  []string
	stopped  atomic.Bool
	callers  sync.WaitGroup
	writes   atomic.Int64  // acknowledged
	reads    atomic.Int64  // answered
	refused  atomic.Int64  // writes that got 503
	degraded atomic.Int64  // reads that were answered as degraded, without the primary
	changed  chan struct{} // has a value after one of these has grown
	users    atomic.Int64
	series   string // prefix of the names of this load's users

	mu       sync.Mutex     // guards the rest
	made     []string       // tickets whose submission was acknowledged
	approved []string       // tickets whose approval was acknowledged
	answers  map[string]int // by kind and status
	busy     map[string]int // by kind of request: answered 503 overloaded
	slowest  map[string]time.Duration
	wrong    map[string]int // answers that are wrong in any case
	cut      int            // requests that got no answer
}

// startLoad starts eight writers and eight readers.
func startLoad(t *testing.T, url, key string) *load {
	t.Helper()
	l := &load{
		t: t, url: url, series: strings.ToLower(rand.Text()) + "-", headers: []string{"Authorization: Bearer " + key, "Content-Type: application/json"},
		changed: make(chan struct{}, 1), answers: map[string]int{}, busy: map[string]int{}, slowest: map[string]time.Duration{}, wrong: map[string]int{},
	}
	for range 8 {
		l.callers.Go(l.write)
		l.callers.Go(l.read)
	}
	t.Cleanup(l.stop)
	return l
}

func (l *load) stop() {
	l.stopped.Store(true)
	l.callers.Wait()
}

// waitForTraffic waits until so many more writes and so many more reads have succeeded.
func (l *load) waitForTraffic(more int64) {
	l.t.Helper()
	writes, reads := l.writes.Load()+more, l.reads.Load()+more
	l.waitUntil(func() bool { return l.writes.Load() >= writes && l.reads.Load() >= reads })
}

// waitForRefusals waits until so many more writes were answered 503 and so many more reads as degraded.
func (l *load) waitForRefusals(more int64) {
	l.t.Helper()
	writes, reads := l.refused.Load()+more, l.degraded.Load()+more
	l.waitUntil(func() bool { return l.refused.Load() >= writes && l.degraded.Load() >= reads })
}

func (l *load) waitUntil(reached func() bool) {
	l.t.Helper()
	deadline := time.After(time.Minute)
	for !reached() {
		select {
		case <-l.changed:
		case <-deadline:
			l.mu.Lock()
			defer l.mu.Unlock()
			l.t.Fatalf("it did not happen within a minute: %v", l.answers)
		}
	}
}

func (l *load) write() {
	c := newCaller(l.url)
	for !l.stopped.Load() {
		user := fmt.Sprint(l.series, l.users.Add(1))
		a, ok := l.repeat(c, "submit", 201, "POST", "/api/v1/tickets", `{"user_id":"`+user+`","extra":`+personJSON+`}`, "Idempotency-Key: "+user)
		if !ok {
			return
		}
		var made struct{ ID string }
		if err := json.Unmarshal([]byte(a.body), &made); err != nil {
			l.t.Errorf("the answer to a submission: %v", err)
			return
		}
		l.record(&l.made, made.ID)
		if _, ok := l.repeat(c, "decide", 200, "POST", "/api/v1/tickets/"+made.ID+"/decision", `{"decision":"approve","version":1}`); !ok {
			return
		}
		l.record(&l.approved, made.ID)
	}
}

func (l *load) record(list *[]string, id string) {
	l.writes.Add(1)
	l.mu.Lock()
	defer l.mu.Unlock()
	*list = append(*list, id)
}

func (l *load) read() {
	c := newCaller(l.url)
	for !l.stopped.Load() {
		path := fmt.Sprint("/api/v1/users/", l.series, 1+random.Int64N(l.users.Load()+1), "/latest-ticket")
		a, err := l.sendCounted(c, "read", "GET", path, "")
		if err != nil {
			return
		}
		if a.status == 200 || a.status == 404 {
			l.reads.Add(1)
		}
	}
}

// repeat sends a request again while the answer is 503. It reports false when the server is gone.
func (l *load) repeat(c *caller, what string, status int, method, path, body string, header ...string) (answer, bool) {
	for {
		a, err := l.sendCounted(c, what, method, path, body, header...)
		if err != nil || l.stopped.Load() {
			return a, err == nil && a.status == status
		}
		if a.status == status {
			return a, true
		}
		time.Sleep(20 * time.Millisecond) // sooner than Retry-After says: tests are short
	}
}

// sendCounted sends a request and counts its answer.
func (l *load) sendCounted(c *caller, what, method, path, body string, header ...string) (answer, error) {
	a, err := c.send(method, path, body, append(header, l.headers...)...)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		if !errors.Is(err, errNotListening) {
			l.cut++
		}
		return a, err
	}
	if what != "read" && a.status == 503 {
		l.refused.Add(1)
	}
	if what == "read" && a.header.Get("X-Consistency") == "degraded" {
		l.degraded.Add(1)
	}
	select {
	case l.changed <- struct{}{}:
	default: // a value is there already
	}
	kind := fmt.Sprint(what, " ", a.status)
	l.answers[kind]++
	if a.status == 503 && strings.Contains(a.body, `"overloaded"`) {
		l.busy[what]++
	}
	l.slowest[kind] = max(l.slowest[kind], a.took)
	switch {
	case a.status == 503 && a.header.Get("Retry-After") == "":
		l.wrong[kind+" without Retry-After"]++
	case a.status == 503, a.status < 300, what == "read" && a.status == 404:
	default:
		l.wrong[kind+" "+a.body]++
	}
	return a, nil
}

// checkAnswers stops the load. It fails for every wrong answer and for those that took longer than within.
func (l *load) checkAnswers(within time.Duration) {
	l.t.Helper()
	l.stop()
	for _, kind := range slices.Sorted(maps.Keys(l.answers)) {
		l.t.Logf("%-12s %6d, the slowest after %v", kind, l.answers[kind], l.slowest[kind].Round(time.Millisecond))
		if l.slowest[kind] > within {
			l.t.Errorf("an answer %s took %v, want at most %v", kind, l.slowest[kind], within)
		}
	}
	for kind, n := range l.wrong {
		l.t.Errorf("%d × %s", n, kind)
	}
}

// checkNoRefusals fails for every 503 to these kinds of request. On a busy machine one in a hundred may be overloaded.
func (l *load) checkNoRefusals(of ...string) {
	l.t.Helper()
	for _, what := range of {
		if n := l.answers[what+" 503"] - l.busy[what]; n > 0 {
			l.t.Errorf("%d × %s 503, want none", n, what)
		}
		all := 0
		for kind, n := range l.answers {
			if strings.HasPrefix(kind, what+" ") {
				all += n
			}
		}
		if l.busy[what]*100 > all {
			l.t.Errorf("%d of %d × %s were answered 503 overloaded", l.busy[what], all, what)
		}
	}
}
