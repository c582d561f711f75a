package migrations_test

import (
	"testing"

	"docket/db/migrations"
)

// TestEventOrder_OldDatabase numbers what happened before there were numbers, but for what is older than 30 days. The previous release
// writes while the migration runs.
func TestEventOrder_OldDatabase(t *testing.T) {
	t.Parallel()
	address := empty(t)
	upTo(t, address, 67)
	exec(t, address, `
		INSERT INTO tickets (id, user_id, status, extra, created_at_ms, updated_at_ms, one_open)
		SELECT ('00000000-0000-7000-8000-00000000000' || name)::uuid, name, 'processing', '{}', now_ms() - ago, now_ms() - ago, false
		FROM (VALUES ('a', 40 * 86400000::bigint), ('b', 86400000), ('c', 86400000 * 2), ('d', 10)) AS t (name, ago);
		UPDATE tickets SET status = 'withdrawn', version = 2, updated_at_ms = now_ms() WHERE user_id = 'c';
		INSERT INTO erasures (user_id, actor, reason, had_account, tickets, files, at_ms) VALUES ('e', 'cli', 'request', false, 0, 0, now_ms() - 3600000)`)
	upTo(t, address, 68)
	exec(t, address, `INSERT INTO tickets (id, user_id, status, extra) VALUES ('00000000-0000-7000-8000-00000000000f', 'f', 'processing', '{}')`)
	if err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	var order string
	var marks int
	err := connect(t, address).QueryRow(t.Context(), `SELECT string_agg(what, ' ' ORDER BY seq), (SELECT count(*) FROM feed_marks) FROM (
		SELECT right(ticket_id::text, 1) || version AS what, seq FROM ticket_events WHERE seq IS NOT NULL UNION ALL SELECT user_id, seq FROM erasures) e`).Scan(&order, &marks)
	if err != nil {
		t.Fatal(err)
	}
	if want := "c1 b1 e d1 c2 f1"; order != want {
		t.Errorf("the order is %s, want %s", order, want)
	}
	if marks < 30*24 {
		t.Errorf("%d marks, want one an hour", marks)
	}
}
