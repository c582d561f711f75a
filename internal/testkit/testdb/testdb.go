// Package testdb gives every test a database of its own, cloned from a migrated template, on a real primary and replica.
package testdb

import (
	"context"
	"crypto/rand"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// DB is the addresses of one test's database.
type DB struct {
	Primary string
	Direct  string // the primary without a pooler; empty: Primary
	Replica string // empty unless the test asked for one
}

// New makes a database that ends with the test.
func New(t testing.TB) DB {
	t.Helper()
	n, name := cloneTemplate(t)
	return DB{Primary: withDatabase(n.primary, name)}
}

// NewWithReplica makes a database that ends with the test, and waits until the replica has it too.
func NewWithReplica(t testing.TB) DB {
	t.Helper()
	n, name := cloneTemplate(t)
	db := DB{Primary: withDatabase(n.primary, name), Replica: withDatabase(n.replica, name)}
	for {
		conn, err := pgx.Connect(t.Context(), db.Replica)
		if err == nil {
			conn.Close(t.Context())
			return db
		}
		select {
		case <-t.Context().Done():
			t.Fatalf("the replica does not have the database %s: %v", name, err)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func cloneTemplate(t testing.TB) (n clusterInfo, name string) {
	t.Helper()
	n, err := sharedCluster()
	if err != nil {
		t.Fatal(err)
	}
	name = "test_" + strings.ToLower(rand.Text())
	execute(t.Context(), t, n.primary, "CREATE DATABASE "+name+" TEMPLATE "+n.template+" STRATEGY FILE_COPY")
	t.Cleanup(func() {
		execute(context.WithoutCancel(t.Context()), t, n.primary, "DROP DATABASE "+name+" WITH (FORCE)")
	})
	return n, name
}

func execute(ctx context.Context, t testing.TB, primary, statement string) {
	t.Helper()
	conn, err := pgx.Connect(ctx, primary)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// withDatabase is the address of another database on the same node.
func withDatabase(address, database string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address // pgx will say what is wrong with it
	}
	u.Path = "/" + database
	return u.String()
}
