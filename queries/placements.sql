-- name: PlacementSnooze :one
-- PlacementSnooze takes an open ticket out of the queue until a time, and lets go of it. To whom it is handed over stays. No
-- row: it is closed, the agent's own, held by somebody else, its decision is pending, it waits for the opinion of somebody else, or the
-- time is not in the future.
WITH open AS (
  SELECT t.id, t.user_id FROM tickets t
  WHERE (@of_user::text = '' OR t.user_id = @of_user) AND t.id = @ticket_id AND t.status = 'processing' AND t.user_id <> text(@account_id::uuid) AND @until_ms::bigint > now_ms()
    AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.user_id = t.user_id AND c.ticket_id = t.id AND c.account_id <> @account_id AND c.until_ms > now_ms())
    AND NOT EXISTS (SELECT 1 FROM pending_decisions d WHERE d.user_id = t.user_id AND d.ticket_id = t.id AND d.due_at_ms IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM opinions o WHERE o.user_id = t.user_id AND o.ticket_id = t.id AND o.given_by = 'agent:' || text(@account_id::uuid))
  FOR UPDATE
), released AS (
  DELETE FROM claims USING open WHERE claims.user_id = open.user_id AND claims.ticket_id = open.id
), placed AS (
  INSERT INTO placements (user_id, ticket_id, snoozed_until_ms, reason, placed_by)
  SELECT open.user_id, open.id, @until_ms::bigint, @reason, 'agent:' || text(@account_id::uuid) FROM open
  ON CONFLICT ON CONSTRAINT placements_pkey DO UPDATE
  SET snoozed_until_ms = excluded.snoozed_until_ms, reason = excluded.reason, placed_by = excluded.placed_by, at_ms = excluded.at_ms
)
INSERT INTO ticket_notes (id, user_id, ticket_id, kind, actor, text, until_ms)
SELECT @id, open.user_id, open.id, 'snoozed', 'agent:' || text(@account_id::uuid), @reason, @until_ms::bigint FROM open
ON CONFLICT DO NOTHING
RETURNING ticket_id;

-- name: PlacementWake :one
-- PlacementWake puts a snoozed ticket back into the queue. No row: it is not snoozed, or it is the agent's own.
WITH asleep AS (
  SELECT t.user_id, p.ticket_id, p.account_id IS NULL AND p.team IS NULL AS alone FROM placements p JOIN tickets t ON t.user_id = p.user_id AND t.id = p.ticket_id
  WHERE (@of_user::text = '' OR t.user_id = @of_user) AND t.id = @ticket_id AND p.snoozed_until_ms > now_ms() AND t.user_id <> text(@account_id::uuid)
  FOR UPDATE OF p
), removed AS (
  DELETE FROM placements USING asleep WHERE placements.user_id = asleep.user_id AND placements.ticket_id = asleep.ticket_id AND asleep.alone
), changed AS (
  UPDATE placements SET snoozed_until_ms = NULL, reason = '' FROM asleep WHERE placements.user_id = asleep.user_id AND placements.ticket_id = asleep.ticket_id AND NOT asleep.alone
)
INSERT INTO ticket_notes (id, user_id, ticket_id, kind, actor)
SELECT @id, asleep.user_id, asleep.ticket_id, 'woken', 'agent:' || text(@account_id::uuid) FROM asleep
ON CONFLICT DO NOTHING
RETURNING ticket_id;

