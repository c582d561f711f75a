package testdb_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

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

func execute(t *testing.T, conn *pgx.Conn, statement string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func countTickets(t *testing.T, conn *pgx.Conn) (n int) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM tickets").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

const insert = "INSERT INTO tickets (id, user_id, status, extra) VALUES (gen_random_uuid(), 'u-1', 'processing', '{}')"

func TestNew_Isolated(t *testing.T) {
	t.Parallel()
	mine, frozen := connect(t, testdb.New(t).Primary), connect(t, testdb.New(t).Primary)
	execute(t, mine, insert)
	if got := countTickets(t, mine); got != 1 {
		t.Errorf("the database that was written has %d tickets, want 1", got)
	}
	if got := countTickets(t, frozen); got != 0 {
		t.Errorf("the other database has %d tickets, want none", got)
	}
}

func TestNewWithReplica_ReadyAtOnce(t *testing.T) {
	t.Parallel()
	db := testdb.NewWithReplica(t)
	replica := connect(t, db.Replica)
	if got := countTickets(t, replica); got != 0 {
		t.Errorf("the replica of a new database has %d tickets, want none", got)
	}
	if _, err := replica.Exec(t.Context(), insert); err == nil {
		t.Error("the replica takes writes, want it to refuse")
	}
}

func TestNew_DroppedWithTest(t *testing.T) {
	t.Parallel()
	var address string
	t.Run("test", func(t *testing.T) {
		address = testdb.New(t).Primary
		connect(t, address)
	})
	if conn, err := pgx.Connect(t.Context(), address); err == nil {
		conn.Close(t.Context())
		t.Error("the database of a test that has ended is still there")
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		testdb.New(b)
	}
}

func BenchmarkNewWithReplica(b *testing.B) {
	for b.Loop() {
		testdb.NewWithReplica(b)
	}
}
