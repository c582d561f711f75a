package app_test

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db/migrations"
	"docket/internal/cache"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/postgres"
	"docket/internal/report"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

// pooler runs PgBouncer in transaction mode before databases until the test ends, and returns their addresses there.
func pooler(t *testing.T, databases ...string) (through []string) {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		t.Skip("there is no pgbouncer on PATH; on Debian: apt-get install --no-install-recommends pgbouncer")
	}
	dir, port := t.TempDir(), freePort(t)
	config := "[databases]\n"
	for i, database := range databases {
		relay := testdb.NewRelay(t, database) // it listens on TCP, where a pooler that runs as another user reaches it
		u, err := url.Parse(relay.URL)
		if err != nil {
			t.Fatal(err)
		}
		config += fmt.Sprintf("d%d = host=127.0.0.1 port=%s dbname=%s user=%s\n", i, u.Port(), strings.TrimPrefix(u.Path, "/"), u.User.Username())
		through = append(through, fmt.Sprintf("postgres://anybody@127.0.0.1:%d/d%d?sslmode=disable", port, i))
	}
	config += fmt.Sprintf("[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\n"+
		"default_pool_size = 4\nserver_login_retry = 0.1\nserver_tls_sslmode = disable\n", port)
	file := filepath.Join(dir, "pgbouncer.ini")
	if err := errors.Join(os.WriteFile(file, []byte(config), 0o644), os.Chmod(dir, 0o755), os.Chmod(filepath.Dir(dir), 0o755)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, file)
	if os.Geteuid() == 0 { // pgbouncer refuses to run as root
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(said.String())
		}
	})
	for conn, err := pgx.Connect(t.Context(), through[0]); ; conn, err = pgx.Connect(t.Context(), through[0]) {
		if err == nil {
			_ = conn.Close(t.Context())
			return through
		}
		if t.Context().Err() != nil || cmd.Process.Signal(syscall.Signal(0)) != nil {
			t.Fatalf("pgbouncer does not answer: %v", err)
		}
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// TestPooler_Journey has more clients than the pooler has connections, so each statement may run on another one.
func TestPooler_Journey(t *testing.T) {
	t.Parallel()
	for parameter, loses := range map[string]bool{"": true, "&default_query_exec_mode=cache_describe": false} {
		t.Run(parameter, func(t *testing.T) {
			t.Parallel()
			db := testdb.NewWithReplica(t)
			through := pooler(t, db.Primary, db.Replica)
			s := testsite.Start(t, formfile.Default(), 2, testdb.DB{Primary: through[0] + parameter, Replica: through[1] + parameter, Direct: db.Primary})
			runJourney(t, s)
			pool := s.Instances[0].Primary
			if !postgres.UsesPooler(pool) || postgres.LosesStatements(pool) != loses {
				t.Errorf("a pooler is noticed: %t, that it loses statements: %t; want true and %t", postgres.UsesPooler(pool), postgres.LosesStatements(pool), loses)
			}
			if logged := strings.Contains(s.Log.String(), "does not keep prepared statements"); logged != loses {
				t.Errorf("a warning is logged: %t, want %t", logged, loses)
			}
		})
	}
}

// runJourney submits at one instance, decides there, and looks tickets up at the other.
func runJourney(t *testing.T, s *testsite.Site) {
	t.Helper()
	one, other := s.Instances[0].Desk, s.Instances[1].Desk
	for n := range 20 {
		user := fmt.Sprintf("user %d", n)
		sub := ticket.Submission{UserID: user, By: ticket.User(user), Key: uuid.NewString(), OneOpen: true, Extra: []byte(`{}`)}
		made, err := one.Submit(t.Context(), sub)
		for errors.Is(err, ticket.ErrOverloaded) { // all parts of an instance begin at once, and the pooler has four connections
			made, err = one.Submit(t.Context(), sub)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.Latest(t.Context(), user); !errors.Is(err, ticket.ErrNotFound) {
			t.Fatalf("before the decision: %v, want ErrNotFound", err)
		}
		remembered := time.Now()
		if _, err := one.Decide(t.Context(), made.ID, made.Version, ticket.Approve("agent:joe", "")); err != nil {
			t.Fatal(err)
		}
		for got, err := other.Latest(t.Context(), user); got.TicketID != made.ID; got, err = other.Latest(t.Context(), user) {
			if time.Since(remembered) > cache.Life/2 {
				t.Fatalf("the other instance has not heard of the approval: %s, %v", got.TicketID, err)
			}
		}
		if list, err := other.TicketsOf(t.Context(), user, ticket.Page{Limit: 5}); err != nil || len(list.Tickets) != 1 {
			t.Fatalf("the user's tickets: %d, %v", len(list.Tickets), err)
		}
	}
}

// TestPooler_ReadsTheSchemaVersion has more clients than the pooler has connections.
func TestPooler_ReadsTheSchemaVersion(t *testing.T) {
	t.Parallel()
	through := pooler(t, testdb.New(t).Primary)
	for range 10 {
		if err := migrations.Check(t.Context(), through[0]); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPooler_LimitsAfterCommands runs the long reports through a pooler: the next client of the connection must
// have the usual limits.
func TestPooler_LimitsAfterCommands(t *testing.T) {
	t.Parallel()
	through := pooler(t, testdb.New(t).Primary)
	pool, err := postgres.Connect(t.Context(), through[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	limits := func() (said string) {
		t.Helper()
		if err := pool.QueryRow(t.Context(), "SELECT current_setting('statement_timeout') || ' ' || current_setting('work_mem')").Scan(&said); err != nil {
			t.Fatal(err)
		}
		return said
	}
	before := limits()
	progress := report.Progress{Begin: func(string, int64) {}, Done: func(int64) {}}
	_, compared := report.Compare(t.Context(), pool, time.Unix(0, 0), time.Now())
	_, backtested := report.Backtest(t.Context(), pool, &form.Form{}, time.Unix(0, 0), time.Now(), progress)
	err = errors.Join(compared, backtested, report.Verify(t.Context(), pool, func(string) error { return nil }, progress))
	if err != nil {
		t.Fatal(err)
	}
	if after := limits(); after != before {
		t.Errorf("they leave the limits %q, want %q as before", after, before)
	}
}
