package chaos_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/db/migrations"
	"docket/internal/consistency"
	"docket/internal/pgdev"
	"docket/internal/testkit/testdb"
)

// rig is a database with a replica, and an instance that one test may break.
type rig struct {
	cluster *pgdev.Cluster // nil: it is shared, and nothing may break it
	db      testdb.DB
	key     string
	docket  *process
	relay   *testdb.Relay // between docket and the primary; nil: docket connects directly
}

// newRig starts an instance that connects to its databases directly.
func newRig(t *testing.T) *rig {
	t.Helper()
	r := startDatabases(t, 1)
	r.docket = startServer(t, r.db)
	return r
}

// newRigWithRelay starts an instance that connects to its primary through a relay.
func newRigWithRelay(t *testing.T) *rig {
	t.Helper()
	r := startDatabases(t, 1)
	r.relay = testdb.NewRelay(t, r.db.Primary)
	r.docket = startServer(t, testdb.DB{Primary: r.relay.URL, Replica: r.db.Replica})
	return r
}

// startDatabases starts a primary and replicas, with a key for a load.
func startDatabases(t *testing.T, replicas int) *rig {
	t.Helper()
	cluster, dir, err := testdb.Start(t.Context(), replicas)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
		if err := pgdev.Remove(dir); err != nil {
			t.Error(err)
		}
	})
	r := &rig{cluster: cluster, db: testdb.DB{Primary: cluster.Primary(pgdev.Database), Replica: strings.Join(cluster.Replicas(pgdev.Database), ",")}}
	if err := migrations.Up(t.Context(), r.db.Primary); err != nil {
		t.Fatal(err)
	}
	r.addKey(t)
	return r
}

// newSharedRig is a database of the cluster that all tests share, for tests that break only instances and connections to them.
func newSharedRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{db: testdb.NewWithReplica(t)}
	r.addKey(t)
	return r
}

// addKey adds a key with the scopes that a load needs.
func (r *rig) addKey(t *testing.T) {
	t.Helper()
	out, err := newCommand(t, r.db, "key", "add", "load", "--scope", "latest:read", "--scope", "tickets:read", "--scope", "tickets:write", "--scope", "decisions:write", "--scope", "events:read").Output()
	if err != nil {
		t.Fatalf("key add: %v", err)
	}
	r.key = strings.TrimSpace(string(out))
}

func (r *rig) connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) }) // its server may have died
	return conn
}

// primaryProcesses returns the ids of the primary's own process, first, and of its children.
func (r *rig) primaryProcesses(t *testing.T) []int {
	t.Helper()
	return r.serverProcesses(t, r.db.Primary)
}

// serverProcesses returns the ids of a database server's own process, first, and of its children.
func (r *rig) serverProcesses(t *testing.T, url string) (all []int) {
	t.Helper()
	conn := r.connect(t, url)
	var pid string
	if err := conn.QueryRow(t.Context(), `SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)`).Scan(&pid); err != nil {
		t.Fatal(err)
	}
	children, err := os.ReadFile("/proc/" + pid + "/task/" + pid + "/children")
	if err != nil {
		t.Skipf("cannot list the processes of the server: %v", err)
	}
	for _, text := range append([]string{pid}, strings.Fields(string(children))...) {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, n)
	}
	return all
}

func (r *rig) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	for _, pid := range r.primaryProcesses(t) {
		_ = syscall.Kill(pid, s) // a connection may have ended just now
	}
}

// resume starts a node again. A killed one may hold its shared memory for a moment, so this tries for 30 seconds.
func (r *rig) resume(t *testing.T, which pgdev.Node) {
	t.Helper()
	var err error
	for until := time.Now().Add(30 * time.Second); time.Now().Before(until); {
		if err = r.cluster.Resume(t.Context(), which); err == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal(err)
}

// checkNothingLost fails unless every acknowledged ticket and approval is in the database, none twice, and the invariant holds.
func (r *rig) checkNothingLost(t *testing.T, l *load) {
	t.Helper()
	conn := r.connect(t, r.db.Primary)
	var made, approved int
	var whole bool
	err := conn.QueryRow(t.Context(), `SELECT
		(SELECT count(*) FROM tickets WHERE id = ANY($1::uuid[])),
		(SELECT count(*) FROM tickets WHERE id = ANY($2::uuid[]) AND status = 'approved'),
		(`+consistency.Invariant+`)`, l.made, l.approved).Scan(&made, &approved, &whole)
	if err != nil {
		t.Fatal(err)
	}
	if made != len(l.made) || approved != len(l.approved) || !whole {
		t.Errorf("of %d tickets %d are stored, of %d approvals %d; the invariant holds: %t",
			len(l.made), made, len(l.approved), approved, whole)
	}
	var twice string
	err = conn.QueryRow(t.Context(), `SELECT coalesce(string_agg(user_id, ' '), '') FROM
		(SELECT user_id FROM tickets GROUP BY user_id HAVING count(*) > 1) AS more`).Scan(&twice)
	if err != nil || twice != "" {
		t.Errorf("submitted once and stored twice: %s, %v", twice, err)
	}
}

// verify runs docket verify, which checks the history of every ticket.
func (r *rig) verify(t *testing.T) {
	t.Helper()
	if out, err := newCommand(t, r.db, "verify").CombinedOutput(); err != nil {
		t.Errorf("docket verify: %v: %s", err, out)
	}
}

func (r *rig) replicas() []string { return r.cluster.Replicas(pgdev.Database) }

// runAll runs commands concurrently and fails unless all succeed.
func runAll(t *testing.T, all []*exec.Cmd) {
	t.Helper()
	said := make(chan error)
	for _, cmd := range all {
		go func() {
			out, err := cmd.CombinedOutput()
			if err != nil {
				err = fmt.Errorf("%w: %s", err, out)
			}
			said <- err
		}()
	}
	for range all {
		if err := <-said; err != nil {
			t.Error(err)
		}
	}
}
