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
	answerLimit  = 4 * time.Second  // an answer while a database is away: two seconds, doubled for a busy machine
	requestLimit = 16 * time.Second // any answer: the deadline of a request, doubled for a busy machine
)

// TestFaults breaks one thing after the other under load. None may lose anything acknowledged.
func TestFaults(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, fault := range []struct {
		name       string
		within     time.Duration
		breaks     func(t *testing.T, r *rig, l *load)
		unaffected []string // kinds of request that may not be refused
	}{
		{"ListenTerminated", answerLimit, terminateListenerRepeatedly, []string{"read", "submit", "decide"}},
		{"ReplicaRestarted", answerLimit, restartReplica, []string{"read", "submit", "decide"}},
		{"PrimaryKilled", answerLimit, killPrimary, nil},
		{"PrimaryDown", answerLimit, stopPrimary, []string{"read"}},
		{"PrimaryPaused", requestLimit, pausePrimary, nil},
		{"ConnectionsExhausted", answerLimit, useAllConnections, nil},
	} {
		t.Run(fault.name, func(t *testing.T) {
			l := startLoad(t, r.docket.url, r.key)
			l.waitForTraffic(100)
			fault.breaks(t, r, l)
			l.waitForTraffic(100)
			l.checkAnswers(fault.within)
			l.checkNoRefusals(fault.unaffected...)
			r.checkNothingLost(t, l)
		})
	}
}

func terminateListenerRepeatedly(t *testing.T, r *rig, l *load) {
	conn := r.connect(t, r.db.Primary)
	last := 0
	for range 8 {
		pid := 0
		for pid == 0 || pid == last { // docket connects again by itself
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
	l.waitForTraffic(100)
}

func restartReplica(t *testing.T, r *rig, l *load) {
	r.cluster.Halt(pgdev.Replica)
	l.waitForTraffic(200)
	r.resume(t, pgdev.Replica)
}

func killPrimary(t *testing.T, r *rig, l *load) {
	r.signal(t, syscall.SIGKILL)
	r.resume(t, pgdev.Primary)
}

func stopPrimary(t *testing.T, r *rig, l *load) {
	r.cluster.Halt(pgdev.Primary)
	l.waitForRefusals(200)
	r.resume(t, pgdev.Primary)
}

func pausePrimary(t *testing.T, r *rig, l *load) {
	all := r.primaryProcesses(t)
	for _, pid := range all {
		_ = syscall.Kill(pid, syscall.SIGSTOP) // a connection may have ended just now
	}
	l.waitForRefusals(20)
	for _, pid := range all {
		_ = syscall.Kill(pid, syscall.SIGCONT)
	}
}

func useAllConnections(t *testing.T, r *rig, l *load) {
	var all []*pgx.Conn
	for {
		conn, err := pgx.Connect(t.Context(), r.db.Primary)
		if err != nil {
			break // max_connections is reached
		}
		all = append(all, conn)
	}
	l.waitForTraffic(100) // over the connections that docket has already
	for _, conn := range all {
		_ = conn.Close(t.Context()) // the test is done with it either way
	}
}

func TestPrimary_Down(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := newCaller(r.docket.url)
	asked := 0
	lookUp := func() answer { // of another user each time: a cached one would be answered without a database
		asked++
		a, err := c.send("GET", fmt.Sprint("/api/v1/users/nobody-", asked, "/latest-ticket"), "", "Authorization: Bearer "+r.key)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := lookUp(); a.status != 404 {
		t.Fatalf("before: %d %s", a.status, a.body)
	}
	r.cluster.Halt(pgdev.Primary)
	a, err := c.send("GET", "/readyz", "")
	if err != nil || a.status != 200 || !strings.Contains(a.body, `"mode":"read-only"`) {
		t.Errorf("/readyz: %d %s, %v; want 200 and read-only", a.status, a.body, err)
	}
	a, err = c.send("POST", "/api/v1/tickets", `{"user_id":"u","extra":`+personJSON+`}`, "Authorization: Bearer "+r.key,
		"Content-Type: application/json", "Idempotency-Key: one")
	if err != nil || a.status != 503 || !strings.Contains(a.body, `"unavailable"`) || a.took > answerLimit {
		t.Errorf("a write: %d %s after %v, %v; want 503 unavailable", a.status, a.body, a.took, err)
	}
	consistency := ""
	for began := time.Now(); time.Since(began) < 4*time.Second; { // longer than a key and the state of the replica are cached
		a := lookUp()
		if a.status != 404 || a.took > answerLimit {
			t.Fatalf("a look-up: %d after %v: %s; want 404", a.status, a.took, a.body)
		}
		consistency = a.header.Get("X-Consistency")
	}
	if consistency != "degraded" {
		t.Errorf("in the end X-Consistency is %q, want degraded", consistency)
	}
	r.resume(t, pgdev.Primary)
	for a.status != 201 {
		a, err = c.send("POST", "/api/v1/tickets", `{"user_id":"u","extra":`+personJSON+`}`, "Authorization: Bearer "+r.key,
			"Content-Type: application/json", "Idempotency-Key: one")
		if err != nil || a.status != 503 && a.status != 201 {
			t.Fatalf("afterwards: %d %s, %v", a.status, a.body, err)
		}
	}
	if a, err = c.send("GET", "/readyz", ""); err != nil || !strings.Contains(a.body, `"mode":"read-write"`) {
		t.Errorf("/readyz afterwards: %s, %v", a.body, err)
	}
}

func TestInstance_Killed(t *testing.T) {
	t.Parallel()
	r := newSharedRig(t)
	r.docket = startServer(t, r.db)
	l := startLoad(t, r.docket.url, r.key)
	l.waitForTraffic(200)
	r.docket.kill()
	l.checkAnswers(answerLimit)
	t.Logf("%d requests were cut off", l.cut)
	r.checkNothingLost(t, l)
	next := startServer(t, r.db)
	l = startLoad(t, next.url, r.key)
	l.waitForTraffic(100)
	l.checkAnswers(answerLimit)
	r.checkNothingLost(t, l)
}

func TestMigrate_TenAtOnce(t *testing.T) {
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
		all = append(all, newCommand(t, db, "migrate", "up"))
	}
	runAll(t, all)
	if t.Failed() {
		return
	}
	if a, err := newCaller(startServer(t, db).url).send("GET", "/readyz", ""); err != nil || a.status != 200 {
		t.Errorf("after that /readyz says %d, %v", a.status, err)
	}
}
