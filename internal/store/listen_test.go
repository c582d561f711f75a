package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// listen receives changes through a relay until the test ends.
func listen(t *testing.T, way *testdb.Relay) (changes chan string, resets chan struct{}) {
	t.Helper()
	changes, resets = make(chan string, 100), make(chan struct{}, 100)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() {
		done <- store.Listener{
			URL: way.URL + "&pool_max_conns=5", Log: silent, PingInterval: 10 * time.Millisecond, // its settings of a pool are left out
			Change: func(c ticket.Change) { changes <- c.UserID },
			Reset:  func() { resets <- struct{}{} },
		}.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return changes, resets
}

func TestListener_SilentConnectionKept(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	way := testdb.NewRelay(t, db.Primary)
	pings := make(chan struct{}, 1000)
	way.SetRule(func(b testdb.Bytes) testdb.Action {
		if b.ToServer && b.Has("ping") {
			pings <- struct{}{}
		}
		return testdb.Pass
	})
	changes, resets := listen(t, way)
	<-resets
	for range 3 {
		<-pings
	}
	submit(t, store.New(pool(t, db.Primary), silent), "ann")
	select {
	case got := <-changes:
		if got != "ann" {
			t.Errorf("received %s, want ann", got)
		}
	case <-resets:
		t.Error("a working connection was closed")
	}
}

func TestListener_DeadConnection(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	way := testdb.NewRelay(t, db.Primary)
	changes, resets := listen(t, way)
	<-resets
	way.Silence()
	d := store.New(pool(t, db.Primary), silent)
	submit(t, d, "ann") // no listener receives it
	d.Finish()
	select {
	case <-resets:
	case <-time.After(30 * time.Second):
		t.Fatal("the dead connection was not noticed")
	}
	submit(t, d, "bob")
	if got := <-changes; got != "bob" {
		t.Errorf("received %s, want bob", got)
	}
}

func TestFinish_PublishesLastChange(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	changes, resets := listen(t, testdb.NewRelay(t, db.Primary))
	<-resets
	for range 20 { // a change may be sent in time without Finish, too
		user := uuid.NewString()
		p := pool(t, db.Primary)
		d := store.New(p, silent)
		submit(t, d, user)
		d.Finish()
		p.Close()
		select {
		case got := <-changes:
			if got != user {
				t.Fatalf("received %s, want %s", got, user)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("no listener received %s", user)
		}
	}
}
