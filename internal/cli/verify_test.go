package cli_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/cli"
	"docket/internal/testkit/testdb"
)

func TestVerify_ExitCode(t *testing.T) {
	t.Parallel()
	url := testdb.New(t).Primary
	verify := []string{"verify", "--database-url", url}
	if code := cli.Run(t.Context(), verify, cli.Build{}); code != 0 {
		t.Errorf("an empty database: exit code %d, want 0", code)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.Exec(t.Context(), "INSERT INTO tickets (id, user_id, status, extra) VALUES (gen_random_uuid(), 'ann', 'processing', '{}')")
	if err == nil {
		_, err = conn.Exec(t.Context(), "SET session_replication_role = replica; DELETE FROM ticket_events")
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if code := cli.Run(t.Context(), verify, cli.Build{}); code != 1 {
		t.Errorf("a ticket without its history: exit code %d, want 1", code)
	}
}
