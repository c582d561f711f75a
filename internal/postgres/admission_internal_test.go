package postgres

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// No request of the queue gets a connection, or times out.
func TestAdmission_QueueFull(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const maxConns = 4
		a := newAdmission(maxConns)
		for range cap(a.ordinary) + maxConns*queueLength {
			go a.waitForSlot(t.Context())
		}
		synctest.Wait()
		if n := a.waiting.Load(); n != maxConns*queueLength {
			t.Fatalf("%d wait, want %d", n, maxConns*queueLength)
		}
		late, cancel := context.WithTimeout(t.Context(), time.Second) // of a clock that jumps
		defer cancel()
		if a.waitForSlot(late) || late.Err() != nil {
			t.Error("the last request was kept waiting, want it refused")
		}
	})
}