-- name: PlacementHandOver :one
-- PlacementHandOver gives an open ticket to an agent or a team, ends a snooze and the claim on it. No row: it is closed, the
-- agent's or the receiver's own, held by somebody else, its decision is pending, the receiver has given an opinion of it, or the step that waits
-- does not ask the receiver.
WITH open AS (
  SELECT t.id, t.user_id FROM tickets t
  WHERE (@of_user::text = '' OR t.user_id = @of_user) AND t.id = @ticket_id AND t.status = 'processing' AND t.user_id <> text(@account_id::uuid)
    AND t.user_id <> coalesce(text(sqlc.narg('to_account')::uuid), '')
    AND NOT EXISTS (SELECT 1 FROM opinions o WHERE o.user_id = t.user_id AND o.ticket_id = t.id AND o.given_by = 'agent:' || text(sqlc.narg('to_account')::uuid))
    AND step_suits(t.user_id, t.id, sqlc.narg('to_account')::uuid, sqlc.narg('to_team')::text)
    AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.user_id = t.user_id AND c.ticket_id = t.id AND c.account_id <> @account_id AND c.until_ms > now_ms())
    AND NOT EXISTS (SELECT 1 FROM pending_decisions d WHERE d.user_id = t.user_id AND d.ticket_id = t.id AND d.due_at_ms IS NOT NULL)
  FOR UPDATE
), released AS (
  DELETE FROM claims USING open WHERE claims.user_id = open.user_id AND claims.ticket_id = open.id
), placed AS (
  INSERT INTO placements (user_id, ticket_id, account_id, team, placed_by)
  SELECT open.user_id, open.id, sqlc.narg('to_account')::uuid, sqlc.narg('to_team')::text, 'agent:' || text(@account_id::uuid) FROM open
  ON CONFLICT ON CONSTRAINT placements_pkey DO UPDATE
  SET account_id = excluded.account_id, team = excluded.team, snoozed_until_ms = NULL, reason = '', placed_by = excluded.placed_by, at_ms = excluded.at_ms
)
INSERT INTO ticket_notes (id, user_id, ticket_id, kind, actor, target)
SELECT @id, open.user_id, open.id, 'handed_over', 'agent:' || text(@account_id::uuid), @target::text FROM open
ON CONFLICT DO NOTHING
RETURNING ticket_id;

-- name: PlacementSuits :one
-- PlacementSuits says whether a ticket may be handed over to an agent or a team as far as its steps are concerned: it has none, or the one
-- that waits asks the receiver.
SELECT step_suits(t.user_id, t.id, sqlc.narg('to_account')::uuid, sqlc.narg('to_team')::text)::boolean AS suits
FROM tickets t WHERE t.id = @ticket_id;

-- name: PlacementEnd :one
-- PlacementEnd puts an open ticket back where everybody is offered it, and lets go of it. No row: it is closed, the agent's own, or
-- held by somebody else.
WITH open AS (
  SELECT t.id, t.user_id FROM tickets t
  WHERE (@of_user::text = '' OR t.user_id = @of_user) AND t.id = @ticket_id AND t.status = 'processing' AND t.user_id <> text(@account_id::uuid)
    AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.user_id = t.user_id AND c.ticket_id = t.id AND c.account_id <> @account_id AND c.until_ms > now_ms())
    AND NOT EXISTS (SELECT 1 FROM pending_decisions d WHERE d.user_id = t.user_id AND d.ticket_id = t.id AND d.due_at_ms IS NOT NULL)
  FOR UPDATE
), released AS (
  DELETE FROM claims USING open WHERE claims.user_id = open.user_id AND claims.ticket_id = open.id
), removed AS (
  DELETE FROM placements USING open WHERE placements.user_id = open.user_id AND placements.ticket_id = open.id
)
INSERT INTO ticket_notes (id, user_id, ticket_id, kind, actor, target)
SELECT @id, open.user_id, open.id, 'handed_over', 'agent:' || text(@account_id::uuid), 'everyone' FROM open
ON CONFLICT DO NOTHING
RETURNING ticket_id;

-- name: PlacementEndOfFormerAgents :many
-- PlacementEndOfFormerAgents puts back, where everybody is offered them, the tickets that are handed over to somebody who can decide none any more:
-- whose account is disabled, or has become that of a customer. One that is snoozed comes back with the end of that.
DELETE FROM placements p USING accounts a
WHERE a.id = p.account_id AND (a.disabled_at_ms IS NOT NULL OR a.role = 'customer') AND coalesce(p.snoozed_until_ms, 0) <= now_ms()
RETURNING p.ticket_id;

