package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/testkit/testdb"
)

const backtested = `name: b
title: B
fields:
  - {name: amount, label: Amount, type: number}
reasons:
  - {code: much, label: Much, class: retry, text: Too much.}
rules:
  - {name: large, when: amount >= 2000, decide: reject, reason: much}
  - {name: second, when: history.rejected == 1, decide: approve}
`

// 3,500 tickets are several pages; of 1,000 users each has up to four, one after the other.
func TestRulesBacktest_EveryTicketOnce(t *testing.T) {
	t.Parallel()
	url := testdb.New(t).Primary
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), `INSERT INTO tickets (id, user_id, status, version, extra, one_open, decided_by, decided_at_ms, reject_reason, reject_comment, created_at_ms, updated_at_ms)
		SELECT gen_random_uuid(), 'u' || n % 1000, 'rejected', 2, jsonb_build_object('amount', n), false, 'agent:a', at + 1, 'much', 'x', at, at + 1
		FROM generate_series(0, 3499) n, LATERAL (SELECT 1767225600000 + n / 7 * 10 AS at) a`); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "b.yaml")
	if err := os.WriteFile(file, []byte(backtested), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	c := rulesBacktest{File: file, readOptions: readOptions{dirOptions: dirOptions{databaseOptions: databaseOptions{DatabaseURL: url}}}, timeRange: timeRange{From: "2026-01-01", To: "2026-01-01"}}
	if err := c.Run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	words := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{
		"people agree in 1500 of 1500, 100.0 %", "reject 0 1500 0 0 0", "nothing 0 2000 0 0 0", // large
		"people agree in 0 of 1000, 0.0 %", "approve 0 1000 0 0 0", "nothing 0 2500 0 0 0", // second
		"second said approve",
	} {
		if !strings.Contains(words, want) {
			t.Errorf("the report lacks %q:\n%.1500s", want, out.String())
		}
	}
}
