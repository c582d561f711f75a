package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
)

// insertOne has each way in which a pool sends a write. Each inserts a row.
var insertOne = map[string]func(ctx context.Context, pool *postgres.Pool) error{
	"Exec": func(ctx context.Context, pool *postgres.Pool) error {
		_, err := pool.Exec(ctx, "INSERT INTO written VALUES (1)")
		return err
	},
	"QueryRow": func(ctx context.Context, pool *postgres.Pool) error {
		return pool.QueryRow(ctx, "INSERT INTO written VALUES (1) RETURNING n").Scan(new(int))
	},
	"Query": func(ctx context.Context, pool *postgres.Pool) error {
		rows, err := pool.Query(ctx, "INSERT INTO written VALUES (1) RETURNING n")
		if err != nil {
			return err
		}
		numbers, err := pgx.CollectRows(rows, pgx.RowTo[int])
		if err == nil && len(numbers) != 1 {
			err = errors.New("not one row was returned")
		}
		return err
	},
	"Query without a row": func(ctx context.Context, pool *postgres.Pool) error {
		rows, err := pool.Query(ctx, "INSERT INTO written VALUES (1)")
		if err != nil {
			return err
		}
		rows.Close()
		return rows.Err()
	},
	"RunWrite": func(ctx context.Context, pool *postgres.Pool) error {
		return postgres.RunWrite(ctx, pool, func(conn *pgx.Conn) error {
			_, err := conn.Exec(ctx, "INSERT INTO written VALUES (1)")
			return err
		})
	},
	"RunWrite with a batch": func(ctx context.Context, pool *postgres.Pool) error {
		return postgres.RunWrite(ctx, pool, func(conn *pgx.Conn) error {
			batch := &pgx.Batch{}
			batch.Queue("SELECT 1")
			batch.Queue("INSERT INTO written VALUES (1)")
			return conn.SendBatch(ctx, batch).Close()
		})
	},
	"Transact": func(ctx context.Context, pool *postgres.Pool) error {
		return postgres.Transact(ctx, pool, func(tx pgx.Tx) error {
			if err := tx.QueryRow(ctx, "SELECT 1").Scan(new(int)); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "INSERT INTO written VALUES (1)")
			return err
		})
	},
}

// onEachConn calls do with each connection that an ordinary request can get, all of them taken at a time.
func onEachConn(t *testing.T, pool *postgres.Pool, do func(conn *pgxpool.Conn)) {
	t.Helper()
	hold(t, t.Context(), pool)() // all are made
	var all []*pgxpool.Conn
	for range pool.Stat().IdleConns() {
		conn, err := pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, conn)
	}
	for _, conn := range all {
		do(conn)
		conn.Release()
	}
}

// stopWrites makes the connections that a pool has read-only, as those to the old primary of a failover behind a pooler.
func stopWrites(t *testing.T, pool *postgres.Pool) {
	t.Helper()
	onEachConn(t, pool, func(conn *pgxpool.Conn) {
		if _, err := conn.Exec(t.Context(), "SET default_transaction_read_only = on"); err != nil {
			t.Error(err)
		}
	})
}

// endConnections ends the connections that a pool has on the server, as its restart does.
func endConnections(t *testing.T, pool *postgres.Pool) {
	t.Helper()
	var pids []uint32
	onEachConn(t, pool, func(conn *pgxpool.Conn) { pids = append(pids, conn.Conn().PgConn().PID()) })
	server, err := pgx.Connect(t.Context(), pool.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close(context.WithoutCancel(t.Context()))
	for _, pid := range pids {
		if _, err := server.Exec(t.Context(), "SELECT pg_terminate_backend($1, 5000)", pid); err != nil {
			t.Fatal(err)
		}
	}
}

func countWritten(t *testing.T, pool *postgres.Pool) (n int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM written").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestPool_FirstWriteAfterChange writes in each way after a change of the primary: the connections of before have ended or cannot
// write. The first write is done, once.
func TestPool_FirstWriteAfterChange(t *testing.T) {
	t.Parallel()
	changes := map[string]func(*testing.T, *postgres.Pool){"cannot write": stopWrites, "ended": endConnections}
	for change, begin := range changes {
		for kind, insert := range insertOne {
			t.Run(change+"/"+kind, func(t *testing.T) {
				t.Parallel()
				pool := connectPrimary(t, testdb.New(t).Primary)
				if err := write(t, pool); err != nil { // makes the table
					t.Fatal(err)
				}
				begin(t, pool)
				if err := insert(t.Context(), pool); err != nil {
					t.Errorf("the first write: %v", err)
				}
				if n := countWritten(t, pool); n != 1 {
					t.Errorf("%d rows were written, want 1", n)
				}
			})
		}
	}
}

// TestPool_ConcurrentWritesAfterChange writes while new connections take long to be made: all writes have been refused before
// it is known that a new connection can write.
func TestPool_ConcurrentWritesAfterChange(t *testing.T) {
	t.Parallel()
	relay := testdb.NewRelay(t, testdb.New(t).Primary)
	pool := connectPrimary(t, relay.URL)
	if err := write(t, pool); err != nil {
		t.Fatal(err)
	}
	stopWrites(t, pool)
	relay.SetRoundTrip(40 * time.Millisecond) // of new connections
	var all errgroup.Group
	for range 20 {
		all.Go(func() error { return insertOne["QueryRow"](t.Context(), pool) })
	}
	if err := all.Wait(); err != nil {
		t.Error(err)
	}
	if n := countWritten(t, pool); n != 20 {
		t.Errorf("%d rows were written, want 20", n)
	}
}

// TestPool_CutBeforeCommit cuts the connection of a transaction before its commit: it is done again.
func TestPool_CutBeforeCommit(t *testing.T) {
	t.Parallel()
	relay := testdb.NewRelay(t, testdb.New(t).Primary)
	pool := connectPrimary(t, relay.URL)
	if err := write(t, pool); err != nil {
		t.Fatal(err)
	}
	cut := false
	relay.SetRule(func(b testdb.Bytes) testdb.Action {
		if !cut && b.ToServer && b.Has("INSERT INTO written") {
			cut = true
			return testdb.Cut
		}
		return testdb.Pass
	})
	if err := insertOne["Transact"](t.Context(), pool); err != nil {
		t.Error(err)
	}
	if n := countWritten(t, pool); n != 1 {
		t.Errorf("%d rows were written, want 1", n)
	}
}

// TestPool_CutDuringWrite cuts the connection after a single statement was sent: it may have been done, so it is not sent again.
func TestPool_CutDuringWrite(t *testing.T) {
	t.Parallel()
	relay := testdb.NewRelay(t, testdb.New(t).Primary)
	pool := connectPrimary(t, relay.URL)
	if err := write(t, pool); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"Exec", "QueryRow", "Query", "RunWrite"} {
		relay.SetRule(nil)
		if err := insertOne[kind](t.Context(), pool); err != nil { // the statement is prepared
			t.Fatal(err)
		}
		before, sent := countWritten(t, pool), 0
		relay.SetRule(func(b testdb.Bytes) testdb.Action {
			if !b.ToServer && b.Has("INSERT 0 1") {
				sent++
				return testdb.Cut
			}
			return testdb.Pass
		})
		if err := insertOne[kind](t.Context(), pool); !postgres.MaybeCommitted(err) {
			t.Errorf("%s: %v, want an unknown outcome", kind, err)
		}
		relay.SetRule(nil)
		if n := countWritten(t, pool); n != before+1 || sent != 1 {
			t.Errorf("%s: %d rows were written by %d statements, want one by one", kind, n-before, sent)
		}
	}
}