-- name: PlacementList :many
-- PlacementList finds where these tickets are, of those that do not simply wait. A snooze that is over is none.
SELECT ticket_id, account_id, team, (CASE WHEN snoozed_until_ms > now_ms() THEN snoozed_until_ms ELSE 0 END)::bigint AS until_ms, reason, placed_by
FROM placements WHERE ticket_id = ANY (@ids::uuid[]) AND (account_id IS NOT NULL OR team IS NOT NULL OR snoozed_until_ms > now_ms());

-- name: WorkList :many
-- WorkList is WorkGet for a list of tickets with their owners' accounts, without who looks at them: who holds each, where it is, whether its
-- decision is pending and whether it has opinions or steps, the warnings of its pictures, and the owner's e-mail address, if any.
SELECT l.ticket_id::uuid AS ticket_id, coalesce(h.email, '')::text AS holder, coalesce(u.email, '')::text AS owner,
  p.account_id, p.team, (CASE WHEN p.snoozed_until_ms > (SELECT now_ms()) THEN p.snoozed_until_ms ELSE 0 END)::bigint AS until_ms,
  coalesce(p.reason, '')::text AS reason, coalesce(p.placed_by, '')::text AS placed_by,
  EXISTS (SELECT 1 FROM pending_decisions d WHERE d.ticket_id = l.ticket_id AND d.due_at_ms IS NOT NULL)::boolean AS pending,
  (EXISTS (SELECT 1 FROM approval_steps s WHERE s.ticket_id = l.ticket_id) OR EXISTS (SELECT 1 FROM opinions o WHERE o.ticket_id = l.ticket_id))::boolean AS opinions,
  (CASE WHEN w.words @@ '''!'':*'::tsquery THEN ARRAY(SELECT substr(x, 2) FROM unnest(tsvector_to_array(w.words)) AS x WHERE x LIKE '!%') ELSE '{}' END)::text[] AS signals
FROM (SELECT unnest(@ids::uuid[]) AS ticket_id, unnest(@owners::uuid[]) AS owner) l
LEFT JOIN claims c ON c.ticket_id = l.ticket_id AND c.until_ms > (SELECT now_ms())
LEFT JOIN accounts h ON h.id = c.account_id
LEFT JOIN accounts u ON u.id = l.owner
LEFT JOIN placements p ON p.ticket_id = l.ticket_id AND (p.account_id IS NOT NULL OR p.team IS NOT NULL OR p.snoozed_until_ms > (SELECT now_ms()))
LEFT JOIN ticket_words w ON w.ticket_id = l.ticket_id;

-- name: WorkGet :one
-- WorkGet is who works on a ticket, where it is, and who else looks at it.
SELECT c.account_id AS holder, coalesce(c.until_ms, 0)::bigint AS until_ms,
  p.account_id, p.team, (CASE WHEN p.snoozed_until_ms > now_ms() THEN p.snoozed_until_ms ELSE 0 END)::bigint AS snoozed_until_ms, coalesce(p.reason, '')::text AS reason, coalesce(p.placed_by, '')::text AS placed_by,
  coalesce(p.account_id <> @account_id::uuid
    OR p.team IS NOT NULL AND p.team NOT IN (SELECT m.team FROM team_members m WHERE m.account_id = @account_id), false)::boolean AS handed_away,
  ARRAY(
    SELECT v.account_id FROM viewers v
    WHERE v.ticket_id = t.id AND v.account_id <> @account_id AND v.seen_at_ms > now_ms() - @age_ms::bigint
    ORDER BY v.seen_at_ms LIMIT 20
  )::uuid[] AS viewers
FROM (SELECT @ticket_id::uuid AS id) AS t
LEFT JOIN claims c ON c.ticket_id = t.id AND c.until_ms > now_ms()
LEFT JOIN placements p ON p.ticket_id = t.id;

-- name: TicketMine :many
-- TicketMine lists the open tickets that an agent holds, that are handed over to the agent or whose step asks the agent by address, oldest first, after a place in that order.
SELECT t.* FROM tickets t
WHERE t.status = 'processing' AND (t.created_at_ms, t.id) > (@after_ms::bigint, @after_id::uuid) AND t.id = ANY (ARRAY(
  SELECT c.ticket_id FROM claims c WHERE c.account_id = @account_id AND c.until_ms > now_ms()
  UNION
  SELECT p.ticket_id FROM placements p WHERE p.account_id = @account_id AND coalesce(p.snoozed_until_ms, 0) <= now_ms()
  UNION
  SELECT s.ticket_id FROM approval_steps s WHERE s.email = (SELECT a.email FROM accounts a WHERE a.id = @account_id) AND s.since_ms IS NOT NULL
))
ORDER BY t.created_at_ms, t.id
LIMIT @max;

-- name: TicketOfTeams :many
-- TicketOfTeams lists the open tickets that are in one of these queues and handed over to nobody, or are handed over to one of
-- these teams, oldest first, after a place in that order. Those that are snoozed are not in it.
SELECT t.* FROM tickets t
WHERE t.id = ANY (ARRAY(
  SELECT o.id FROM (
    SELECT h.ticket_id AS id, h.submitted_ms AS created_at_ms FROM unnest(@teams::text[]) AS m (name) CROSS JOIN LATERAL (
      SELECT p.ticket_id, p.submitted_ms FROM placements p
      WHERE p.team = m.name AND coalesce(p.snoozed_until_ms, 0) <= (SELECT now_ms()) AND (p.submitted_ms, p.ticket_id) > (@after_ms::bigint, @after_id::uuid)
      ORDER BY p.submitted_ms, p.ticket_id LIMIT @max
    ) h
    UNION ALL
    (SELECT s.ticket_id, v.created_at_ms FROM approval_steps s JOIN tickets v ON v.user_id = s.user_id AND v.id = s.ticket_id
    WHERE s.since_ms IS NOT NULL AND (s.team = ANY (@teams::text[]) OR s.stand_in_team = ANY (@teams::text[]) AND s.since_ms + s.stand_in_ms <= now_ms())
      AND v.status = 'processing' AND (v.created_at_ms, v.id) > (@after_ms::bigint, @after_id::uuid)
      AND NOT EXISTS (SELECT 1 FROM placements p3 WHERE p3.user_id = v.user_id AND p3.ticket_id = v.id AND (p3.account_id IS NOT NULL OR p3.team IS NOT NULL OR p3.snoozed_until_ms > now_ms()))
    ORDER BY v.created_at_ms, v.id LIMIT @max)
    UNION ALL
    SELECT w.id, w.created_at_ms FROM unnest(@queues::text[]) AS q (name) CROSS JOIN LATERAL (
      SELECT t2.id, t2.created_at_ms FROM tickets t2
      WHERE t2.queue = q.name AND t2.status = 'processing' AND (t2.created_at_ms, t2.id) > (@after_ms::bigint, @after_id::uuid)
        AND NOT EXISTS (SELECT 1 FROM approval_steps s2 WHERE s2.user_id = t2.user_id AND s2.ticket_id = t2.id)
        AND NOT EXISTS (
          SELECT 1 FROM placements p2
          WHERE p2.user_id = t2.user_id AND p2.ticket_id = t2.id AND (p2.account_id IS NOT NULL OR p2.team IS NOT NULL OR p2.snoozed_until_ms > now_ms())
        )
      ORDER BY t2.created_at_ms, t2.id LIMIT @max
    ) w
  ) o
  ORDER BY o.created_at_ms, o.id LIMIT @max
))
  AND t.status = 'processing'
ORDER BY t.created_at_ms, t.id;

-- name: TicketSnoozed :many
-- TicketSnoozed lists the open tickets that are snoozed, oldest first, after a place in that order.
SELECT t.* FROM placements p JOIN tickets t ON t.user_id = p.user_id AND t.id = p.ticket_id
WHERE p.snoozed_until_ms > (SELECT now_ms()) AND t.status = 'processing' AND (p.submitted_ms, p.ticket_id) > (@after_ms::bigint, @after_id::uuid)
ORDER BY p.submitted_ms, p.ticket_id
LIMIT (SELECT @max::integer);
