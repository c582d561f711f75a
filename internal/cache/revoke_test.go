package cache_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/cache"
	"docket/internal/store"
	"docket/internal/ticket"
)

// copyApproval gives the replica a ticket that was approved, as it is now.
func (f frozen) copyApproval(t *testing.T, id uuid.UUID) {
	t.Helper()
	var approved, latest string
	err := f.pools[0].QueryRow(t.Context(), "SELECT to_jsonb(t)::text, to_jsonb(u)::text FROM tickets t JOIN user_tickets u ON u.ticket_id = t.id WHERE t.id = $1", id).
		Scan(&approved, &latest)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.pools[1].Exec(t.Context(), `WITH latest AS (INSERT INTO user_tickets SELECT * FROM jsonb_populate_record(NULL::user_tickets, $2::text::jsonb))
		INSERT INTO tickets SELECT * FROM jsonb_populate_record(NULL::tickets, $1::text::jsonb)`, approved, latest)
	if err != nil {
		t.Fatal(err)
	}
}

// otherInstance is another cache of the same databases, and receives what the primary notifies of.
func (f frozen) otherInstance(t *testing.T) (c *cache.Cache, changes chan ticket.Change) {
	t.Helper()
	c = cache.New(f.primary, 100, cache.Replica{Reader: store.NewReader(f.pools[1]), Gate: f.gate})
	changes = make(chan ticket.Change, 100)
	ready, done := make(chan struct{}), make(chan error, 1)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	listener := store.Listener{
		URL: f.relays[0].URL, Log: slog.New(slog.DiscardHandler),
		Change: func(change ticket.Change) { c.Forget(change); changes <- change },
		Reset:  func() { close(ready) },
	}
	go func() { done <- listener.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	<-ready
	return c, changes
}

// revokedOnReplica is an approval that was revoked on one instance, as another was told. The replica never receives that, and
// is believed to be fresh.
func revokedOnReplica(t *testing.T) (f frozen, instances map[string]*cache.Cache) {
	t.Helper()
	f = freeze(t, true)
	id := approved(t, f.primary, "ann")
	f.copyApproval(t, id)
	other, changes := f.otherInstance(t)
	if got := latest(t, f, "ann"); got != id {
		t.Fatalf("latest %s, want the approval", got)
	}
	if _, err := f.Revoke(t.Context(), id, 2, ticket.Revocation{By: "agent:admin", Reason: "other", Class: ticket.Retry}); err != nil {
		t.Fatal(err)
	}
	for change := (ticket.Change{}); change.Removed.IsZero(); {
		select {
		case change = <-changes:
		case <-time.After(time.Minute):
			t.Fatal("the other instance was not told what was removed")
		}
	}
	return f, map[string]*cache.Cache{"the instance that revoked": f.Cache, "another, which never looked": other}
}

func expectNone(t *testing.T, instances map[string]*cache.Cache, when string) {
	t.Helper()
	for instance, c := range instances {
		if a, err := c.Latest(t.Context(), "ann"); !errors.Is(err, ticket.ErrNotFound) {
			t.Errorf("%s, %s: %+v, %v; want none", when, instance, a, err)
		}
	}
}

func TestRevoke_FrozenReplica(t *testing.T) {
	t.Parallel()
	f, instances := revokedOnReplica(t)
	expectNone(t, instances, "at once")
	now := time.Now()
	for _, c := range instances {
		c.SetClock(func() time.Time { return now })
	}
	for range 4 { // as long as a floor lasts
		now = now.Add(cache.DirtyTime + cache.Life) // users are not dirty any more, and what is cached has expired
		f.gate.Check(t.Context())
		expectNone(t, instances, "from the replica")
	}
}

func TestRevoke_PrimaryAway(t *testing.T) {
	t.Parallel()
	f, instances := revokedOnReplica(t)
	f.disconnect(0)
	expectNone(t, instances, "without the primary")
}

// An instance that starts reads no replica before that is proven.
func TestRevoke_AfterRestart(t *testing.T) {
	t.Parallel()
	f := freeze(t, false)
	id := approved(t, f.primary, "ann")
	f.copyApproval(t, id)
	if _, err := f.primary.Revoke(t.Context(), id, 2, ticket.Revocation{By: "agent:admin", Reason: "other", Class: ticket.Retry}); err != nil {
		t.Fatal(err)
	}
	if a, err := f.Latest(t.Context(), "ann"); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("after a restart: %+v, %v; want none", a, err)
	}
	f.disconnect(0)
	if a, err := f.Latest(t.Context(), "ann"); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("and then without the primary: %+v, %v; want none", a, err)
	}
}

func TestRevoke_LaterApprovalIsServed(t *testing.T) {
	t.Parallel()
	f := freeze(t, true)
	id := approved(t, f, "ann")
	f.copyApproval(t, id)
	if _, err := f.Revoke(t.Context(), id, 2, ticket.Revocation{By: "agent:admin", Reason: "other", Class: ticket.Retry}); err != nil {
		t.Fatal(err)
	}
	later := approved(t, f, "ann")
	if got := latest(t, f, "ann"); got != later {
		t.Errorf("latest %s, want the approval after the revocation", got)
	}
	f.Forget(ticket.Change{UserID: "ann", Removed: time.UnixMilli(1)}) // a notification of long ago
	if got := latest(t, f, "ann"); got != later {
		t.Errorf("latest %s, want it still", got)
	}
}
