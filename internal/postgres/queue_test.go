package postgres

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestAQueueThatIsLongEnoughGrowsNoLonger has nobody leave, neither with a connection nor for want of one.
func TestAQueueThatIsLongEnoughGrowsNoLonger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const connections = 4
		d := newDoor(connections)
		for range cap(d.ordinary) + connections*queueLength {
			go d.enter(t.Context())
		}
		synctest.Wait()
		if n := d.waiting.Load(); n != connections*queueLength {
			t.Fatalf("%d are in line, want %d", n, connections*queueLength)
		}
		late, cancel := context.WithTimeout(t.Context(), time.Second) // of a clock that jumps
		defer cancel()
		if d.enter(late) || late.Err() != nil {
			t.Error("the last in line was kept waiting, want to be sent away")
		}
	})
}
