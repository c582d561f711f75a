package cli_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/cli"
	"docket/internal/testkit/testdb"
)

// TestSearchRebuild_Twice indexes tickets that were submitted before there was a search, none that was erased, and all of them the
// same the second time.
func TestSearchRebuild_Twice(t *testing.T) {
	t.Parallel()
	url := testdb.New(t).Primary
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, statement := range []string{
		`INSERT INTO tickets (id, user_id, status, extra, created_at_ms, updated_at_ms) SELECT gen_random_uuid(), 'user' || n, 'processing',
			jsonb_build_object('full_name', 'Nguyễn ' || n, 'document_number', 'B ' || 1000 + n), 1000 * n, 1000 * n FROM generate_series(1, 1203) AS n`,
		"UPDATE tickets SET status = 'withdrawn', version = 2 WHERE user_id = 'user7'",
		"SELECT erase_user('user7', 'cli', 'asked')",
	} {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	rebuild := []string{"search", "rebuild", "--database-url", url, "--session-key", strings.Repeat("0f", 32), "--dir", t.TempDir()}
	for range 2 {
		if code := cli.Run(t.Context(), rebuild, cli.Build{}); code != 0 {
			t.Fatalf("exit code %d, want 0", code)
		}
		for query, want := range map[string]int{
			"true":                   1202,
			"words @@ '''0 ngu'':*'": 1202,
			"words @@ '''=b1042'''":  1,
			"words @@ '''=b1007'''":  0, // erased
		} {
			var got int
			if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM ticket_words WHERE "+query).Scan(&got); err != nil || got != want {
				t.Errorf("%s: %d tickets, %v; want %d", query, got, err, want)
			}
		}
	}
}
