package chaos_test

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/internal/pgdev"
	"docket/internal/testkit/testdb"
)

// TestStart_PrimaryAway starts docket serve while the primary cannot be reached: look-ups are answered by the replica, and
// everything works when the primary is back.
func TestStart_PrimaryAway(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]func(t *testing.T, r *rig) (back func()){
		"Down": func(t *testing.T, r *rig) func() {
			r.cluster.Halt(pgdev.Primary)
			return func() { r.resume(t, pgdev.Primary) }
		},
		"NoConnectionFree": func(t *testing.T, r *rig) func() {
			var all []*pgx.Conn
			for {
				conn, err := pgx.Connect(t.Context(), r.db.Primary)
				if err != nil {
					break
				}
				all = append(all, conn)
			}
			return func() {
				for _, conn := range all {
					_ = conn.Close(t.Context()) // the test is done with it either way
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := startDatabases(t, 1)
			replica := r.connect(t, r.db.Replica)
			for known := false; !known; { // the key, which the replica receives a moment after the primary
				if err := replica.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM api_keys)").Scan(&known); err != nil {
					t.Fatal(err)
				}
			}
			back := away(t, r)
			r.docket = startServer(t, r.db)
			c := newCaller(r.docket.url)
			if len(r.docket.warned) == 0 {
				t.Error("nothing was logged about it")
			}
			a, err := c.send("GET", "/api/v1/users/nobody/latest-ticket", "", "Authorization: Bearer "+r.key)
			if err != nil || a.status != 404 || a.header.Get("X-Consistency") != "degraded" {
				t.Errorf("a look-up: %d %s, %v; want 404, degraded", a.status, a.body, err)
			}
			if a, err := c.send("GET", "/readyz", ""); err != nil || a.status != 200 || !strings.Contains(a.body, `"mode":"read-only"`) {
				t.Errorf("/readyz: %d %s, %v; want 200 and read-only", a.status, a.body, err)
			}
			submit := func() answer {
				a, err := c.send("POST", "/api/v1/tickets", `{"user_id":"u","extra":`+personJSON+`}`, "Authorization: Bearer "+r.key,
					"Content-Type: application/json", "Idempotency-Key: one")
				if err != nil {
					t.Fatal(err)
				}
				return a
			}
			if a := submit(); a.status != 503 {
				t.Errorf("a write: %d %s, want 503", a.status, a.body)
			}
			back()
			for began := time.Now(); submit().status != 201; time.Sleep(100 * time.Millisecond) {
				if time.Since(began) > 10*time.Second {
					t.Fatal("no write within ten seconds after the primary is back")
				}
			}
		})
	}
}

// TestStart_NoDatabase starts docket serve while its only database is silent: it lives, and is not ready until that answers.
func TestStart_NoDatabase(t *testing.T) {
	t.Parallel()
	relay := testdb.NewRelay(t, testdb.New(t).Primary)
	relay.SetRule(func(testdb.Bytes) testdb.Action { return testdb.BlackHole })
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	cmd := newCommand(t, testdb.DB{Primary: relay.URL}, "serve", "--listen", address)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
	})
	c := newCaller(address)
	a, err := c.send("GET", "/healthz", "")
	for errors.Is(err, errNotListening) && t.Context().Err() == nil {
		a, err = c.send("GET", "/healthz", "")
	}
	if err != nil || a.status != 200 {
		t.Errorf("/healthz: %d, %v; want 200", a.status, err)
	}
	for path, want := range map[string]string{"/readyz": "starting", "/login": "unavailable", "/api/v1/tickets": "unavailable"} {
		if a, err := c.send("GET", path, ""); err != nil || a.status != 503 || a.header.Get("Retry-After") == "" || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d %s, %v; want 503 %s with Retry-After", path, a.status, a.body, err, want)
		}
	}
	relay.SetRule(nil)
	for ready := false; !ready; time.Sleep(50 * time.Millisecond) {
		a, err := c.send("GET", "/readyz", "")
		if err != nil {
			t.Fatal(err)
		}
		ready = a.status == 200
	}
}
