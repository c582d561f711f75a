package postgres_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

const slack = time.Second // what a busy machine may add to a bound; all that could take its place is longer

func connect(t *testing.T, url string) *postgres.Pool {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// hold takes connections until one is refused, and gives them back when the test ends or free is called.
func hold(t *testing.T, ctx context.Context, pool *postgres.Pool) (free func()) {
	t.Helper()
	var held []*pgxpool.Conn
	free = sync.OnceFunc(func() {
		for _, conn := range held {
			conn.Release()
		}
	})
	t.Cleanup(free)
	for {
		conn, err := pool.Acquire(ctx)
		if errors.Is(err, ticket.ErrOverloaded) {
			return free
		}
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, conn)
	}
}

// ask runs a statement and reports how long that took.
func ask(ctx context.Context, pool *postgres.Pool) (time.Duration, error) {
	began := time.Now()
	_, err := pool.Exec(ctx, "SELECT 1")
	return time.Since(began), err
}

func TestAdmission_PoolFull(t *testing.T) {
	t.Parallel()
	pool := connect(t, testdb.New(t).Primary)
	free := hold(t, t.Context(), pool)
	took, err := ask(t.Context(), pool)
	if !errors.Is(err, ticket.ErrOverloaded) || took > 500*time.Millisecond+slack {
		t.Errorf("ordinary work: %v after %v; want ErrOverloaded after half a second", err, took)
	}
	if _, err := ask(ticket.Urgent(t.Context()), pool); err != nil {
		t.Errorf("urgent work: %v; want an answer", err)
	}
	free()
	if _, err := ask(t.Context(), pool); err != nil {
		t.Errorf("after all were released: %v", err)
	}
}

func TestAdmission_UrgentPoolFull(t *testing.T) {
	t.Parallel()
	pool := connect(t, testdb.New(t).Primary)
	hold(t, ticket.Urgent(t.Context()), pool)
	if held := pool.Stat(); held.AcquiredConns() != held.MaxConns() {
		t.Fatalf("%d of %d connections are held", held.AcquiredConns(), held.MaxConns())
	}
	if took, err := ask(ticket.Urgent(t.Context()), pool); !errors.Is(err, ticket.ErrOverloaded) || took > 500*time.Millisecond+slack {
		t.Errorf("%v after %v; want ErrOverloaded after half a second", err, took)
	}
}

func TestAdmission_SlotsReleasedAfterFailures(t *testing.T) {
	t.Parallel()
	pool := connect(t, testdb.New(t).Primary)
	for range 100 {
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		_, _ = pool.Exec(gone, "SELECT 1")             // left before it began
		_, _ = pool.Exec(t.Context(), "SELECT broken") // refused by the server
		soon, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		_, _ = pool.Exec(soon, "SELECT pg_sleep(1)") // left in the middle, which ends the connection
		cancel()
	}
	if _, err := ask(t.Context(), pool); err != nil {
		t.Errorf("after 300 failures: %v", err)
	}
}

func TestAdmission_SilentServer(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // connections are made and nothing is said
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	pool := connect(t, "postgres://nobody@"+silent.Addr().String()+"/none?sslmode=disable")
	took, err := ask(t.Context(), pool)
	if !errors.Is(postgres.WrapError("ask", err), ticket.ErrUnavailable) || errors.Is(err, ticket.ErrOverloaded) || took > 2*time.Second+slack {
		t.Errorf("%v after %v; want ErrUnavailable after two seconds", err, took)
	}
}

func TestWrapError_ServerStates(t *testing.T) {
	t.Parallel()
	pool := connect(t, testdb.New(t).Primary)
	for _, statement := range []string{
		"SELECT pg_sleep(3)", // statement_timeout
		"DO $$ BEGIN RAISE EXCEPTION SQLSTATE '55P03'; END $$",
		"DO $$ BEGIN RAISE EXCEPTION SQLSTATE '40P01'; END $$",
	} {
		_, err := pool.Exec(t.Context(), statement)
		if wrapped := postgres.WrapError("try", err); !errors.Is(wrapped, ticket.ErrOverloaded) || errors.Is(wrapped, ticket.ErrUnavailable) {
			t.Errorf("%s: %v, want ErrOverloaded", statement, wrapped)
		}
	}
	for _, state := range []string{"53100", "53300", "57P01", "57P02", "57P03", "25006", "40003", "58030"} {
		_, err := pool.Exec(t.Context(), "DO $$ BEGIN RAISE EXCEPTION SQLSTATE '"+state+"'; END $$")
		if wrapped := postgres.WrapError("try", err); !errors.Is(wrapped, ticket.ErrUnavailable) {
			t.Errorf("%s: %v, want ErrUnavailable", state, wrapped)
		}
	}
}

func TestConnect_ConnectionCheck(t *testing.T) {
	t.Parallel()
	var every string
	if err := connect(t, testdb.New(t).Primary).QueryRow(t.Context(), "SHOW client_connection_check_interval").Scan(&every); err != nil || every != "2s" {
		t.Errorf("it looks every %q, %v; want 2s", every, err)
	}
}

func TestConnect_MaxConns(t *testing.T) {
	t.Parallel()
	db := testdb.New(t).Primary
	for parameter, want := range map[string]int32{"": 16, "&pool_max_conns=5": 5} {
		if got := connect(t, db+parameter).Config().MaxConns; got != want {
			t.Errorf("%q: a pool of %d, want %d", parameter, got, want)
		}
	}
}
