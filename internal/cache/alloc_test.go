package cache_test

import (
	"context"
	"testing"

	"docket/internal/cache"
	"docket/internal/ticket"
)

// ownDesk is a Desk where every user has one ticket.
type ownDesk struct{ approvedDesk }

func (ownDesk) TicketsOf(_ context.Context, userID string, _ ticket.Page) (ticket.List, error) {
	return ticket.List{Tickets: []ticket.Ticket{{UserID: userID}}}, nil
}

// A hit must not get slower: it allocates nothing.
func TestCache_HitAllocatesNothing(t *testing.T) {
	c := cache.New(ownDesk{}, 100)
	ctx := t.Context()
	for name, hit := range map[string]func(){
		"Latest":    func() { _, _ = c.Latest(ctx, "ann") },
		"TicketsOf": func() { _, _ = c.TicketsOf(ctx, "ann", ticket.Page{Limit: 5}) },
	} {
		hit()
		if n := testing.AllocsPerRun(100, hit); n > 0 {
			t.Errorf("%s: %v allocations, want none", name, n)
		}
	}
}
