package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/testkit/testdb"
)

func TestErase(t *testing.T) {
	t.Parallel()
	db := testdb.New(t).Primary
	env := []string{"DATABASE_URL=" + db, "FILES_URL=file://" + t.TempDir()}
	conn, err := pgx.Connect(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), `INSERT INTO tickets (id, user_id, status, extra, submission_key, created_at_ms, updated_at_ms)
		SELECT gen_random_uuid(), 'u-1', 'processing', '{"name": "Ann"}', '1', ms, ms FROM now_ms() AS ms`); err != nil {
		t.Fatal(err)
	}
	run(t, docket(t, env, "erase", "--user", "u-2"), "").want(t, 1, `nothing is known of a user "u-2"`)
	run(t, docket(t, env, "hold", "add", "u-1", "--reason", "A lawsuit"), "").want(t, 0, "u-1 is on hold")
	run(t, docket(t, env, "hold", "list"), "").want(t, 0, "u-1", "A lawsuit", "cli")
	run(t, docket(t, env, "erase", "--user", "u-1"), "").want(t, 1, "a legal hold")
	run(t, docket(t, env, "hold", "remove", "u-1"), "").want(t, 0, "not on hold any more")
	run(t, docket(t, env, "hold", "remove", "u-1"), "").want(t, 1, "is not on hold")
	run(t, docket(t, env, "erase", "--user", "u-1"), "").want(t, 0, "u-1 is erased: tickets 1, files 0")
	run(t, docket(t, env, "erase", "--user", "u-1"), "").want(t, 0, "u-1 was erased on")
	run(t, docket(t, env, "verify"), "").want(t, 0, "no violations")
	if got := run(t, docket(t, env, "erase", "--user", "u-1", "--reason", "spite"), ""); got.code == 0 {
		t.Error("a reason that is none is accepted")
	}
}

func TestRetention(t *testing.T) {
	t.Parallel()
	db := testdb.New(t).Primary
	path := filepath.Join(t.TempDir(), "form.yaml")
	if err := os.WriteFile(path, []byte("name: short\ntitle: Short\nretain: {withdrawn: 7d, drafts: 1m}\nfields:\n  - {name: a, label: A}\nreasons: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"DATABASE_URL=" + db}
	conn, err := pgx.Connect(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), `INSERT INTO tickets (id, user_id, status, version, extra, created_at_ms, updated_at_ms)
		SELECT gen_random_uuid(), 'u-1', 'withdrawn', 2, '{"a": "Ann"}', ms, ms FROM (SELECT now_ms() - days * 86400000::bigint AS ms FROM generate_series(6, 9) days) d`); err != nil {
		t.Fatal(err)
	}
	run(t, docket(t, env, "retention", "report"), "").want(t, 0, "tickets are kept for ever")
	env = append(env, "FORM_FILE="+path)
	run(t, docket(t, env, "retention", "report"), "").want(t, 0, "DUE", "withdrawn", "  3  ")
	run(t, docket(t, env, "retention", "run"), "").want(t, 0, "ERASED", "withdrawn", "  3     ")
	run(t, docket(t, env, "retention", "report"), "").want(t, 0, "  0  ")
	run(t, docket(t, env, "audit", "--action", "retention_run"), "").want(t, 0, "cli", "retention_run", "  3 ")
	run(t, docket(t, env, "verify"), "").want(t, 0, "no violations")
}
