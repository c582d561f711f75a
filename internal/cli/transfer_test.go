package cli_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/cli"
	"docket/internal/testkit/testdb"
)

// TestImport_Command imports a file, lists what it refuses, and records both the import and the export of it.
func TestImport_Command(t *testing.T) {
	dir, url := t.TempDir(), testdb.New(t).Primary
	file, refused := filepath.Join(dir, "in.ndjson"), filepath.Join(dir, "refused.ndjson")
	const ticket = `{"ticket":{"id":"01a21803-e7d4-7c60-814b-1d8618bc7af3","user_id":"u-1","status":"approved","extra":{"full_name":"Ann"},` +
		`"created_at_ms":1000,"closed_at_ms":2000,"decided_by":"key:old"}}`
	if err := os.WriteFile(file, []byte(ticket+"\n{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) int {
		return cli.Run(t.Context(), append(args, "--database-url", url, "--dir", dir, "--files-url", "file://"+dir), cli.Build{})
	}
	importArgs := []string{"import", file, "--refused", refused, "--session-key", strings.Repeat("0f", 32)}
	if code := run(importArgs...); code != 1 {
		t.Errorf("with a line that is refused: exit code %d, want 1", code)
	}
	if text, err := os.ReadFile(refused); err != nil || !strings.Contains(string(text), `"line":2`) {
		t.Errorf("refused: %s, %v; want line 2", text, err)
	}
	out := captureStdout(t, func() {
		if code := run("export", "--user", "u-1"); code != 0 {
			t.Errorf("export: exit code %d", code)
		}
	})
	if !strings.Contains(out, `"user_id":"u-1","status":"approved","extra":{"full_name":"Ann"}`) {
		t.Errorf("exported: %s", out)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for query, want := range map[string]string{
		"SELECT string_agg(action || ' ' || object || ' ' || count, ', ' ORDER BY at_ms) FROM audit": "imported  1, exported user:u-1 1",
		"SELECT string_agg(words::text, ',') FROM ticket_words":                                      "'0 ann' '=18bc7af3'",
	} {
		var got string
		if err := conn.QueryRow(t.Context(), query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", query, got, err, want)
		}
	}
}

// captureStdout returns what do prints.
func captureStdout(t *testing.T, do func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = w
	defer func() { os.Stdout = stdout }()
	do()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
