package web

import (
	"context"
	"sync"
	"testing"
	"time"
)

// fillLimit takes every place at work.
func fillLimit(t *testing.T, l *workLimit) {
	t.Helper()
	for range maxAtWork {
		if !l.enter(t.Context()) {
			t.Fatal("there is no place although nobody waits")
		}
	}
}

// waitInLimit has a request wait, and returns whether it got its turn.
func waitInLimit(ctx context.Context, l *workLimit) <-chan bool {
	l.mu.Lock()
	before := len(l.waiting)
	l.mu.Unlock()
	got := make(chan bool, 1)
	go func() { got <- l.enter(ctx) }()
	for queued := before; queued == before; time.Sleep(time.Millisecond) {
		l.mu.Lock()
		queued = len(l.waiting)
		l.mu.Unlock()
	}
	return got
}

func TestWorkLimit_Order(t *testing.T) {
	t.Parallel()
	l := &workLimit{}
	fillLimit(t, l)
	first, second := waitInLimit(t.Context(), l), waitInLimit(t.Context(), l)
	l.leave()
	if !<-first {
		t.Error("the first was refused")
	}
	time.Sleep(queueTime/2 + 10*time.Millisecond) // now it is overload
	third := waitInLimit(t.Context(), l)
	l.leave()
	if !<-third {
		t.Error("under overload the last was refused")
	}
	if <-second {
		t.Error("the one that had waited for long got a turn that nobody left")
	}
	if len(l.waiting) > 0 {
		t.Errorf("%d are still waiting", len(l.waiting))
	}
}

// A request whose client goes away, or that is refused as its turn comes, neither takes a place for ever nor adds one.
func TestWorkLimit_PlacesAreKept(t *testing.T) {
	t.Parallel()
	l := &workLimit{}
	var all sync.WaitGroup
	for i := range 20 * maxAtWork {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i%50)*time.Millisecond)
			defer cancel()
			if l.enter(ctx) {
				time.Sleep(time.Millisecond)
				l.leave()
			}
		})
	}
	all.Wait()
	if l.atWork != 0 || len(l.waiting) != 0 {
		t.Errorf("%d at work and %d waiting after all have left", l.atWork, len(l.waiting))
	}
}
