package migrations_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

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
	WHERE NOT g.tgisinternal AND NOT t.relispartition AND g.tgname NOT LIKE 'tickets\_submissions%' AND g.tgname NOT LIKE '%\_fill\_user'
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

// TestPartition_ChangesMeanwhile: rows that are added, changed and removed while the tables are copied, by a call that is ended and one that goes on, are
// in the partitions as they were last.
func TestPartition_ChangesMeanwhile(t *testing.T) {
	t.Parallel()
	address := empty(t)
	if err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	exec(t, address, `INSERT INTO tickets (id, user_id, status, extra, one_open, submitted_by, submission_key)
		SELECT gen_random_uuid(), 'u' || i, 'processing', '{"n": 1}', true, 'key:k', i::text FROM generate_series(1, 2500) i`)
	exec(t, address, `INSERT INTO drafts (user_id, submission_id, answers) SELECT 'u' || i, 's', '{}' FROM generate_series(1, 1500) i`)
	const add = `INSERT INTO tickets (id, user_id, status, extra, one_open, submitted_by, submission_key)
		SELECT gen_random_uuid(), user_id, 'processing', '{"n": 2}', true, 'key:k', user_id || '-%s' FROM tickets WHERE submission_key IN ('%[1]s', '24%[1]s') ON CONFLICT DO NOTHING`
	change := func(series string) {
		exec(t, address, "UPDATE tickets SET status = 'withdrawn', version = 2, updated_at_ms = created_at_ms WHERE submission_key IN ('"+series+"', '24"+series+"')")
		exec(t, address, fmt.Sprintf(add, series)+"; "+fmt.Sprintf(add, series)) // the second time the key is used
		exec(t, address, "DELETE FROM drafts WHERE user_id IN ('u"+series+"', 'u14"+series+"'); UPDATE drafts SET version = 2 WHERE user_id IN ('u"+series+"1', 'u13"+series+"')")
	}
	first, end := context.WithCancel(t.Context())
	err := migrations.PartitionWith(first, address, 3, func(step string) {
		if strings.HasPrefix(step, "copies tickets") { // a batch is copied
			change("11")
			end()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("a call that was ended: %v", err)
	}
	if percent, parts, err := migrations.ChangingOver(t.Context(), address); err != nil || percent < 1 || percent > 99 || parts != 3 {
		t.Errorf("%d %% in %d partitions, %v; want a part of it in 3", percent, parts, err)
	}
	change("22")
	var steps []string
	if err := migrations.PartitionWith(t.Context(), address, 3, func(step string) {
		steps = append(steps, step)
		if strings.HasPrefix(step, "compares") {
			change("33")
		}
	}); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(steps, "goes on where it was ended") {
		t.Errorf("steps of the second call: %q, want it to go on", steps)
	}
	if n := countRows(t, address, `SELECT count(*) FROM tickets t JOIN submissions s ON s.ticket_id = t.id AND s.submission_key = t.submission_key
		WHERE t.tableoid <> 'tickets'::regclass`); n != 2506 {
		t.Errorf("%d tickets with their keys in partitions, want 2506", n)
	}
	if n := countRows(t, address, "SELECT count(*) FROM tickets t WHERE version = (SELECT count(*) FROM ticket_events e WHERE e.user_id = t.user_id AND e.ticket_id = t.id)"); n != 2506 {
		t.Errorf("%d tickets with each of their events, want 2506", n)
	}
	if n := countRows(t, address, "SELECT 10000 * count(*) + sum(version - 1) FROM drafts"); n != 10000*1494+6 {
		t.Errorf("drafts: %d, want 1494 and 6 changed", n)
	}
	if left := countRows(t, address, "SELECT count(*) FROM pg_class WHERE relname LIKE '%divided%'") + countRows(t, address, "SELECT count(*) FROM pg_proc WHERE proname LIKE '%carry'"); left != 0 {
		t.Errorf("%d tables and functions are left over", left)
	}
}

// TestPartition_CopyDiffers: when a copy is not as its table, this call and the next one end before the partitions take the places of the tables.
func TestPartition_CopyDiffers(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]string{
		"another row":   "UPDATE drafts_divided SET version = 2 WHERE user_id = 'u1'",
		"a missing row": "DELETE FROM drafts_divided WHERE user_id = 'u1'",
	} {
		address := empty(t)
		if err := migrations.Up(t.Context(), address); err != nil {
			t.Fatal(err)
		}
		exec(t, address, "INSERT INTO drafts (user_id, submission_id, answers) SELECT 'u' || i, 's', '{}' FROM generate_series(1, 9) i")
		for range 2 {
			err := migrations.PartitionWith(t.Context(), address, 2, func(step string) {
				if strings.HasPrefix(step, "compares") {
					exec(t, address, damage)
				}
			})
			if !errors.Is(err, migrations.ErrDiffers) {
				t.Errorf("%s: %v, want ErrDiffers", name, err)
			}
		}
		if parts, err := migrations.Partitions(t.Context(), address); err != nil || parts != 0 {
			t.Errorf("%s: the tables have %d partitions (%v), want none", name, parts, err)
		}
	}
}

// TestPartition_OlderSnapshot: a transaction that began before the rows were copied would not see them; so it ends before the partitions are used.
func TestPartition_OlderSnapshot(t *testing.T) {
	t.Parallel()
	address := empty(t)
	if err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	older, err := connect(t, address).BeginTx(t.Context(), pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := older.Exec(t.Context(), "SELECT"); err != nil {
		t.Fatal(err)
	}
	var ended atomic.Bool
	waited := make(chan error, 1)
	if err := migrations.PartitionWith(t.Context(), address, 2, func(step string) {
		switch {
		case strings.HasPrefix(step, "waits"):
			go func() {
				ended.Store(true)
				waited <- older.Rollback(t.Context())
			}()
		case strings.HasPrefix(step, "compares") && !ended.Load():
			t.Error("it did not wait for a transaction that began before")
		}
	}); err != nil {
		t.Fatal(err)
	}
	if err := <-waited; err != nil {
		t.Error(err)
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
	exec(t, address, "UPDATE tickets SET status = 'withdrawn', version = 2, updated_at_ms = created_at_ms WHERE user_id = 'u1'; SELECT archive_move(array_agg(id)) FROM tickets WHERE user_id = 'u1'")
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

// TestUp_Partitioned: tables that were partitioned at the first schema that can be, or at the newest, have what those have that are not.
func TestUp_Partitioned(t *testing.T) {
	t.Parallel()
	const first = 111
	whole, older, newest := empty(t), empty(t), empty(t)
	for _, address := range []string{whole, older, newest} {
		upTo(t, address, first) // the table of the versions is named as then
	}
	if err := errors.Join(
		migrations.Up(t.Context(), whole),
		migrations.Partition(t.Context(), older, 2), migrations.Up(t.Context(), older), migrations.Check(t.Context(), older),
		migrations.Up(t.Context(), newest), migrations.Partition(t.Context(), newest, 2), migrations.Up(t.Context(), newest), migrations.Check(t.Context(), newest),
	); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{older, newest} {
		compareKept(t, readText(t, address, whatIsKept), readText(t, whole, whatIsKept))
	}
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
