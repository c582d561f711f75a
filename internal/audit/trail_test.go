package audit_test

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"docket/internal/audit"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

var secret = []byte("secret")

func open(t *testing.T, hooks audit.Hooks) (*audit.Trail, *postgres.Pool) {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return audit.New(pool, secret, slog.New(slog.DiscardHandler), hooks), pool
}

// runOut writes all that is recorded, as an instance does that stops.
func runOut(t *testing.T, trail *audit.Trail) {
	t.Helper()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := trail.Run(stopped); err != nil {
		t.Fatal(err)
	}
}

func list(t *testing.T, trail *audit.Trail, f audit.Filter) []audit.Entry {
	t.Helper()
	f.From, f.To, f.Limit = time.Now().Add(-time.Hour), time.Now().Add(time.Hour), 100
	entries, next, err := trail.List(t.Context(), f)
	if err != nil || next != (audit.Place{}) {
		t.Fatalf("list: next %v, %v", next, err)
	}
	return entries
}

func TestTrail_RecordAndList(t *testing.T) {
	t.Parallel()
	trail, _ := open(t, audit.Hooks{})
	seen := audit.Entry{
		Actor: "agent:1", Action: audit.ListShown, Count: 7, Client: netip.MustParseAddr("2001:db8::1"), RequestID: "r-1",
	}
	for _, e := range []audit.Entry{
		seen,
		{Actor: "key:crm", Action: audit.TicketOpened, Object: audit.TicketObject(uuid.Max)},
		{Actor: audit.Anonymous, Action: audit.SignInFailed, Object: trail.Email("ann@example.com")},
	} {
		if err := trail.Record(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	if err := trail.RecordNow(t.Context(), audit.Entry{Actor: audit.CLI, Action: audit.KeyAdded, Object: audit.KeyObject("crm")}); err != nil {
		t.Fatal(err)
	}
	if all := list(t, trail, audit.Filter{}); len(all) != 1 || all[0].Action != audit.KeyAdded {
		t.Errorf("before anything is written there is %+v, want what was recorded at once", all)
	}
	runOut(t, trail)
	if all := list(t, trail, audit.Filter{}); len(all) != 4 {
		t.Errorf("%d entries, want 4", len(all))
	}
	found := list(t, trail, audit.Filter{Actor: "agent:1"})
	if len(found) != 1 || time.Since(found[0].At).Abs() > time.Minute {
		t.Fatalf("of agent:1 there is %+v", found)
	}
	got := found[0]
	got.ID, got.At = uuid.Nil, time.Time{}
	if got != seen {
		t.Errorf("got %+v, want %+v", got, seen)
	}
	if found := list(t, trail, audit.Filter{Object: audit.TicketObject(uuid.Max)}); len(found) != 1 || found[0].Actor != "key:crm" {
		t.Errorf("of the ticket there is %+v", found)
	}
	failed := list(t, trail, audit.Filter{Action: audit.SignInFailed})
	if len(failed) != 1 || failed[0].Object != trail.Email("ann@example.com") || strings.Contains(failed[0].Object, "ann") {
		t.Errorf("of failed sign-ins there is %+v", failed)
	}
}

// TestTrail_EveryAction records every action: the database accepts them all.
func TestTrail_EveryAction(t *testing.T) {
	t.Parallel()
	trail, _ := open(t, audit.Hooks{})
	for _, action := range audit.Actions {
		if err := trail.RecordNow(t.Context(), audit.Entry{Actor: audit.CLI, Action: action}); err != nil {
			t.Errorf("%s: %v", action, err)
		}
	}
}

// TestTrail_OtherSources lists what other tables say: decisions, reopenings, and files seen under earlier releases; page by page.
func TestTrail_OtherSources(t *testing.T) {
	t.Parallel()
	trail, pool := open(t, audit.Hooks{})
	for _, statement := range []string{
		`INSERT INTO tickets (id, user_id, status, extra, version, decided_by, decided_at_ms, reject_reason, reject_comment)
		VALUES ('00000000-0000-7000-8000-000000000001', 'ann', 'rejected', '{}', 2, 'rule:age', now_ms(), 'underage', 'x')`,
		`INSERT INTO tickets (id, user_id, status, extra) VALUES ('00000000-0000-7000-8000-000000000002', 'bob', 'processing', '{}')`,
		`INSERT INTO reopenings (ticket_id, user_id, reopened_by, note) VALUES ('00000000-0000-7000-8000-000000000001', 'ann', 'agent:2', 'x')`,
		`INSERT INTO files (id, user_id, field, state, blob, media_type, size, sha256, uploaded_by)
		VALUES ('00000000-0000-7000-8000-000000000003', 'ann', 'f', 'kept', 'b', 'image/jpeg', 1, sha256('x'), 'user:ann')`,
		`INSERT INTO file_views (user_id, file_id, actor) VALUES ('ann', '00000000-0000-7000-8000-000000000003', 'agent:1')`,
	} {
		if _, err := pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	f := audit.Filter{From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour), Limit: 1}
	var all []string
	for range 4 {
		page, next, err := trail.List(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page {
			all = append(all, e.Actor+" "+string(e.Action)+" "+e.Object)
		}
		if f.Before = next; next == (audit.Place{}) {
			break
		}
	}
	slices.Sort(all)
	want := []string{
		"agent:1 file_seen file:00000000-0000-7000-8000-000000000003", "agent:2 reopened ticket:00000000-0000-7000-8000-000000000001",
		"rule:age rejected ticket:00000000-0000-7000-8000-000000000001",
	}
	if !slices.Equal(all, want) {
		t.Errorf("got %q, want %q", all, want)
	}
}

func TestTrail_QueueFull(t *testing.T) {
	t.Parallel()
	trail, pool := open(t, audit.Hooks{})
	ended, end := context.WithCancel(t.Context())
	end()
	recorded := 0
	for ; recorded < 100_000; recorded++ {
		if err := trail.Record(ended, audit.Entry{Actor: audit.CLI, Action: audit.ListShown}); err != nil {
			if !errors.Is(err, ticket.ErrOverloaded) {
				t.Fatalf("%v, want ErrOverloaded", err)
			}
			break
		}
	}
	runOut(t, trail)
	var written int
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM audit").Scan(&written); err != nil || written != recorded || recorded == 100_000 {
		t.Errorf("%d were recorded and %d written, %v", recorded, written, err)
	}
}

// TestTrail_PrimaryAway records while the primary cannot be reached: the entries wait, and are written when it can.
func TestTrail_PrimaryAway(t *testing.T) {
	t.Parallel()
	relay := testdb.NewRelay(t, testdb.New(t).Primary)
	pool, err := postgres.Connect(t.Context(), relay.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	var refused atomic.Int64
	relay.SetRule(func(b testdb.Bytes) testdb.Action {
		if b.ToServer && b.Has("INSERT INTO audit") {
			refused.Add(1)
			return testdb.Cut
		}
		return testdb.Pass
	})
	trail := audit.New(pool, secret, slog.New(slog.DiscardHandler), audit.Hooks{})
	running, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- trail.Run(running) }()
	for range 3 {
		if err := trail.Record(t.Context(), audit.Entry{Actor: audit.CLI, Action: audit.ListShown}); err != nil {
			t.Fatal(err)
		}
	}
	for refused.Load() == 0 {
		if t.Context().Err() != nil {
			t.Fatal("nothing was written")
		}
	}
	relay.SetRule(func(testdb.Bytes) testdb.Action { return testdb.Pass })
	for len(list(t, trail, audit.Filter{})) < 3 {
		if t.Context().Err() != nil {
			t.Fatal("what waited was not written")
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if n := len(list(t, trail, audit.Filter{})); n != 3 {
		t.Errorf("%d entries, want 3", n)
	}
}

// TestTrail_RefusedEntry records one that the database refuses among others: those are written.
func TestTrail_RefusedEntry(t *testing.T) {
	t.Parallel()
	trail, _ := open(t, audit.Hooks{})
	for _, object := range []string{"ticket:1", strings.Repeat("x", 201), "ticket:2"} {
		if err := trail.Record(t.Context(), audit.Entry{Actor: audit.CLI, Action: audit.TicketOpened, Object: object}); err != nil {
			t.Fatal(err)
		}
	}
	running, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- trail.Run(running) }()
	for len(list(t, trail, audit.Filter{})) < 2 {
		if t.Context().Err() != nil {
			t.Fatal("the others were not written")
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestTrail_Repeated(t *testing.T) {
	t.Parallel()
	trail, _ := open(t, audit.Hooks{})
	for range 3 {
		for _, actor := range []string{"agent:1", "agent:2"} {
			if err := trail.RecordRepeated(t.Context(), audit.Entry{Actor: actor, Action: audit.ListShown}); err != nil {
				t.Fatal(err)
			}
		}
	}
	runOut(t, trail)
	if n := len(list(t, trail, audit.Filter{})); n != 2 {
		t.Errorf("%d entries, want one of each agent", n)
	}
}

func TestTrail_Burst(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex // guards bursts
	var bursts []string
	hooks := audit.Hooks{Burst: func(actor string) {
		mu.Lock()
		defer mu.Unlock()
		bursts = append(bursts, actor)
	}}
	one, pool := open(t, hooks)
	other := audit.New(pool, secret, slog.New(slog.DiscardHandler), hooks)
	view := func(trail *audit.Trail, actor string, action audit.Action, times int) {
		for range times {
			if err := trail.Record(t.Context(), audit.Entry{Actor: actor, Action: action}); err != nil {
				t.Fatal(err)
			}
		}
	}
	check := func(want ...string) {
		t.Helper()
		runOut(t, one)
		runOut(t, other)
		bursts = nil
		var all errgroup.Group
		for range 4 {
			all.Go(func() error { return one.ReportBursts(t.Context()) })
			all.Go(func() error { return other.ReportBursts(t.Context()) })
		}
		if err := all.Wait(); err != nil {
			t.Fatal(err)
		}
		if slices.Sort(bursts); !slices.Equal(bursts, want) {
			t.Errorf("bursts of %q, want %q", bursts, want)
		}
	}
	view(one, "agent:slow", audit.TicketOpened, 30)
	view(one, "agent:slow", audit.FileSeen, 120)
	view(one, "key:crm", audit.TicketOpened, 1000)
	view(one, "agent:quick", audit.UnclaimedOpened, 20)
	check()
	view(other, "agent:quick", audit.TicketOpened, 20)
	view(other, "agent:files", audit.FileSeen, 300)
	check("agent:files", "agent:quick")
	view(one, "agent:quick", audit.TicketOpened, 20)
	check() // it is the same burst
	if _, err := pool.Exec(t.Context(), "UPDATE view_bursts SET until_ms = now_ms() - 1 WHERE actor = 'agent:quick'"); err != nil {
		t.Fatal(err)
	}
	check("agent:quick") // a minute without a burst is over
}

// TestTrail_BurstsNotSilenced: what keeps an alert from being given cannot be written before there is a burst, nor for longer than a minute.
func TestTrail_BurstsNotSilenced(t *testing.T) {
	t.Parallel()
	_, pool := open(t, audit.Hooks{})
	see := func(actor string, tickets int) {
		t.Helper()
		if _, err := pool.Exec(t.Context(), "INSERT INTO audit (actor, action) SELECT $1, 'ticket_opened' FROM generate_series(1, $2::integer)", actor, tickets); err != nil {
			t.Fatal(err)
		}
	}
	silence := func(actor string, ms int) error {
		_, err := pool.Exec(t.Context(), `INSERT INTO view_bursts (actor, until_ms, found_by) SELECT $1, now_ms() + $2::integer, gen_random_uuid()
			ON CONFLICT (actor) DO UPDATE SET until_ms = excluded.until_ms`, actor, ms)
		return err
	}
	see("agent:slow", 30)
	see("agent:quick", 31)
	for _, c := range []struct {
		actor   string
		ms      int
		allowed bool
	}{{"agent:none", 60_000, false}, {"agent:slow", 60_000, false}, {"agent:quick", 90_000, false}, {"agent:quick", 50_000, true}, {"agent:quick", 90_000, false}} {
		if err := silence(c.actor, c.ms); (err == nil) != c.allowed {
			t.Errorf("%s for %d ms: %v, allowed is %v", c.actor, c.ms, err, c.allowed)
		}
	}
}

func TestTrail_ForgetClients(t *testing.T) {
	t.Parallel()
	trail, pool := open(t, audit.Hooks{})
	if _, err := pool.Exec(t.Context(), `INSERT INTO audit (actor, action, client, at_ms)
		SELECT 'cli', 'key_added', '192.0.2.1', now_ms() - days * 86400000::bigint FROM unnest(ARRAY[0, 31, 89, 91, 400]) AS days`); err != nil {
		t.Fatal(err)
	}
	if err := trail.ForgetClients(t.Context()); err != nil {
		t.Fatal(err)
	}
	var kept int
	if err := pool.QueryRow(t.Context(), "SELECT count(client) FROM audit").Scan(&kept); err != nil || kept != 3 {
		t.Errorf("%d addresses are kept (%v), want those of the last 90 days", kept, err)
	}
	for _, statement := range []string{
		"UPDATE audit SET client = NULL WHERE at_ms > now_ms() - 86400000", "UPDATE audit SET client = '192.0.2.2'",
		"UPDATE audit SET client = NULL, actor = 'agent:1'", "UPDATE audit SET count = 1", "DELETE FROM audit", "TRUNCATE audit",
	} {
		if _, err := pool.Exec(t.Context(), statement); err == nil || postgres.LogText(err) != "SQLSTATE 23000" {
			t.Errorf("%s: %v, want that it is refused", statement, err)
		}
	}
}
