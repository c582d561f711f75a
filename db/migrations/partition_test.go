package migrations_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"docket/db/migrations"
)

// whatIsKept are names of what tables have, however they are stored.
const whatIsKept = `SELECT string_agg(name, E'\n' ORDER BY name) FROM (
	SELECT 'key ' || c.conrelid::regclass || ' ' || c.conname AS name FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
	WHERE c.contype IN ('p', 'u', 'f', 'c') AND NOT t.relispartition AND c.conparentid = 0 AND t.relnamespace = current_schema()::regnamespace
	UNION ALL
	SELECT 'index ' || i.indexrelid::regclass FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
	WHERE NOT t.relispartition AND t.relnamespace = current_schema()::regnamespace
	UNION ALL
	SELECT 'trigger ' || g.tgname || ' ' || t.relname FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
	WHERE NOT g.tgisinternal AND NOT t.relispartition AND g.tgname NOT LIKE 'tickets\_submissions%'
	UNION ALL
	SELECT 'grant ' || t.relname || ' ' || a.privilege_type || ' ' || a.grantee::regrole FROM pg_class t CROSS JOIN LATERAL aclexplode(t.relacl) a
	WHERE a.grantee NOT IN (0, t.relowner) AND t.relkind IN ('r', 'p', 'v') AND t.relnamespace = current_schema()::regnamespace
	UNION ALL
	SELECT 'column ' || a.attrelid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || coalesce(a.attacl::text, '')
	FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
	WHERE a.attnum > 0 AND NOT a.attisdropped AND t.relkind IN ('r', 'p', 'v') AND NOT t.relispartition AND t.relnamespace = current_schema()::regnamespace
) AS kept`

// TestPartition_KeepsRowsAndRules: tables of a database with tickets in it are partitioned; rows and all that refuses wrong ones stay.
func TestPartition_KeepsRowsAndRules(t *testing.T) {
	t.Parallel()
	address := empty(t)
	if err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	exec(t, address, `INSERT INTO tickets (id, user_id, status, extra, submitted_by, submission_key)
		SELECT gen_random_uuid(), 'u' || i, 'processing', '{"n": 1}', 'key:k', i::text FROM generate_series(1, 100) i`)
	exec(t, address, "GRANT SELECT, INSERT ON tickets TO pg_monitor; GRANT UPDATE (team) ON approval_steps TO pg_monitor; GRANT SELECT ON audit_all TO pg_monitor")
	before := readText(t, address, whatIsKept)
	for range 2 { // the second time there is nothing to do
		if err := migrations.Partition(t.Context(), address, 4); err != nil {
			t.Fatal(err)
		}
	}
	if parts, err := migrations.Partitions(t.Context(), address); err != nil || parts != 4 {
		t.Errorf("%d partitions (%v), want 4", parts, err)
	}
	if err := migrations.Partition(t.Context(), address, 8); !errors.Is(err, migrations.ErrPartitioned) {
		t.Errorf("other partitions: %v, want ErrPartitioned", err)
	}
	compareKept(t, readText(t, address, whatIsKept), before)
	if n := countRows(t, address, "SELECT count(*) FROM tickets t JOIN ticket_events e ON e.ticket_id = t.id AND e.user_id = t.user_id JOIN submissions s ON s.ticket_id = t.id"); n != 100 {
		t.Errorf("%d tickets with their event and key, want 100", n)
	}
	if n := countRows(t, address, `WITH added AS (INSERT INTO tickets (id, user_id, status, extra, submitted_by, submission_key)
		SELECT gen_random_uuid(), 'v' || i, 'processing', '{}', 'key:k', i::text FROM generate_series(100, 101) i ON CONFLICT DO NOTHING RETURNING 1)
		SELECT count(*) FROM added`); n != 1 {
		t.Errorf("%d tickets were added of two, want 1: the other's key was used for another user", n)
	}
}

