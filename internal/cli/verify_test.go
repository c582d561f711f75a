package cli_test

import (
	"errors"
	"os"
	"path/filepath"
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

func TestVerify_Bytes(t *testing.T) {
	t.Parallel()
	url, dir := testdb.New(t).Primary, t.TempDir()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), "INSERT INTO files (id, user_id, field, state, blob, media_type, size, sha256, uploaded_by) "+
		"VALUES (gen_random_uuid(), 'ann', 'photo', 'kept', 'abcd', 'image/jpeg', 1, sha256(''), 'user:ann')")
	if err != nil {
		t.Fatal(err)
	}
	verify := []string{"verify", "--database-url", url, "--files-url", "file://" + filepath.ToSlash(dir)}
	if code := cli.Run(t.Context(), verify, cli.Build{}); code != 1 {
		t.Errorf("a file without bytes: exit code %d, want 1", code)
	}
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "ab"), 0o700), os.WriteFile(filepath.Join(dir, "ab", "abcd"), []byte("x"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if code := cli.Run(t.Context(), verify, cli.Build{}); code != 0 {
		t.Errorf("a file with its bytes: exit code %d, want 0", code)
	}
}
