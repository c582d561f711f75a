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

const person = `{"full_name":"A","date_of_birth":"1990-01-31","nationality":"VNM","document_type":"passport",` +
	`"issuing_country":"VNM","document_number":"B1234567","expiry_date":"2040-01-01","consent":true}`

// load is programs that submit, decide and look up, and what they were told.
type load struct {
	t       *testing.T
	url     string
	headers []string
	stopped atomic.Bool
	callers sync.WaitGroup
	writes  atomic.Int64  // acknowledged
	reads   atomic.Int64  // answered
	refused atomic.Int64  // writes that got 503
	without atomic.Int64  // reads that were answered without the primary, and say so
	news    chan struct{} // has a value when one of these has grown
	users   atomic.Int64
	series  string // begins the names of this load's users

	mu       sync.Mutex // guards the rest
	made     []string   // tickets whose submission was acknowledged
	approved []string   // tickets whose approval was acknowledged
	told     map[string]int
	busy     map[string]int // of those, by what was asked: refused as docket was busy
	slowest  map[string]time.Duration
	wrong    map[string]int // answers that are never right
	cut      int            // requests that the end of the instance cut off
}

// begin starts a load with eight who write and eight who read.
func begin(t *testing.T, url, key string) *load {
	t.Helper()
	l := &load{
		t: t, url: url, series: strings.ToLower(rand.Text()) + "-", headers: []string{"Authorization: Bearer " + key, "Content-Type: application/json"},
		news: make(chan struct{}, 1), told: map[string]int{}, busy: map[string]int{}, slowest: map[string]time.Duration{}, wrong: map[string]int{},
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

// goesOn waits until so many more writes and reads were answered well than have been now.
func (l *load) goesOn(more int64) {
	l.t.Helper()
	writes, reads := l.writes.Load()+more, l.reads.Load()+more
	l.sees(func() bool { return l.writes.Load() >= writes && l.reads.Load() >= reads })
}

// misses waits until so many more writes were refused, and reads answered without the primary, than have been now.
func (l *load) misses(more int64) {
	l.t.Helper()
	writes, reads := l.refused.Load()+more, l.without.Load()+more
	l.sees(func() bool { return l.refused.Load() >= writes && l.without.Load() >= reads })
}

func (l *load) sees(it func() bool) {
	l.t.Helper()
	patience := time.After(time.Minute)
	for !it() {
		select {
		case <-l.news:
		case <-patience:
			l.mu.Lock()
			defer l.mu.Unlock()
			l.t.Fatalf("for a minute it has not come to that: %v", l.told)
		}
	}
}

func (l *load) write() {
	c := newCaller(l.url)
	for !l.stopped.Load() {
		user := fmt.Sprint(l.series, l.users.Add(1))
		a, ok := l.until(c, "submit", 201, "POST", "/api/v1/tickets", `{"user_id":"`+user+`","extra":`+person+`}`, "Idempotency-Key: "+user)
		if !ok {
			return
		}
		var made struct{ ID string }
		if err := json.Unmarshal([]byte(a.body), &made); err != nil {
			l.t.Errorf("the answer to a submission: %v", err)
			return
		}
		l.note(&l.made, made.ID)
		if _, ok := l.until(c, "decide", 200, "POST", "/api/v1/tickets/"+made.ID+"/decision", `{"decision":"approve","version":1}`); !ok {
			return
		}
		l.note(&l.approved, made.ID)
	}
}

func (l *load) note(list *[]string, id string) {
	l.writes.Add(1)
	l.mu.Lock()
	defer l.mu.Unlock()
	*list = append(*list, id)
}

func (l *load) read() {
	c := newCaller(l.url)
	for !l.stopped.Load() {
		path := fmt.Sprint("/api/v1/users/", l.series, 1+random.Int64N(l.users.Load()+1), "/latest-ticket")
		a, err := l.ask(c, "read", "GET", path, "")
		if err != nil {
			return
		}
		if a.status == 200 || a.status == 404 {
			l.reads.Add(1)
		}
	}
}

// until repeats a request, as its sender should, while the answer is 503; false when nobody answers any more.
func (l *load) until(c *caller, what string, status int, method, path, body string, header ...string) (answer, bool) {
	for {
		a, err := l.ask(c, what, method, path, body, header...)
		if err != nil || l.stopped.Load() {
			return a, err == nil && a.status == status
		}
		if a.status == status {
			return a, true
		}
		time.Sleep(20 * time.Millisecond) // sooner than Retry-After says, for the sake of the test
	}
}

// ask notes what came of a request, and what never may.
func (l *load) ask(c *caller, what, method, path, body string, header ...string) (answer, error) {
	a, err := c.ask(method, path, body, append(header, l.headers...)...)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		if !errors.Is(err, errGone) {
			l.cut++
		}
		return a, err
	}
	if what != "read" && a.status == 503 {
		l.refused.Add(1)
	}
	if what == "read" && a.header.Get("X-Consistency") == "degraded" {
		l.without.Add(1)
	}
	select {
	case l.news <- struct{}{}:
	default: // somebody will look anyhow
	}
	kind := fmt.Sprint(what, " ", a.status)
	l.told[kind]++
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

// report fails for every answer that is never right, and for those that came too late.
func (l *load) report(within time.Duration) {
	l.t.Helper()
	l.stop()
	for _, kind := range slices.Sorted(maps.Keys(l.told)) {
		l.t.Logf("%-12s %6d, the slowest after %v", kind, l.told[kind], l.slowest[kind].Round(time.Millisecond))
		if l.slowest[kind] > within {
			l.t.Errorf("an answer %s took %v, want at most %v", kind, l.slowest[kind], within)
		}
	}
	for kind, n := range l.wrong {
		l.t.Errorf("%d × %s", n, kind)
	}
}

// unbroken fails for every refusal: whatever this fault is, nobody is to notice. That docket is busy is another thing: a
// crowded machine may say so to one in a hundred.
func (l *load) unbroken(of ...string) {
	l.t.Helper()
	for _, what := range of {
		if n := l.told[what+" 503"] - l.busy[what]; n > 0 {
			l.t.Errorf("%d × %s 503, want none", n, what)
		}
		all := 0
		for kind, n := range l.told {
			if strings.HasPrefix(kind, what+" ") {
				all += n
			}
		}
		if l.busy[what]*100 > all {
			l.t.Errorf("%d of %d × %s were refused, as if docket were busy", l.busy[what], all, what)
		}
	}
}
