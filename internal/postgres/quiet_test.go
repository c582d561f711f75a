package postgres_test

import (
	"context"
	"errors"
	"testing"

	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// sleepOn returns a read that takes so long.
func sleepOn(pool *postgres.Pool, seconds float64) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := pool.Exec(ctx, "SELECT pg_sleep($1)", seconds)
		return err
	}
}

// A read is given up when nothing is heard of the server, and known to be silent a little later.
func TestReadUnless_SilentServer(t *testing.T) {
	t.Parallel()
	relay := testdb.NewRelay(t, testdb.New(t).Primary)
	pool := connect(t, relay.URL)
	if _, err := ask(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	relay.SetRule(func(testdb.Bytes) testdb.Action { return testdb.BlackHole })
	silent := make(chan error, 1)
	go func() { silent <- postgres.ReadUnlessSilent(t.Context(), pool, sleepOn(pool, 0)) }()
	if err := postgres.ReadUnlessQuiet(t.Context(), pool, sleepOn(pool, 0)); !postgres.IsQuiet(err) || !errors.Is(err, ticket.ErrUnavailable) {
		t.Errorf("%v, want that it is quiet", err)
	}
	if len(silent) > 0 {
		t.Error("the patient read was given up at the same time")
	}
	if err := <-silent; postgres.IsQuiet(err) || !errors.Is(err, ticket.ErrUnavailable) {
		t.Errorf("a patient read: %v, want ErrUnavailable", err)
	}
	if postgres.SilenceCheck(pool)() == nil {
		t.Error("it is not known to be silent")
	}
	tried := func(context.Context) error { t.Error("the next read is tried"); return nil }
	if err := postgres.ReadUnlessQuiet(t.Context(), pool, tried); !postgres.IsQuiet(err) {
		t.Errorf("the next read: %v; want that it is quiet", err)
	}
}

// A server that is slow for one read is not quiet, although nobody else asks it anything.
func TestReadUnless_SlowRead(t *testing.T) {
	t.Parallel()
	pool := connect(t, testdb.New(t).Primary)
	if err := postgres.ReadUnlessQuiet(t.Context(), pool, sleepOn(pool, 1)); err != nil {
		t.Errorf("a read of a second: %v", err)
	}
}
