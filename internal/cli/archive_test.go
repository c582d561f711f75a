package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/testkit/testdb"
)

func TestArchive(t *testing.T) {
	t.Parallel()
	driveArchive(t, testdb.New(t).Primary)
}

func TestCitus_ArchiveCommands(t *testing.T) { driveArchive(t, testdb.Citus(t).Primary) }

// driveArchive runs the commands of the archive on a database that is empty.
func driveArchive(t *testing.T, db string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "form.yaml")
	if err := os.WriteFile(path, []byte("name: short\ntitle: Short\narchive_after: 90d\nfields:\n  - {name: a, label: A}\nreasons: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"DATABASE_URL=" + db}
	conn, err := pgx.Connect(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), `INSERT INTO tickets (id, user_id, status, version, extra, created_at_ms, updated_at_ms)
		SELECT gen_random_uuid(), 'u-1', 'withdrawn', 2, '{"a": "Ann"}', ms, ms FROM (VALUES (1767225600000), (1767312000000)) d (ms)`); err != nil {
		t.Fatal(err)
	}
	run(t, docket(t, env, "archive", "run"), "").want(t, 0, `no "archive_after"`)
	env = append(env, "FORM_FILE="+path)
	for _, statement := range []string{"SELECT feed_state()", "DELETE FROM feed_marks", "INSERT INTO feed_marks (at_ms, seq) SELECT 1, max(seq) FROM ticket_events"} {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	run(t, docket(t, env, "archive", "run", "--dry-run"), "").want(t, 0, "1 tickets would be moved to the archive, of 2")
	run(t, docket(t, env, "archive", "run"), "").want(t, 0, "1 tickets moved to the archive, of 2")
	run(t, docket(t, env, "archive", "list"), "").want(t, 0, "MONTH", "2026-01", " 1 ")
	run(t, docket(t, env, "archive", "drop", "2025-01"), "").want(t, 1, `no month "2025-01"`)
	run(t, docket(t, env, "hold", "add", "u-1", "--reason", "A lawsuit"), "").want(t, 0, "on hold")
	run(t, docket(t, env, "archive", "drop", "2026-01", "--yes"), "").want(t, 1, "on legal hold")
	run(t, docket(t, env, "hold", "remove", "u-1"), "").want(t, 0)
	run(t, docket(t, env, "archive", "drop", "2026-01"), "").want(t, 1, "nothing was deleted")
	run(t, docket(t, env, "archive", "drop", "2026-01", "--yes"), "").want(t, 0, "deleted: 1 tickets, 0 files")
	run(t, docket(t, env, "audit"), "").want(t, 0, "archive_run", "archive_dropped", "archive:2026-01")
}
