package migrations_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/db/migrations"
)

// blockedDatabase has seen the first two migrations; a transaction that has read tickets does not end.
func blockedDatabase(t *testing.T) (address string, reader pgx.Tx) {
	t.Helper()
	address = empty(t)
	upTo(t, address, 2)
	conn := connect(t, address)
	reader, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reader.Rollback(context.WithoutCancel(t.Context())) }) // the test may have ended it
	if _, err := reader.Exec(t.Context(), "SELECT FROM tickets"); err != nil {
		t.Fatal(err)
	}
	return address, reader
}

func TestUp_BehindLongQueryNothingHalfDone(t *testing.T) {
	t.Parallel()
	address, reader := blockedDatabase(t)
	if err := migrations.UpWithTries(t.Context(), address, 1); !errors.Is(err, migrations.ErrLocked) {
		t.Fatalf("behind a query that does not end: %v, want ErrLocked", err)
	}
	all, err := migrations.Status(t.Context(), address)
	if err != nil || all[1].AppliedAt.IsZero() || !all[2].AppliedAt.IsZero() {
		t.Errorf("after it was given up: %+v, %v; want the first two", all, err)
	}
	if err := reader.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := migrations.UpWithTries(t.Context(), address, 1); err != nil {
		t.Errorf("again, with nobody in the way: %v", err)
	}
}

func TestUp_BehindLongQueryLetsOthersPass(t *testing.T) {
	t.Parallel()
	address, reader := blockedDatabase(t)
	done := make(chan error, 1)
	go func() { done <- migrations.Up(t.Context(), address) }()
	other := connect(t, address)
	for waits := false; !waits; {
		if err := other.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'tickets'::regclass)").Scan(&waits); err != nil {
			t.Fatal(err)
		}
	}
	exec(t, address, "SELECT FROM tickets") // behind the migration, which has to give up first
	if err := reader.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("after the query has ended: %v", err)
	}
	if err := migrations.Check(t.Context(), address); err != nil {
		t.Error(err)
	}
}
