package postgres_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// silence makes the server of a pool silent on all connections, old and new, and waits until that is known.
func silence(t *testing.T, relay *testdb.Relay, pool *postgres.Pool) {
	t.Helper()
	relay.SetRule(func(testdb.Bytes) testdb.Action { return testdb.BlackHole })
	for check := postgres.SilenceCheck(pool); check() == nil; {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		_, _ = ask(ctx, pool) // it fails
		cancel()
	}
}

func TestSilence_RefusedAtOnce(t *testing.T) {
	t.Parallel()
	relay := testdb.NewRelay(t, testdb.New(t).Primary)
	pool := connect(t, relay.URL)
	silence(t, relay, pool)
	tried := pool.Stat().NewConnsCount()
	var many sync.WaitGroup
	took := make([]time.Duration, 200)
	for i := range took {
		many.Go(func() {
			var err error
			if took[i], err = ask(t.Context(), pool); !errors.Is(err, ticket.ErrUnavailable) || postgres.MaybeCommitted(err) {
				t.Errorf("%v, want ErrUnavailable for what was never sent", err)
			}
		})
	}
	many.Wait()
	if slowest := slices.Max(took); slowest > 450*time.Millisecond { // who waits for a connection waits half a second
		t.Errorf("the slowest of 200 requests was refused after %v, want it at once", slowest)
	}
	if n := pool.Stat().NewConnsCount() - tried; n > 3 {
		t.Errorf("they tried %d new connections, want those of the probe", n)
	}
	relay.SetRule(nil)
	spoken := time.Now()
	for {
		_, err := ask(t.Context(), pool)
		if err == nil {
			return
		}
		if time.Since(spoken) > 4*time.Second {
			t.Fatalf("after the server answers again: %v", err)
		}
	}
}

// A statement that takes long is no silence: the probe is answered, and nobody is refused.
func TestSilence_SlowStatement(t *testing.T) {
	t.Parallel()
	pool := connect(t, testdb.New(t).Primary)
	slow := make(chan error, 1)
	go func() { slow <- pool.QueryRow(t.Context(), "SELECT pg_sleep(1.2)").Scan(nil) }()
	for pool.Stat().AcquiredConns() == 0 {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(700 * time.Millisecond) // longer than a silence may be
	if took, err := ask(t.Context(), pool); err != nil {
		t.Errorf("beside a slow statement: %v after %v", err, took)
	}
	if err := <-slow; err != nil {
		t.Error(err)
	}
}

// Connections of requests that gave up are closed soon, although the server confirms nothing.
func TestSilence_DeadConnectionsHoldNoSlots(t *testing.T) {
	t.Parallel()
	relay := testdb.NewRelay(t, testdb.New(t).Primary)
	pool := connect(t, relay.URL)
	var busy sync.WaitGroup
	relay.SetRule(func(b testdb.Bytes) testdb.Action {
		if b.Has("pg_sleep") {
			return testdb.BlackHole
		}
		return testdb.Pass
	})
	for range 10 {
		busy.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			_, _ = pool.Exec(ctx, "SELECT pg_sleep(30)")
		})
	}
	busy.Wait()
	ended := time.Now()
	for pool.Stat().AcquiredConns() > 0 {
		if time.Since(ended) > time.Second+slack {
			t.Fatalf("%d connections are held %v after all gave up", pool.Stat().AcquiredConns(), time.Since(ended))
		}
		time.Sleep(10 * time.Millisecond)
	}
}
