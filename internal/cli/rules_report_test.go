package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/db/migrations"
	"docket/internal/testkit/testdb"
)

const reported = `name: r
title: R
time_zone: Asia/Ho_Chi_Minh
fields:
  - {name: amount, label: Amount, type: number}
reasons:
  - {code: much, label: Much, class: retry, text: Too much.}
`

// said adds tickets with what rules said of them: when each was submitted, who decided it and how.
const said = `WITH sent (id, at, by, status, rule, shadow, outcome) AS (SELECT v.id::uuid, extract(epoch FROM v.at::timestamptz) * 1000, v.by, v.status, v.rule, v.shadow, v.outcome FROM (VALUES
	('00000000-0000-7000-8000-000000000001', '2026-01-01 17:00+00',     'agent:a',    'approved', 'tried', true,  'approve'), -- the first moment of 2 January there
	('00000000-0000-7000-8000-000000000002', '2026-01-01 16:59:59+00',  'agent:a',    'approved', 'early', true,  'approve'), -- and the one before
	('00000000-0000-7000-8000-000000000003', '2026-01-03 16:59:59+00',  'agent:a',    'approved', 'tried', true,  'reject'),  -- the last of 3 January
	('00000000-0000-7000-8000-000000000004', '2026-01-03 17:00+00',     'agent:a',    'approved', 'late',  true,  'approve'), -- and the one after
	('00000000-0000-7000-8000-000000000005', '2026-01-02 12:00+00',     'agent:a',    'rejected', 'tried', true,  'reject'),
	('00000000-0000-7000-8000-000000000006', '2026-01-02 12:00:01+00',  'rule:large', 'rejected', 'large', false, 'reject'),
	('00000000-0000-7000-8000-000000000007', '2026-01-02 12:00:02+00',  NULL,         'processing', 'tried', true, 'failed'),
	('00000000-0000-7000-8000-000000000008', '2026-01-02 12:00:03+00',  'key:import', 'approved', 'tried', true,  'reject')   -- no person disagrees
	) AS v (id, at, by, status, rule, shadow, outcome)
), kept AS (
	INSERT INTO tickets (id, user_id, status, version, extra, one_open, decided_by, decided_at_ms, reject_reason, reject_comment, created_at_ms, updated_at_ms)
	SELECT id, 'u' || right(id::text, 1), status, CASE WHEN by IS NULL THEN 1 ELSE 2 END, '{}', false, by, CASE WHEN by IS NOT NULL THEN at END,
		CASE status WHEN 'rejected' THEN 'much' END, CASE status WHEN 'rejected' THEN 'x' END, at, at FROM sent
)
INSERT INTO verdicts SELECT id, rule, 'hash', shadow, outcome, CASE outcome WHEN 'reject' THEN 'much' END, at, 'u' || right(id::text, 1) FROM sent`

func run(t *testing.T, url string, statements ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, statement := range statements {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

// reportOn returns a report on the rules of a database, for a form with the time zone of Vietnam, and a function that runs it.
func reportOn(t *testing.T, url, from, to string) (rulesReport, func() (string, error)) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "r.yaml")
	if err := os.WriteFile(file, []byte(reported), 0o600); err != nil {
		t.Fatal(err)
	}
	c := rulesReport{readOptions: readOptions{dirOptions: dirOptions{databaseOptions: databaseOptions{DatabaseURL: url}}}, formOptions: formOptions{Form: file}, timeRange: timeRange{From: from, To: to}}
	return c, func() (string, error) {
		var out bytes.Buffer
		err := c.Run(t.Context(), &out)
		return strings.Join(strings.Fields(out.String()), " "), err
	}
}

func TestRulesReport(t *testing.T) {
	t.Parallel()
	url := testdb.New(t).Primary
	run(t, url, "SET session_replication_role = replica", said)
	_, do := reportOn(t, url, "2026-01-02", "2026-01-03")
	words, err := do()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"large (live, hash): people decided no ticket that it decides the rule says people approved people rejected a rule decided an API key decided undecided reject 0 0 1 0 0 nothing 2 1 0 1 1 it decides 1 of 6 tickets, 16.7 %",
		"tried (shadow, hash): people agree in 2 of 3, 66.7 %", "live, it would decide",
		"approve 1 0 0 0 0 reject 1 1 0 1 0 nothing 0 0 1 0 0 failed 0 0 0 0 1",
		"People decided otherwise: 00000000-0000-7000-8000-000000000003 tried said reject approved by agent:a 2026-01-03T23:59:59+07:00",
	} {
		if !strings.Contains(words, want) {
			t.Errorf("the report lacks %q:\n%s", want, words)
		}
	}
	if strings.Contains(words, "key:import") {
		t.Errorf("a decision by an API key is listed as one by people:\n%s", words)
	}
	if strings.Contains(words, "early") || strings.Contains(words, "late") {
		t.Errorf("the report has tickets of other days:\n%s", words)
	}
}

