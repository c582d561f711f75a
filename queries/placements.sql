-- name: PlacementSnooze :one
-- PlacementSnooze takes an open ticket out of the queue until a time, and lets go of it. To whom it is handed over stays. No
-- row: it is closed, the agent's own, held by somebody else, or the time is not in the future.
WITH open AS (
  SELECT t.id FROM tickets t
  WHERE t.id = @ticket_id AND t.status = 'processing' AND t.user_id <> text(@account_id::uuid) AND @until_ms::bigint > now_ms()
    AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.ticket_id = t.id AND c.account_id <> @account_id AND c.until_ms > now_ms())
  FOR UPDATE
), released AS (
  DELETE FROM claims USING open WHERE claims.ticket_id = open.id
), placed AS (
  INSERT INTO placements (ticket_id, snoozed_until_ms, reason, placed_by)
  SELECT open.id, @until_ms::bigint, @reason, 'agent:' || text(@account_id::uuid) FROM open
  ON CONFLICT (ticket_id) DO UPDATE
  SET snoozed_until_ms = excluded.snoozed_until_ms, reason = excluded.reason, placed_by = excluded.placed_by, at_ms = now_ms()
)
INSERT INTO ticket_notes (id, ticket_id, kind, actor, text, until_ms)
SELECT @id, open.id, 'snoozed', 'agent:' || text(@account_id::uuid), @reason, @until_ms::bigint FROM open
ON CONFLICT (id) DO NOTHING
RETURNING ticket_id;

-- name: PlacementWake :one
-- PlacementWake puts a snoozed ticket back into the queue. No row: it is not snoozed.
WITH asleep AS (
  SELECT p.ticket_id, p.account_id IS NULL AND p.team IS NULL AS alone FROM placements p
  WHERE p.ticket_id = @ticket_id AND p.snoozed_until_ms > now_ms()
  FOR UPDATE
), removed AS (
  DELETE FROM placements USING asleep WHERE placements.ticket_id = asleep.ticket_id AND asleep.alone
), changed AS (
  UPDATE placements SET snoozed_until_ms = NULL, reason = '' FROM asleep WHERE placements.ticket_id = asleep.ticket_id AND NOT asleep.alone
)
INSERT INTO ticket_notes (id, ticket_id, kind, actor)
SELECT @id, asleep.ticket_id, 'woken', 'agent:' || text(@account_id::uuid) FROM asleep
ON CONFLICT (id) DO NOTHING
RETURNING ticket_id;

-- name: PlacementHandOver :one
-- PlacementHandOver gives an open ticket to an agent or a team, ends a snooze and the claim on it. No row: it is closed, the
-- agent's or the receiver's own, or held by somebody else.
WITH open AS (
  SELECT t.id FROM tickets t
  WHERE t.id = @ticket_id AND t.status = 'processing' AND t.user_id <> text(@account_id::uuid)
    AND t.user_id <> coalesce(text(sqlc.narg('to_account')::uuid), '')
    AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.ticket_id = t.id AND c.account_id <> @account_id AND c.until_ms > now_ms())
  FOR UPDATE
), released AS (
  DELETE FROM claims USING open WHERE claims.ticket_id = open.id
), placed AS (
  INSERT INTO placements (ticket_id, account_id, team, placed_by)
  SELECT open.id, sqlc.narg('to_account')::uuid, sqlc.narg('to_team')::text, 'agent:' || text(@account_id::uuid) FROM open
  ON CONFLICT (ticket_id) DO UPDATE
  SET account_id = excluded.account_id, team = excluded.team, snoozed_until_ms = NULL, reason = '', placed_by = excluded.placed_by, at_ms = now_ms()
)
INSERT INTO ticket_notes (id, ticket_id, kind, actor, target)
SELECT @id, open.id, 'handed_over', 'agent:' || text(@account_id::uuid), @target::text FROM open
ON CONFLICT (id) DO NOTHING
RETURNING ticket_id;

-- name: PlacementEnd :one
-- PlacementEnd puts an open ticket back where everybody is offered it, and lets go of it. No row: it is closed, the agent's own, or
-- held by somebody else.
WITH open AS (
  SELECT t.id FROM tickets t
  WHERE t.id = @ticket_id AND t.status = 'processing' AND t.user_id <> text(@account_id::uuid)
    AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.ticket_id = t.id AND c.account_id <> @account_id AND c.until_ms > now_ms())
  FOR UPDATE
), released AS (
  DELETE FROM claims USING open WHERE claims.ticket_id = open.id
), removed AS (
  DELETE FROM placements USING open WHERE placements.ticket_id = open.id
)
INSERT INTO ticket_notes (id, ticket_id, kind, actor, target)
SELECT @id, open.id, 'handed_over', 'agent:' || text(@account_id::uuid), 'everyone' FROM open
ON CONFLICT (id) DO NOTHING
RETURNING ticket_id;

-- name: PlacementList :many
-- PlacementList finds where these tickets are, of those that do not simply wait.
SELECT * FROM placements WHERE ticket_id = ANY (@ids::uuid[]);
