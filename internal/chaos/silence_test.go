package chaos_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestPrimary_Paused looks up different users, whom no cache knows, before and while the primary stands still. It is not
// parallel: it compares rates.
func TestPrimary_Paused(t *testing.T) {
	r := newRig(t)
	numbers := []int{60, 200} // fewer than docket works on at a time, and more
	if testing.Short() {
		numbers = numbers[1:]
	}
	for _, clients := range numbers {
		t.Run(fmt.Sprint(clients, " clients"), func(t *testing.T) {
			l := startLookUps(t, r, clients)
			defer l.stop()
			l.measure(6 * time.Second) // until every connection is made, and no user is dirty since docket began to listen
			l.goOnWhilePaused(t, r)
		})
	}
}

// goOnWhilePaused stops the primary for a while. A tenth of the look-ups is far above what is left when each asks the
// primary first, which is a fiftieth at most, and far below what is usual; the figures are in the log of the test.
func (l *lookUps) goOnWhilePaused(t *testing.T, r *rig) {
	t.Helper()
	before, _ := l.measure(3 * time.Second)
	all := r.primaryProcesses(t)
	signalAll(all, syscall.SIGSTOP)
	during, slow := l.measure(8 * time.Second)
	signalAll(all, syscall.SIGCONT)
	t.Logf("%.0f %%: %.0f look-ups a second before; %.0f while the primary stands still, 99 of 100 within %v", 100*during/before, before, during, slow)
	l.waitUntilWhole(t)
	if during < before/10 {
		t.Errorf("%.0f look-ups a second while the primary stands still, want a tenth of %.0f at least", during, before)
	}
}

func signalAll(pids []int, s syscall.Signal) {
	for _, pid := range pids {
		_ = syscall.Kill(pid, s) // a connection may have ended just now
	}
}

// lookUps is clients that look up users, as fast as they are answered.
type lookUps struct {
	stopped  atomic.Bool
	callers  sync.WaitGroup
	degraded atomic.Int64
	mu       sync.Mutex      // guards what follows
	took     []time.Duration // since it was measured
}

func startLookUps(t *testing.T, r *rig, clients int) *lookUps {
	t.Helper()
	l := &lookUps{}
	var users atomic.Int64
	for range clients {
		l.callers.Go(func() {
			for c := newCaller(r.docket.url); !l.stopped.Load(); {
				path := fmt.Sprint("/api/v1/users/", "nobody-", clients, "-", users.Add(1), "/latest-ticket")
				a, err := c.send("GET", path, "", "Authorization: Bearer "+r.key)
				if err != nil || a.status != 404 {
					t.Errorf("a look-up: %d %s, %v; want 404", a.status, a.body, err)
					return
				}
				if a.header.Get("X-Consistency") == "degraded" {
					l.degraded.Add(1)
				}
				l.mu.Lock()
				l.took = append(l.took, a.took)
				l.mu.Unlock()
			}
		})
	}
	return l
}

func (l *lookUps) stop() {
	l.stopped.Store(true)
	l.callers.Wait()
}

// measure returns how many look-ups were answered each second, and within what time 99 of 100.
func (l *lookUps) measure(d time.Duration) (rate float64, slow time.Duration) {
	l.take()
	time.Sleep(d)
	took := l.take()
	slices.Sort(took)
	return float64(len(took)) / d.Seconds(), took[len(took)*99/100]
}

func (l *lookUps) take() (took []time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	took, l.took = l.took, nil
	return took
}

// waitUntilWhole waits until look-ups are no longer degraded.
func (l *lookUps) waitUntilWhole(t *testing.T) {
	t.Helper()
	for until := time.Now().Add(10 * time.Second); time.Now().Before(until); {
		before := l.degraded.Load()
		time.Sleep(500 * time.Millisecond)
		if l.degraded.Load() == before {
			return
		}
	}
	t.Error("look-ups are still degraded after the primary answers again")
}
