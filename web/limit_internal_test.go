package web

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// fillLimit takes every place at work.
func fillLimit(t *testing.T, l workLimit) {
	t.Helper()
	for range maxAtWork {
		if !l.enter(t.Context()) {
			t.Fatal("there is no place although nobody waits")
		}
	}
}

func TestWorkLimit_Order(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newWorkLimit()
		fillLimit(t, l)
		turns := make(chan int, 3)
		for i := range 3 {
			go func() {
				if l.enter(t.Context()) {
					turns <- i
				}
			}()
			synctest.Wait()
		}
		time.Sleep(queueTime - time.Millisecond) // the last moment
		for i := range 3 {
			l.leave()
			if turn := <-turns; turn != i {
				t.Errorf("the turn of %d is that of %d", i, turn)
			}
		}
	})
}

func TestWorkLimit_Refusal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newWorkLimit()
		fillLimit(t, l)
		began := time.Now()
		if l.enter(t.Context()) {
			t.Error("it was let in although nobody left")
		}
		if waited := time.Since(began); waited != queueTime {
			t.Errorf("it was refused after %v, want %v", waited, queueTime)
		}
		l.leave()
		if !l.enter(t.Context()) {
			t.Error("there is no place although one has left")
		}
	})
}

// A request whose client goes away, or that is refused as its turn comes, neither takes a place for ever nor adds one.
func TestWorkLimit_PlacesAreKept(t *testing.T) {
	t.Parallel()
	l := newWorkLimit()
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
	if atWork := len(l.atWork); atWork != 0 {
		t.Errorf("%d at work after all have left", atWork)
	}
}
