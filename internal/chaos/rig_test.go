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

// rig is a primary and a replica that a test may break, and a docket on them.
type rig struct {
	cluster *pgdev.Cluster
	db      testdb.DB
	key     string
	docket  *process
	way     *testdb.Relay // between docket and the primary; nil: there is nothing
}

// newRig runs a docket that talks to its databases directly.
func newRig(t *testing.T) *rig {
	t.Helper()
	r := databases(t)
	r.docket = serve(t, r.db)
	return r
}

// newRigApart runs a docket that reaches its primary by a network that a test may break.
func newRigApart(t *testing.T) *rig {
	t.Helper()
	r := databases(t)
	r.way = testdb.NewRelay(t, r.db.Primary)
	r.docket = serve(t, testdb.DB{Primary: r.way.URL, Replica: r.db.Replica})
	return r
}

// databases are the two without a docket, and a key to everything that a load does.
func databases(t *testing.T) *rig {
	t.Helper()
	cluster, dir, err := testdb.Start(t.Context(), 1)
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
	r := &rig{cluster: cluster, db: testdb.DB{Primary: cluster.Primary(pgdev.Database), Replica: cluster.Replica(pgdev.Database)}}
	if err := migrations.Up(t.Context(), r.db.Primary); err != nil {
		t.Fatal(err)
	}
	out, err := command(t, r.db, "key", "add", "load", "--scope", "latest:read", "--scope", "tickets:write", "--scope", "decisions:write").Output()
	if err != nil {
		t.Fatalf("key add: %v", err)
	}
	r.key = strings.TrimSpace(string(out))
	return r
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

// processes are the primary's own process, first, and those of its connections.
func (r *rig) processes(t *testing.T) (all []int) {
	t.Helper()
	conn := r.connect(t, r.db.Primary)
	var pid string
	if err := conn.QueryRow(t.Context(), `SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)`).Scan(&pid); err != nil {
		t.Fatal(err)
	}
	children, err := os.ReadFile("/proc/" + pid + "/task/" + pid + "/children")
	if err != nil {
		t.Skipf("this system does not tell which processes a server has: %v", err)
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
	for _, pid := range r.processes(t) {
		_ = syscall.Kill(pid, s) // a connection may have ended just now
	}
}

// resume runs a node again; one that was killed may hold its memory for a moment after its death.
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

// kept fails unless everything that was acknowledged is there, and the latest approvals are what the tickets say.
func (r *rig) kept(t *testing.T, l *load) {
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
		t.Errorf("of %d tickets %d are there, of %d approvals %d, and that every user has the right latest one is %t",
			len(l.made), made, len(l.approved), approved, whole)
	}
	var twice string
	err = conn.QueryRow(t.Context(), `SELECT coalesce(string_agg(user_id, ' '), '') FROM
		(SELECT user_id FROM tickets GROUP BY user_id HAVING count(*) > 1) AS more`).Scan(&twice)
	if err != nil || twice != "" {
		t.Errorf("kept twice: %s, %v", twice, err)
	}
}

// together runs commands at once and fails unless all end well.
func together(t *testing.T, all []*exec.Cmd) {
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