// TestPartition_UnusedKey: a key whose ticket was not added, because the user had an open one, can be used again.
func TestPartition_UnusedKey(t *testing.T) {
	t.Parallel()
	address := empty(t)
	if err := errors.Join(migrations.Up(t.Context(), address), migrations.Partition(t.Context(), address, 2)); err != nil {
		t.Fatal(err)
	}
	const add = "INSERT INTO tickets (id, user_id, status, extra, one_open, submitted_by, submission_key) VALUES (gen_random_uuid(), 'u', 'processing', '{}', true, 'key:k', "
	exec(t, address, add+"'1'); "+add+"'2') ON CONFLICT DO NOTHING; UPDATE tickets SET status = 'withdrawn', version = 2, updated_at_ms = created_at_ms; "+add+"'2')")
	if n := countRows(t, address, "SELECT count(*) FROM tickets t JOIN submissions s ON s.ticket_id = t.id AND s.submission_key = t.submission_key"); n != 2 {
		t.Errorf("%d tickets with their key, want 2", n)
	}
}

// TestPartition_ArchivedKey: a ticket that is archived leaves no submission key, which an erasure would not find.
func TestPartition_ArchivedKey(t *testing.T) {
	t.Parallel()
	address := empty(t)
	if err := errors.Join(migrations.Up(t.Context(), address), migrations.Partition(t.Context(), address, 2)); err != nil {
		t.Fatal(err)
	}
	exec(t, address, `INSERT INTO tickets (id, user_id, status, extra, submitted_by, submission_key)
		SELECT gen_random_uuid(), 'u' || i, 'processing', '{}', 'key:k', i::text FROM generate_series(1, 2) i`)
	exec(t, address, "SET docket.archiving = on; DELETE FROM ticket_events WHERE user_id = 'u1'; DELETE FROM tickets WHERE user_id = 'u1'")
	if n := countRows(t, address, "SELECT count(*) FROM submissions s JOIN tickets t ON t.id = s.ticket_id WHERE 1 = (SELECT count(*) FROM submissions)"); n != 1 {
		t.Errorf("%d keys are those of tickets that are there, want one and no other", n)
	}
}

// TestUp_CountsBeforeGrants: whoever counted what happened does so on, before the role is granted more.
func TestUp_CountsBeforeGrants(t *testing.T) {
	t.Parallel()
	address := empty(t)
	upTo(t, address, 95)
	exec(t, address, "GRANT SELECT, INSERT ON rollup_slots TO pg_monitor")
	if err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	if n := countRows(t, address, "SELECT count(*) FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p WHERE has_table_privilege('pg_monitor', 'rollup_sums', p)"); n != 4 {
		t.Errorf("%d rights to what is added up, want 4", n)
	}
}

// TestUp_Partitioned: every migration since there are partitions runs on a partitioned database, too.
func TestUp_Partitioned(t *testing.T) {
	t.Parallel()
	const first = 111 // the first that can be partitioned
	address := empty(t)
	upTo(t, address, first)
	if err := errors.Join(migrations.Partition(t.Context(), address, 2), migrations.Up(t.Context(), address), migrations.Check(t.Context(), address)); err != nil {
		t.Fatal(err)
	}
	whole := empty(t)
	upTo(t, whole, first)
	if err := migrations.Up(t.Context(), whole); err != nil {
		t.Fatal(err)
	}
	compareKept(t, readText(t, address, whatIsKept), readText(t, whole, whatIsKept))
}

func compareKept(t *testing.T, got, want string) {
	t.Helper()
	has, wants := strings.Split(got, "\n"), strings.Split(want, "\n")
	for _, name := range wants {
		if !slices.Contains(has, name) {
			t.Errorf("partitioned tables lack the %s", name)
		}
	}
	for _, name := range has {
		if !slices.Contains(wants, name) {
			t.Errorf("partitioned tables have the %s in addition", name)
		}
	}
}

func readText(t *testing.T, address, query string) (text string) {
	t.Helper()
	if err := connect(t, address).QueryRow(t.Context(), query).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}
