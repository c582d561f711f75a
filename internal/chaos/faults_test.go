package chaos_test

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/internal/pgdev"
	"docket/internal/testkit/testdb"
)

const (
	promptly = 4 * time.Second  // what an answer may take while a database is away: two seconds, and as long for a busy machine
	finally  = 16 * time.Second // what any answer may take: a request's time, and as long for a busy machine
)

// TestWhatBreaks breaks one thing after the other under load. Each must leave everything acknowledged in its place.
func TestWhatBreaks(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, fault := range []struct {
		name   string
		within time.Duration
		breaks func(t *testing.T, r *rig, l *load)
		spares []string // what goes on as if nothing were
	}{
		{"the LISTEN connection is cut again and again", promptly, deafen, []string{"read", "submit", "decide"}},
		{"the replica dies and comes back", promptly, loseReplica, []string{"read", "submit", "decide"}},
		{"the primary is killed and comes back", promptly, killPrimary, nil},
		{"the primary is away for a while", promptly, losePrimary, []string{"read"}},
		{"the primary stands still", finally, freezePrimary, nil},
		{"the primary takes no more connections", promptly, crowd, nil},
	} {
		t.Run(fault.name, func(t *testing.T) {
			l := begin(t, r.docket.url, r.key)
			l.goesOn(100)
			fault.breaks(t, r, l)
			l.goesOn(100)
			l.report(fault.within)
			l.unbroken(fault.spares...)
			r.kept(t, l)
		})
	}
}

func deafen(t *testing.T, r *rig, l *load) {
	conn := r.connect(t, r.db.Primary)
	last := 0
	for range 8 {
		pid := 0
		for pid == 0 || pid == last { // it comes back by itself
			err := conn.QueryRow(t.Context(), `SELECT coalesce(max(pid), 0) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'`).Scan(&pid)
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := conn.Exec(t.Context(), "SELECT pg_terminate_backend($1)", pid); err != nil {
			t.Fatal(err)
		}
		last = pid
	}
	l.goesOn(100)
}

func loseReplica(t *testing.T, r *rig, l *load) {
	r.cluster.Halt(pgdev.Replica)
	l.goesOn(200)
	r.resume(t, pgdev.Replica)
}

func killPrimary(t *testing.T, r *rig, l *load) {
	r.signal(t, syscall.SIGKILL)
	r.resume(t, pgdev.Primary)
}

func losePrimary(t *testing.T, r *rig, l *load) {
	r.cluster.Halt(pgdev.Primary)
	l.misses(200)
	r.resume(t, pgdev.Primary)
}

func freezePrimary(t *testing.T, r *rig, l *load) {
	all := r.processes(t)
	for _, pid := range all {
		_ = syscall.Kill(pid, syscall.SIGSTOP) // a connection may have ended just now
	}
	l.misses(20)
	for _, pid := range all {
		_ = syscall.Kill(pid, syscall.SIGCONT)
	}
}

func crowd(t *testing.T, r *rig, l *load) {
	var all []*pgx.Conn
	for {
		conn, err := pgx.Connect(t.Context(), r.db.Primary)
		if err != nil {
			break // there is no more room
		}
		all = append(all, conn)
	}
	l.goesOn(100) // by the connections that there are
	for _, conn := range all {
		_ = conn.Close(t.Context()) // it is given up either way
	}
}

func TestWithoutItsPrimaryDocketIsReadOnlyAndReady(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := newCaller(r.docket.url)
	asked := 0
	lookUp := func() answer { // of somebody else each time, as what is remembered would still do
		asked++
		a, err := c.ask("GET", fmt.Sprint("/api/v1/users/nobody-", asked, "/latest-ticket"), "", "Authorization: Bearer "+r.key)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := lookUp(); a.status != 404 {
		t.Fatalf("before: %d %s", a.status, a.body)
	}
	r.cluster.Halt(pgdev.Primary)
	a, err := c.ask("GET", "/readyz", "")
	if err != nil || a.status != 200 || !strings.Contains(a.body, `"mode":"read-only"`) {
		t.Errorf("/readyz: %d %s, %v; want 200 and read-only", a.status, a.body, err)
	}
	a, err = c.ask("POST", "/api/v1/tickets", `{"user_id":"u","extra":`+person+`}`, "Authorization: Bearer "+r.key,
		"Content-Type: application/json", "Idempotency-Key: one")
	if err != nil || a.status != 503 || !strings.Contains(a.body, `"unavailable"`) || a.took > promptly {
		t.Errorf("a write: %d %s after %v, %v; want 503 unavailable", a.status, a.body, a.took, err)
	}
	consistency := ""
	for began := time.Now(); time.Since(began) < 4*time.Second; { // longer than a key, or the replica, is trusted as it was
		a := lookUp()
		if a.status != 404 || a.took > promptly {
			t.Fatalf("a look-up: %d after %v: %s; want 404", a.status, a.took, a.body)
		}
		consistency = a.header.Get("X-Consistency")
	}
	if consistency != "degraded" {
		t.Errorf("in the end X-Consistency is %q, want degraded", consistency)
	}
	r.resume(t, pgdev.Primary)
	for a.status != 201 {
		a, err = c.ask("POST", "/api/v1/tickets", `{"user_id":"u","extra":`+person+`}`, "Authorization: Bearer "+r.key,
			"Content-Type: application/json", "Idempotency-Key: one")
		if err != nil || a.status != 503 && a.status != 201 {
			t.Fatalf("afterwards: %d %s, %v", a.status, a.body, err)
		}
	}
	if a, err = c.ask("GET", "/readyz", ""); err != nil || !strings.Contains(a.body, `"mode":"read-write"`) {
		t.Errorf("/readyz afterwards: %s, %v", a.body, err)
	}
}

func TestAKilledInstanceLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	l := begin(t, r.docket.url, r.key)
	l.goesOn(200)
	r.docket.kill()
	l.report(promptly)
	t.Logf("%d requests were cut off", l.cut)
	r.kept(t, l)
	next := serve(t, r.db)
	l = begin(t, next.url, r.key)
	l.goesOn(100)
	l.report(promptly)
	r.kept(t, l)
}

func TestTenMigrateAnEmptyDatabaseAtOnce(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	conn, err := pgx.Connect(t.Context(), db.Primary)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if _, err := conn.Exec(t.Context(), "DROP SCHEMA public CASCADE; CREATE SCHEMA public"); err != nil {
		t.Fatal(err)
	}
	var all []*exec.Cmd
	for range 10 {
		all = append(all, command(t, db, "migrate", "up"))
	}
	together(t, all)
	if t.Failed() {
		return
	}
	if a, err := newCaller(serve(t, db).url).ask("GET", "/readyz", ""); err != nil || a.status != 200 {
		t.Errorf("after that /readyz says %d, %v", a.status, err)
	}
}
