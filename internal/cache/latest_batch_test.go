package cache_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// batch is whose tickets a look-up of several users gives, and whether any of them is degraded.
func batch(t *testing.T, d ticket.Desk, users ...string) (ids []uuid.UUID, degraded bool) {
	t.Helper()
	all, err := d.LatestBatch(t.Context(), users)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		ids, degraded = append(ids, a.TicketID), degraded || a.Degraded
	}
	return ids, degraded
}

func expectBatch(t *testing.T, d ticket.Desk, want map[string]uuid.UUID, users ...string) {
	t.Helper()
	got, degraded := batch(t, d, users...)
	for i, user := range users {
		if got[i] != want[user] {
			t.Errorf("%s has %s, want %s", user, got[i], want[user])
		}
	}
	if degraded {
		t.Error("the answer is degraded")
	}
}

func TestLatestBatch_OneReadForAllMisses(t *testing.T) {
	t.Parallel()
	c, g := cached(t, 100)
	want := map[string]uuid.UUID{"ann": approved(t, c, "ann"), "bob": approved(t, c, "bob")}
	expectBatch(t, c, want, "bob", "nobody", "ann", "bob")
	if n := g.reads.Load(); n != 1 {
		t.Errorf("%d look-ups reached the store, want one for all", n)
	}
	for range 3 {
		expectBatch(t, c, want, "ann", "bob", "nobody")
		if latest(t, c, "ann") != want["ann"] || latest(t, c, "nobody") != uuid.Nil {
			t.Error("a look-up of one user differs")
		}
	}
	if n := g.reads.Load(); n != 1 {
		t.Errorf("%d look-ups reached the store, want one: the rest is in memory", n)
	}
	want["eve"] = approved(t, c, "eve")
	expectBatch(t, c, want, "ann", "eve")
	if n := g.reads.Load(); n != 2 {
		t.Errorf("%d look-ups reached the store, want one more for who is new", n)
	}
}

func TestLatestBatch_Replica(t *testing.T) {
	t.Parallel()
	f := freeze(t, true)
	old := approved(t, f.replica, "ann")
	newer := approved(t, f.primary, "ann")
	bob := approved(t, f.primary, "bob")
	expectBatch(t, f, map[string]uuid.UUID{"ann": old, "bob": bob}, "ann", "bob", "nobody")
	all, err := f.LatestBatch(ticket.Fresh(t.Context()), []string{"ann", "nobody"})
	if err != nil || all[0].TicketID != newer || all[1].TicketID != uuid.Nil {
		t.Errorf("a fresh read got %v, %v; want %s", all, err, newer)
	}
	expectBatch(t, f, map[string]uuid.UUID{"ann": newer}, "ann")
}

// A user who was written just now is read from the primary, and the others from the replica, in one batch.
func TestLatestBatch_DirtyUserBypassesReplica(t *testing.T) {
	t.Parallel()
	f := freeze(t, true)
	approved(t, f.replica, "ann")
	bob := approved(t, f.replica, "bob")
	ann := approved(t, f, "ann")
	expectBatch(t, f, map[string]uuid.UUID{"ann": ann, "bob": bob}, "ann", "bob")
}

func TestLatestBatch_PrimaryAway(t *testing.T) {
	t.Parallel()
	for name, proven := range map[string]bool{"replica proven": true, "replica not proven": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := freeze(t, proven)
			ann := approved(t, f.replica, "ann")
			f.disconnect(0)
			for range 2 { // what is degraded is not kept
				got, degraded := batch(t, f, "ann", "nobody")
				if got[0] != ann || got[1] != uuid.Nil || degraded == proven {
					t.Errorf("got %v, degraded %v; want %s and nobody, degraded %v", got, degraded, ann, !proven)
				}
			}
			if _, err := f.LatestBatch(ticket.Fresh(t.Context()), []string{"ann"}); !errors.Is(err, ticket.ErrUnavailable) {
				t.Errorf("a fresh read: %v, want ErrUnavailable", err)
			}
			f.disconnect(1)
			if all, err := f.LatestBatch(t.Context(), []string{"bob"}); !errors.Is(err, ticket.ErrUnavailable) {
				t.Errorf("without any database: %v, %v; want ErrUnavailable", all, err)
			}
		})
	}
}

// A user who was written just now is not answered from a replica because the primary is overloaded.
func TestLatestBatch_PrimaryOverloaded(t *testing.T) {
	t.Parallel()
	f := freeze(t, false)
	want := approved(t, f.replica, "ann")
	for range f.pools[0].Config().MaxConns {
		conn, err := f.pools[0].Acquire(ticket.Urgent(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(conn.Release)
	}
	if got, degraded := batch(t, f, "ann"); got[0] != want || !degraded {
		t.Errorf("got %v, degraded %v; want the replica's, degraded", got, degraded)
	}
	f.Forget(ticket.Change{UserID: "ann"})
	if all, err := f.LatestBatch(t.Context(), []string{"bob", "ann"}); !errors.Is(err, ticket.ErrOverloaded) {
		t.Errorf("with a user who was written: %v, %v; want ErrOverloaded", all, err)
	}
}

func TestLatestBatch_BegunBeforeWrite(t *testing.T) {
	t.Parallel()
	c, g := cached(t, 100)
	approved(t, c, "ann")
	c.Reset()
	g.held, g.read = make(chan struct{}), make(chan struct{}, 1)
	done := make(chan error, 1)
	go func() {
		_, err := c.LatestBatch(context.WithoutCancel(t.Context()), []string{"ann", "bob"})
		done <- err
	}()
	<-g.read
	want := approved(t, c, "ann")
	close(g.held)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	g.held = nil
	expectBatch(t, c, map[string]uuid.UUID{"ann": want}, "ann", "bob")
}

// A revoked approval is not served again by a batch that reads a replica from before.
func TestLatestBatch_RevokedOnFrozenReplica(t *testing.T) {
	t.Parallel()
	_, instances := revokedOnReplica(t)
	for name, c := range instances {
		expectBatch(t, c, nil, "ann", "ann")
		if t.Failed() {
			t.Fatalf("on %s", name)
		}
	}
}

// A batch that asks for the primary finds that an approval was removed: no batch after it reads the approval from a replica.
func TestLatestBatch_FreshRemoval(t *testing.T) {
	t.Parallel()
	f := freeze(t, true)
	id := approved(t, f.primary, "ann")
	f.copyApproval(t, id)
	if _, err := f.primary.Revoke(t.Context(), id, 2, ticket.Revocation{By: "agent:admin", Reason: "other", Class: ticket.Retry}); err != nil {
		t.Fatal(err)
	}
	expectBatch(t, f, map[string]uuid.UUID{"ann": id}, "ann") // as the replica says
	if all, err := f.LatestBatch(ticket.Fresh(t.Context()), []string{"ann"}); err != nil || all[0].TicketID != uuid.Nil {
		t.Errorf("a fresh read got %v, %v; want none", all, err)
	}
	expectBatch(t, f, nil, "ann")
}
