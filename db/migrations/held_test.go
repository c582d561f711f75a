package migrations_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"docket/db/migrations"
)

// early is a database that has seen the first two migrations, and a transaction in it that reads tickets and does not end.
func early(t *testing.T) (address string, reader pgx.Tx) {
	t.Helper()
	address = empty(t)
	conn := connect(t, address)
	db := stdlib.OpenDB(*conn.Config())
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations.Files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	reader, err = conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reader.Rollback(context.WithoutCancel(t.Context())) }) // the test may have ended it
	if _, err := reader.Exec(t.Context(), "SELECT FROM tickets"); err != nil {
		t.Fatal(err)
	}
	return address, reader
}

func TestAMigrationBehindALongQueryLeavesNothingHalfDone(t *testing.T) {
	t.Parallel()
	address, reader := early(t)
	if err := migrations.UpIn(t.Context(), address, 1); !errors.Is(err, migrations.ErrHeld) {
		t.Fatalf("behind a query that does not end: %v, want ErrHeld", err)
	}
	all, err := migrations.Status(t.Context(), address)
	if err != nil || all[1].AppliedAt.IsZero() || !all[2].AppliedAt.IsZero() {
		t.Errorf("after it was given up: %+v, %v; want the first two", all, err)
	}
	if err := reader.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := migrations.UpIn(t.Context(), address, 1); err != nil {
		t.Errorf("again, with nobody in the way: %v", err)
	}
}

func TestAMigrationBehindALongQueryLetsOthersPassAndTriesAgain(t *testing.T) {
	t.Parallel()
	address, reader := early(t)
	done := make(chan error, 1)
	go func() { done <- migrations.Up(t.Context(), address) }()
	other := connect(t, address)
	for waits := false; !waits; {
		if err := other.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'tickets'::regclass)").Scan(&waits); err != nil {
			t.Fatal(err)
		}
	}
	exec(t, address, "SELECT FROM tickets") // behind the migration; without its patience's end there would be no answer
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
