package chaos_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/internal/pgdev"
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
