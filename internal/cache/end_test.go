package cache_test

import (
	"encoding/json"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"docket/internal/store"
	"docket/internal/ticket"
)

// An approval in memory ends when the primary's clock says so, by each way to look it up, without a read and without word from the primary.
func TestCache_ApprovalEndsInMemory(t *testing.T) {
	t.Parallel()
	c, g := cached(t, 100)
	var now atomic.Int64
	c.WithClock(now.Load)
	endless := approved(t, c, "bob")
	g.writes.(*store.Store).WithTerms(func(_, _ json.RawMessage, at time.Time) ticket.Terms { return ticket.Terms{Until: at.Add(time.Hour)} })
	id := approved(t, c, "ann")
	found, err := c.Latest(t.Context(), "ann")
	if err != nil || found.TicketID != id || found.ValidUntil.IsZero() {
		t.Fatalf("got %+v, %v; want an approval that ends", found, err)
	}
	latest(t, c, "bob")
	reads := g.reads.Load()
	now.Store(found.ValidUntil.UnixMilli() - 1)
	if found, err := c.Latest(t.Context(), "ann"); err != nil || found.TicketID != id {
		t.Errorf("a millisecond before the end: %+v, %v", found, err)
	}
	now.Add(1)
	if found, err := c.Latest(t.Context(), "ann"); !errors.Is(err, ticket.ErrNotFound) || !found.Expired || found.TicketID == id {
		t.Errorf("at the end: %+v, %v", found, err)
	}
	if found, err := c.LatestBatch(t.Context(), []string{"ann", "bob"}); err != nil || found[0].TicketID == id || found[1].TicketID != endless {
		t.Errorf("several at the end: %+v, %v", found, err)
	}
	if n := g.reads.Load(); n != reads {
		t.Errorf("%d look-ups reached the store, want %d", n, reads)
	}
}
