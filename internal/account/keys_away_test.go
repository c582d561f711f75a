package account_test

import (
	"net"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/internal/account"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
)

// A primary that accepts connections and never answers is not waited for once it is known to be away.
func TestKeys_PrimaryAway(t *testing.T) {
	t.Parallel()
	connect := func(url string) *pgxpool.Pool {
		pool, err := postgres.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(pool.Close)
		return pool
	}
	replica := connect(testdb.New(t).Primary)
	secret, err := account.NewKeys(replica).Add(t.Context(), "program", []account.Scope{account.LatestRead})
	if err != nil {
		t.Fatal(err)
	}
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	primary := connect("postgres://nobody@" + silent.Addr().String() + "/none?sslmode=disable")
	for _, away := range []bool{true, false} {
		keys := account.NewKeys(primary).WithReplicas(func() []*pgxpool.Pool { return []*pgxpool.Pool{replica} }, func() bool { return away })
		began := time.Now()
		if _, err := keys.Check(t.Context(), secret); err != nil {
			t.Errorf("away %v: %v", away, err)
		}
		if waited := time.Since(began) >= time.Second; waited == away {
			t.Errorf("away %v: it took %v; the primary may take a second", away, time.Since(began))
		}
	}
}
