package migrations_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"docket/db/migrations"
	"docket/internal/testkit/testdb"
)

func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func exec(t *testing.T, address, statements string) {
	t.Helper()
	if _, err := connect(t, address).Exec(t.Context(), statements); err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
}

// empty is the address of a database that has seen no migration.
func empty(t *testing.T) string {
	t.Helper()
	address := testdb.New(t).Primary
	exec(t, address, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
	return address
}

func TestUp_TenInstancesAtOnce(t *testing.T) {
	t.Parallel()
	address := empty(t)
	var instances errgroup.Group
	for range 10 {
		instances.Go(func() error { return migrations.Up(t.Context(), address) })
	}
	if err := instances.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := migrations.Check(t.Context(), address); err != nil {
		t.Error(err)
	}
	var twice int
	err := connect(t, address).QueryRow(t.Context(),
		"SELECT count(*) - count(DISTINCT version_id) FROM docket_migrations").Scan(&twice)
	if err != nil || twice != 0 {
		t.Errorf("%d migrations were applied twice (%v), want none", twice, err)
	}
}

func TestCheck_OlderSchema(t *testing.T) {
	t.Parallel()
	older := map[string]string{"none": empty(t), "all but the last": testdb.New(t).Primary}
	exec(t, older["all but the last"],
		"DELETE FROM docket_migrations WHERE version_id = (SELECT max(version_id) FROM docket_migrations)")
	for applied, address := range older {
		err := migrations.Check(t.Context(), address)
		if !errors.Is(err, migrations.ErrOld) {
			t.Fatalf("with %s of the migrations applied: got %v, want ErrOld", applied, err)
		}
		if !strings.Contains(err.Error(), "docket migrate up") {
			t.Errorf("%q does not say what to do", err)
		}
	}
}

func TestCheck_OnlyReads(t *testing.T) {
	t.Parallel()
	address := empty(t)
	if err := migrations.Check(t.Context(), address); !errors.Is(err, migrations.ErrOld) {
		t.Fatalf("got %v, want ErrOld", err)
	}
	var tables int
	err := connect(t, address).QueryRow(t.Context(),
		"SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace").Scan(&tables)
	if err != nil || tables != 0 {
		t.Errorf("Check left %d tables and indexes (%v), want none", tables, err)
	}
}

func TestCheck_NewerSchema(t *testing.T) {
	t.Parallel()
	address := testdb.New(t).Primary
	exec(t, address, "INSERT INTO docket_migrations (version_id, is_applied) VALUES (99999, true)")
	if err := migrations.Check(t.Context(), address); err != nil {
		t.Errorf("Check: %v", err)
	}
	if err := migrations.Up(t.Context(), address); err != nil {
		t.Errorf("Up: %v", err)
	}
}

func TestStatus_AppliedAndPending(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		address string
		applied bool
	}{{empty(t), false}, {testdb.New(t).Primary, true}} {
		all, err := migrations.Status(t.Context(), test.address)
		if err != nil || len(all) == 0 {
			t.Fatalf("got %d migrations (%v), want some", len(all), err)
		}
		first := all[0]
		if first.Version != 1 || first.Name != "00001_init.sql" || first.AppliedAt.IsZero() == test.applied {
			t.Errorf("the first migration is %+v, want version 1 with applied = %v", first, test.applied)
		}
	}
}
