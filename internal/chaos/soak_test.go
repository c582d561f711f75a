package chaos_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/internal/cache"
	"docket/internal/consistency"
)

var soakTime = flag.Duration("soak", 2*time.Minute, "how long TestSoak lasts, unless -short is set")

// roundTime is when what was recorded is checked and dropped, so that memory stays bounded.
const roundTime = time.Minute

// How long a client waits between two requests. Quiet users are read so seldom that no instance has cached or noticed their
// last write: a replica answers, and neither the floor nor the dirty window can hide what it lacks.
const (
	writerPause = 15 * time.Millisecond
	busyPause   = 4 * time.Millisecond
	quietPause  = 20 * time.Millisecond
)

// soak is two instances on a primary and two replicas, and what clients saw of them.
type soak struct {
	*rig
	instances []*instance
	failover  bool           // the primary may be replaced by a server that lacks what was not acknowledged
	requests  map[string]int // by kind and outcome
	injected  map[string]int // faults by name
}

// TestSoak injects one fault after the other under load and checks every promise of docs/consistency.md. With -short each
// fault is injected once, for a moment.
func TestSoak(t *testing.T) {
	t.Parallel()
	s := &soak{rig: startDatabases(t, 2), requests: map[string]int{}, injected: map[string]int{}}
	form := manyTicketsForm(t)
	for range 2 {
		s.instances = append(s.instances, startInstance(t, s.db, "FORM_FILE="+form))
	}
	total := *soakTime
	if testing.Short() {
		total = roundTime
	}
	for left := total; left > 0 && !t.Failed(); left -= roundTime {
		s.runRound(t, min(left, roundTime))
	}
	for _, counts := range []map[string]int{s.requests, s.injected} {
		for _, name := range slices.Sorted(maps.Keys(counts)) {
			t.Logf("%10d  %s", counts[name], name)
		}
	}
	s.verify(t)
}

// runRound has clients read and write new users while faults are injected. Then it checks what the clients saw.
func (s *soak) runRound(t *testing.T, duration time.Duration) {
	t.Helper()
	history := consistency.NewHistory(time.Now)
	ctx, cancel := context.WithTimeout(t.Context(), duration)
	defer cancel()
	stop := s.startClients(t, history)
	for s.injectFaults(ctx, t) && !testing.Short() {
	}
	stop()
	s.checkHistory(t, history)
	t.Logf("instance 1, which is never ended, has %d MiB", s.instances[1].process().memory("VmRSS"))
}

// startClients has clients read and write new users. stop returns when they have ended.
func (s *soak) startClients(t *testing.T, history *consistency.History) (stop func()) {
	busy, quiet := newUsers(3), newUsers(400)
	ctx, cancel := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	start := func(name string, n int, run func(*soakClient, context.Context)) {
		at := s.instances[n%len(s.instances)]
		client := &soakClient{caller: newCaller(at.url), name: fmt.Sprint(name, " ", n), at: at, key: s.key, history: history}
		clients.Go(func() { run(client, ctx) })
	}
	for n := range 4 {
		start("writer", n, func(c *soakClient, ctx context.Context) { c.writeUsers(ctx, busy) })
		start("reader", n, func(c *soakClient, ctx context.Context) { c.readUsers(ctx, busyPause, busy, n < 2) })
	}
	start("quiet writer", 0, func(c *soakClient, ctx context.Context) { c.writeUsers(ctx, quiet) })
	for n := range 2 {
		start("quiet reader", n, func(c *soakClient, ctx context.Context) { c.readUsers(ctx, quietPause, quiet, false) })
	}
	return func() {
		cancel()
		clients.Wait()
	}
}

// injectFaults injects every fault once, in any order, each repaired before the next. It reports false when ctx ended first.
func (s *soak) injectFaults(ctx context.Context, t *testing.T) bool {
	t.Helper()
	faults := s.faults()
	rand.Shuffle(len(faults), func(i, j int) { faults[i], faults[j] = faults[j], faults[i] })
	for _, f := range faults {
		pause, duration := randomTimes(f.silent)
		if !sleep(ctx, pause) {
			return false
		}
		s.injected[f.name]++
		repair := f.inject(t)
		sleep(ctx, duration)
		repair()
	}
	return true
}

// randomTimes returns how long nothing is broken before a fault, and how long the fault lasts.
func randomTimes(silent bool) (pause, duration time.Duration) {
	switch {
	case testing.Short():
		return 200 * time.Millisecond, 300 * time.Millisecond
	case silent && rand.IntN(2) == 0:
		duration = 2 * cache.Life // longer than anything may be cached
	default:
		duration = time.Duration(200+rand.IntN(4000)) * time.Millisecond
	}
	return time.Duration(200+rand.IntN(1500)) * time.Millisecond, duration
}

// sleep reports false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// checkHistory fails for every broken promise in what was recorded, and counts the requests.
func (s *soak) checkHistory(t *testing.T, history *consistency.History) {
	t.Helper()
	primary, err := pgxpool.New(t.Context(), s.db.Primary)
	if err != nil {
		t.Fatal(err)
	}
	defer primary.Close()
	operations := history.Finished()
	approvals, err := consistency.ReadApprovals(t.Context(), primary)
	if err != nil {
		t.Fatal(err)
	}
	found := consistency.Check(operations, approvals, cache.Life+cache.MaxLag)
	if example := found[consistency.SeenThenLost]; s.failover && example != "" {
		t.Logf("%s: %s", consistency.SeenThenLost, example)
		delete(found, consistency.SeenThenLost)
	}
	for promise, example := range found {
		t.Errorf("%s: %s", promise, example)
	}
	var holds bool
	if err := primary.QueryRow(t.Context(), consistency.Invariant).Scan(&holds); err != nil || !holds {
		t.Errorf("the invariant holds: %t, %v", holds, err)
	}
	for _, n := range operations {
		switch {
		case n.Err != nil:
			s.requests[string(n.Kind)+", refused or failed"]++
		case n.Degraded:
			s.requests[string(n.Kind)+", degraded"]++
		default:
			s.requests[string(n.Kind)]++
		}
	}
}

func newUsers(count int) (users []string) {
	for range count {
		users = append(users, strings.ReplaceAll(uuid.NewString(), "-", ""))
	}
	return users
}
