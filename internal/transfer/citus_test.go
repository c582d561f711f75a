package transfer_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/db/migrations"
	"docket/internal/testkit/testdb"
)

// openWork is what an export does not hold: people, drafts, submission links, holds, webhooks, and what is open of tickets.
const openWork = `
INSERT INTO accounts (id, email, role, password_hash) VALUES ('00000000-0000-0000-0000-000000000001', 'agent@example.com', 'agent', 'x'), ('00000000-0000-0000-0000-000000000002', 'ann@example.com', 'customer', 'x');
INSERT INTO sessions (token_hash, account_id) SELECT sha256('session'), id FROM accounts WHERE role = 'agent';
INSERT INTO saved_views (id, account_id, name, query, shared) VALUES (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'mine', 'status=approved', true);
INSERT INTO outbox (account_id, kind) VALUES ('00000000-0000-0000-0000-000000000002', 'invited');
INSERT INTO api_keys (id, name, key_hash, scopes) VALUES ('00000000-0000-0000-0000-000000000003', 'shop', sha256('key'), '{links:write}');
INSERT INTO submission_links (id, token_hash, key_id, user_id, expires_at_ms) VALUES ('00000000-0000-0000-0000-000000000004', sha256('link'), '00000000-0000-0000-0000-000000000003', 'linked', now_ms() + 86400000);
INSERT INTO drafts (user_id, submission_id, answers, pages) VALUES ('drafts', 's', '{"full_name": ["An"]}', '{}'), ('link:00000000-0000-0000-0000-000000000004', 's', '{}', '{}');
INSERT INTO holds (user_id, actor, reason) VALUES ('revoked', 'cli', 'a lawsuit');
INSERT INTO webhooks (id, url, types, secret, added_by, position) VALUES ('00000000-0000-0000-0000-000000000005', 'https://example.com', '{ticket.approved}', 'secret', 'cli', 3);
INSERT INTO webhook_deliveries (webhook_id, event_id, position, type, order_key, state, ticket_id, answer)
	SELECT '00000000-0000-0000-0000-000000000005', gen_random_uuid(), row_number() OVER (), 'ticket.approved', id::text, CASE status WHEN 'approved' THEN 'waiting' ELSE 'delivered' END, id, 'ok'
	FROM tickets WHERE status IN ('approved', 'rejected');
INSERT INTO claims (ticket_id, account_id, until_ms, user_id) SELECT id, '00000000-0000-0000-0000-000000000001', now_ms() + 600000, user_id FROM tickets WHERE user_id = 'waits';
INSERT INTO placements (ticket_id, reason, placed_by, snoozed_until_ms, user_id) SELECT id, 'a holiday', 'agent:a', now_ms() + 600000, user_id FROM tickets WHERE user_id = 'reopened' AND status = 'processing';
INSERT INTO approval_steps (ticket_id, step, turn, name, team, user_id) SELECT id, 1, 1, 'legal', 'legal', user_id FROM tickets WHERE user_id = 'waits';
INSERT INTO second_looks (ticket_id, decided_by, status, decided_at_ms, user_id) SELECT id, decided_by, status, decided_at_ms, user_id FROM tickets WHERE user_id = 'again' AND status = 'approved';
`

// archiveOld archives what is closed and followed by another, as if a year had passed.
const archiveOld = `DO $do$
DECLARE
	clock text := pg_get_functiondef('now_ms()'::regprocedure);
BEGIN
	EXECUTE 'CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql AS $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint + 401 * 86400000::bigint $$';
	INSERT INTO feed_marks (at_ms, seq) SELECT now_ms() - 31 * 86400000::bigint, max(seq) FROM ticket_events;
	IF (SELECT moved FROM archive_tickets(now_ms(), 0, '00000000-0000-0000-0000-000000000000', 1000, false)) = 0 THEN
		RAISE 'nothing was archived';
	END IF;
	EXECUTE clock;
END $do$`

// TestCitus_LosesNothing: whatever a database has is there, and as it was, once its tables are distributed. DOCKET_TEST_CITUS_URL is of one that is empty.
func TestCitus_LosesNothing(t *testing.T) {
	address := testdb.CitusBefore(t).Primary
	if d, err := migrations.Distributed(t.Context(), address); err != nil || d.Shards > 0 {
		t.Fatalf("%d shards (%v), want none yet", d.Shards, err)
	}
	s := fillPlace(t, placeAt(t, address))
	s.exec(openWork)
	s.exec(archiveOld)
	s.checkWhole(t)
	before, exported := s.allRows(t), s.export(t, "")
	if err := migrations.Distribute(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	again := placeAt(t, address) // no plan of before
	again.blobs = s.blobs
	after := again.allRows(t)
	for table, want := range before {
		if table == "submissions" {
			want = again.rows(t, "SELECT submitted_by, submission_key, user_id, id FROM tickets")
		}
		if after[table] != want {
			t.Errorf("%s:\n%s\nwant\n%s", table, after[table], want)
		}
	}
	if got := again.export(t, ""); got != exported {
		t.Errorf("exported:\n%s\nwant\n%s", got, exported)
	}
	for _, table := range []string{"tickets", "archived_tickets", "drafts", "submission_links", "webhook_deliveries", "second_looks", "erasures"} {
		if after[table] == "" {
			t.Errorf("%s has no row: it is not tried", table)
		}
	}
	again.checkWhole(t)
}

// allRows is what every table has, as text.
func (p place) allRows(t *testing.T) map[string]string {
	t.Helper()
	rows, err := p.pool.Query(t.Context(), "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = current_schema()::regnamespace")
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, table := range tables {
		all[table] = p.rows(t, "SELECT * FROM "+table)
	}
	return all
}