func TestRulesReport_NoRules(t *testing.T) {
	t.Parallel()
	url := testdb.New(t).Primary
	run(t, url, "SET session_replication_role = replica", said)
	for from, to := range map[string]string{"2025-01-01": "2025-12-31", "2026-01-03T17:00:01Z": ""} {
		_, do := reportOn(t, url, from, to)
		if words, err := do(); err != nil || words != "no rule said anything about the tickets of this time" {
			t.Errorf("from %s to %q: %q, %v", from, to, words, err)
		}
	}
}

func TestRulesReport_InvalidRange(t *testing.T) {
	t.Parallel()
	for _, wrong := range []struct{ from, to, says string }{
		{"yesterday", "", `--from: "yesterday" is neither a date`},
		{"", "", `--from: "" is neither a date`},
		{"2026-02-29", "", "--from"},
		{"2026-01-01", "2026-13-01", `--to: "2026-13-01" is neither a date`},
		{"2026-01-02", "2026-01-01", "ends before it begins"},
		{"2999-01-01", "", "ends before it begins: from 2999-01-01 to now"},
		{"2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "ends before it begins"},
	} {
		_, do := reportOn(t, "postgres://nobody@127.0.0.1:1/none", wrong.from, wrong.to)
		if _, err := do(); err == nil || !strings.Contains(err.Error(), wrong.says) {
			t.Errorf("from %q to %q: %v, want %q", wrong.from, wrong.to, err, wrong.says)
		}
	}
}

func TestRulesReport_Replica(t *testing.T) {
	t.Parallel()
	primary, replica := testdb.New(t).Primary, testdb.New(t).Primary
	run(t, replica, "SET session_replication_role = replica", said)
	c, _ := reportOn(t, primary, "2026-01-02", "2026-01-03")
	c.ReplicaURL = replica + ", " + primary
	var out bytes.Buffer
	if err := c.Run(t.Context(), &out); err != nil || !strings.Contains(out.String(), "tried (shadow") {
		t.Errorf("of two replicas: %v\n%s", err, out.String())
	}
	c.ReplicaURL = "postgres://one,two/docket"
	if err := c.Run(t.Context(), &out); err == nil || !strings.Contains(err.Error(), "REPLICA_URL") {
		t.Errorf("of an address with two servers: %v, want that it is refused", err)
	}
	run(t, replica, "DELETE FROM docket_migrations WHERE version_id > 1")
	c.ReplicaURL = replica
	if err := c.Run(t.Context(), &out); !errors.Is(err, migrations.ErrOld) {
		t.Errorf("of an older schema: %v, want ErrOld", err)
	}
}

func TestRulesReport_Dir(t *testing.T) {
	t.Parallel()
	url := testdb.New(t).Primary
	run(t, url, "SET session_replication_role = replica", said)
	c, _ := reportOn(t, "", "2026-01-02", "2026-01-03")
	c.Dir = t.TempDir()
	var out bytes.Buffer
	if err := c.Run(t.Context(), &out); err == nil || !strings.Contains(err.Error(), "docket dev has never run in "+c.Dir) {
		t.Errorf("of a folder without docket dev: %v", err)
	}
	env := devEnv{"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
	file := filepath.Join(c.Dir, envFile)
	if err := env.writeFile(file); err != nil {
		t.Fatal(err)
	}
	if err := c.Run(t.Context(), &out); err == nil || !strings.Contains(err.Error(), "must be running") {
		t.Errorf("of a docket dev that has stopped: %v", err)
	}
	env["REPLICA_URL"] = url
	if err := env.writeFile(file); err != nil {
		t.Fatal(err)
	}
	if err := c.Run(t.Context(), &out); err != nil || !strings.Contains(out.String(), "tried (shadow") {
		t.Errorf("of the replica of docket dev: %v\n%s", err, out.String())
	}
}
