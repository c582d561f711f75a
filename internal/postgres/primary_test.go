package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

func connectPrimary(t *testing.T, url string) *postgres.Pool {
	t.Helper()
	pool, err := postgres.ConnectPrimary(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// setReadOnly sets what new connections to a database may do. The connections that it has keep what they had.
func setReadOnly(t *testing.T, url, value string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	name := conn.Config().Database
	for _, statement := range []string{
		"SET default_transaction_read_only = off", "ALTER DATABASE " + name + " SET default_transaction_read_only = " + value,
	} {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

func write(t *testing.T, pool *postgres.Pool) error {
	t.Helper()
	_, err := pool.Exec(t.Context(), "CREATE TABLE IF NOT EXISTS written (n integer)")
	return err
}

func isUnavailable(err error) bool {
	return errors.Is(postgres.WrapError("try", err), ticket.ErrUnavailable)
}

func TestPrimary_ReadOnlyForAWhile(t *testing.T) {
	t.Parallel()
	url := testdb.New(t).Primary
	setReadOnly(t, url, "on")
	pool := connectPrimary(t, url)
	hold(t, t.Context(), pool)() // every connection is made while it is read-only
	if err := write(t, pool); !isUnavailable(err) {
		t.Errorf("a write meanwhile: %v, want ErrUnavailable", err)
	}
	if err := postgres.CheckWritable(t.Context(), pool); !isUnavailable(err) {
		t.Errorf("CheckWritable meanwhile: %v, want ErrUnavailable", err)
	}
	setReadOnly(t, url, "off")
	time.Sleep(200 * time.Millisecond) // longer than the pause until a connection is tried
	if err := postgres.CheckWritable(t.Context(), pool); err != nil {
		t.Errorf("CheckWritable after it: %v", err)
	}
	for range pool.Config().MaxConns {
		if err := write(t, pool); err != nil {
			t.Errorf("a write after it: %v", err)
		}
	}
}

// While a server goes on refusing writes, connections are kept: they can read.
func TestPrimary_ReadOnlyForLong(t *testing.T) {
	t.Parallel()
	url := testdb.New(t).Primary
	setReadOnly(t, url, "on")
	pool := connectPrimary(t, url)
	hold(t, t.Context(), pool)()
	before, began := pool.Stat().NewConnsCount(), time.Now()
	for time.Since(began) < time.Second {
		if err := write(t, pool); !isUnavailable(err) {
			t.Fatalf("a write: %v, want ErrUnavailable", err)
		}
	}
	if n := pool.Stat().NewConnsCount() - before; n > 0 {
		t.Errorf("%d connections of the pool were replaced, want none", n)
	}
}

// Connections that could write once cannot any more, as those to the old primary of a failover. New ones can.
func TestPrimary_OldConnectionsReadOnly(t *testing.T) {
	t.Parallel()
	pool := connectPrimary(t, testdb.New(t).Primary)
	stopWrites(t, pool)
	for range pool.Config().MaxConns {
		if err := write(t, pool); err != nil {
			t.Fatalf("a write: %v", err)
		}
	}
}

func TestPrimary_Standby(t *testing.T) {
	t.Parallel()
	standby := testdb.NewWithReplica(t).Replica
	pool := connectPrimary(t, standby)
	for range 20 {
		if _, err := ask(t.Context(), pool); !isUnavailable(err) || postgres.OutcomeUnknown(err) {
			t.Fatalf("%v, want ErrUnavailable", err)
		}
	}
	if _, err := ask(t.Context(), connect(t, standby)); err != nil {
		t.Errorf("as a replica: %v", err)
	}
}
