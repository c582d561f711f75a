package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/progress"
)

// deskTables is what agents leave at the desk: of every hundred open tickets the oldest is snoozed, the next two are handed over to an
// agent and to a team; of few open tickets more, so that lists of few tickets fill a page, too. Every agent has skipped the tickets after
// these, and some decisions are pending.
const deskTables = `
	TRUNCATE placements, claims, opinions, pending_decisions, team_members;
	INSERT INTO team_members (team, account_id) SELECT 'vip', id FROM accounts WHERE email ~ '^agent[0-9]@';
	CREATE TEMP TABLE waits ON COMMIT DROP AS
	SELECT user_id, id, created_at_ms, row_number() OVER (ORDER BY created_at_ms, id) AS n, count(*) OVER () AS open,
	  (SELECT greatest(count(*) / 100, least(count(*) / 4, 51)) FROM tickets WHERE status = 'processing') AS part FROM tickets WHERE status = 'processing';
	INSERT INTO placements (user_id, ticket_id, snoozed_until_ms, reason, placed_by, submitted_ms)
	SELECT user_id, id, now_ms() + 30 * 86400000::bigint, 'x', 'agent:x', created_at_ms FROM waits WHERE n <= part;
	INSERT INTO placements (user_id, ticket_id, account_id, placed_by, submitted_ms)
	SELECT w.user_id, w.id, ('0199c1ee-0000-7000-8000-' || lpad((w.n % 32)::text, 12, '0'))::uuid, 'agent:x', created_at_ms FROM waits w WHERE n > part AND n <= 2 * part;
	INSERT INTO placements (user_id, ticket_id, team, placed_by, submitted_ms) SELECT user_id, id, 'vip', 'agent:x', created_at_ms FROM waits WHERE n > 2 * part AND n <= 3 * part;
	INSERT INTO ticket_notes (id, user_id, ticket_id, kind, actor, until_ms)
	SELECT gen_random_uuid(), w.user_id, w.id, 'skipped', 'agent:' || a.id, now_ms() + 86400000 FROM (SELECT user_id, id FROM waits WHERE n > 3 * part ORDER BY n LIMIT 5) w, accounts a;
	INSERT INTO pending_decisions (user_id, ticket_id, version, status, decided_by, note, due_at_ms)
	SELECT user_id, id, 1, 'approved', 'agent:0199c1ee-0000-7000-8000-000000000001', '', now_ms() + 86400000 FROM waits WHERE n > open / 2 ORDER BY n LIMIT 20;
	INSERT INTO opinions (user_id, ticket_id, ordinal, given_by, verdict)
	SELECT user_id, id, 1, 'agent:0199c1ee-0000-7000-8000-000000000002', 'approved' FROM waits WHERE n > open / 2 ORDER BY n DESC LIMIT 20;
	ANALYZE placements, claims, opinions, pending_decisions, ticket_notes, team_members, accounts`

const deskAccounts = `
	INSERT INTO accounts (id, email, role, password_hash)
	SELECT ('0199c1ee-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'agent' || n || '@example.com', 'agent', 'x' FROM generate_series(0, $1) AS n
	ON CONFLICT DO NOTHING`

// fillDesk adds agents and what they leave at the desk.
func fillDesk(ctx context.Context, tx pgx.Tx, agents int) error {
	if _, err := tx.Exec(ctx, deskAccounts, max(agents, agentsAtLeast-1)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, deskTables)
	return err
}

// countAll counts for the numbers what was filled, a day at a time, as docket would do over its first hours.
func countAll(ctx context.Context, tx pgx.Tx, until time.Time) error {
	bar := progress.New("numbers", days+1)
	defer bar.End()
	today := until.UnixMilli() - until.UnixMilli()%dayMS
	for day := today - days*dayMS; day <= today; day += dayMS {
		if _, err := tx.Exec(ctx, "SELECT rollup_count($1, $1::bigint + 86400000), rollup_add_up($1)", day); err != nil {
			return fmt.Errorf("count a day: %w", err)
		}
		bar.Add(1)
	}
	if err := db.New().RollupWaitingCount(ctx, tx, until.UnixMilli()-4*dayMS); err != nil {
		return fmt.Errorf("count what waits: %w", err)
	}
	_, err := tx.Exec(ctx, "UPDATE rollup_state SET settled_ms = $1", until.UnixMilli()-until.UnixMilli()%(30*60*1000)-2*60*60*1000)
	return err
}
