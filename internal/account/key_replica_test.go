package account_test

import (
	"errors"
	"net"
	"testing"
	"time"

	"docket/internal/account"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

func connect(t *testing.T, url string) *postgres.Pool {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// replicaWithKey is a replica that has one key, and returns what its user shows.
func replicaWithKey(t *testing.T) (replicas func() []*postgres.Pool, secret string) {
	t.Helper()
	replica := connect(t, testdb.New(t).Primary)
	secret, err := account.NewKeys(replica).Add(t.Context(), "program", []account.Scope{account.LatestRead})
	if err != nil {
		t.Fatal(err)
	}
	return func() []*postgres.Pool { return []*postgres.Pool{replica} }, secret
}

func noReplicas() []*postgres.Pool { return nil }

// A primary that accepts connections and never answers is not waited for once that is known.
func TestKeys_PrimarySilent(t *testing.T) {
	t.Parallel()
	replicas, secret := replicaWithKey(t)
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	primary := connect(t, "postgres://nobody@"+silent.Addr().String()+"/none?sslmode=disable")
	for try := range 3 {
		began := time.Now()
		if _, err := account.NewKeys(primary).WithReplicas(replicas, noReplicas).Check(t.Context(), secret); err != nil {
			t.Errorf("try %d: %v", try, err)
		}
		if took := time.Since(began); try == 2 && took > 1500*time.Millisecond { // a connection may take two seconds
			t.Errorf("it took %v, although the primary is known to be silent", took)
		}
	}
}

// A key may have been revoked on a primary that is overloaded, which a replica that is not proven may not know.
func TestKeys_PrimaryOverloaded(t *testing.T) {
	t.Parallel()
	replicas, secret := replicaWithKey(t)
	primary := connect(t, testdb.New(t).Primary)
	for range primary.Config().MaxConns {
		conn, err := primary.Acquire(ticket.Urgent(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(conn.Release)
	}
	if key, err := account.NewKeys(primary).WithReplicas(replicas, replicas).Check(t.Context(), secret); err != nil || key.Name != "program" {
		t.Errorf("with a proven replica: %q, %v; want the key", key.Name, err)
	}
	if _, err := account.NewKeys(primary).WithReplicas(replicas, noReplicas).Check(t.Context(), secret); !errors.Is(err, ticket.ErrOverloaded) {
		t.Errorf("with a replica that is not proven: %v, want ErrOverloaded", err)
	}
}
