-- name: ClaimLock :exec
-- ClaimLock lets one transaction at a time look for the next ticket: of two that look at once both would find the same
-- one, and the second would get none although others wait.
SELECT pg_advisory_xact_lock(hashtext('docket claim')), pg_advisory_xact_lock(hashtext('docket claims of'), hashtext(@account_id::text));

-- name: ClaimLockAgent :exec
-- ClaimLockAgent lets one transaction at a time claim for an agent, who else could come to hold more than one may.
SELECT pg_advisory_xact_lock(hashtext('docket claims of'), hashtext(@account_id::text));

-- name: ClaimNext :one
-- ClaimNext takes an open ticket that nobody holds, that is not the agent's own, not snoozed, and not skipped by the agent: one
-- handed over to the agent first, then the oldest of those that are handed over to nobody, in a queue of no team or
-- one of the agent's. Of a ticket with steps, the one that waits asks the agent. What is handed over is sorted before its tickets are
-- looked at, so that five are, not all.
-- No row: there is none, or the agent holds as many as one may.
WITH RECURSIVE queues AS (
  (SELECT t.queue FROM tickets t WHERE t.status = 'processing' ORDER BY t.queue LIMIT 1)
  UNION ALL
  SELECT (SELECT t.queue FROM tickets t WHERE t.status = 'processing' AND t.queue > q.queue ORDER BY t.queue LIMIT 1)
  FROM queues q WHERE q.queue IS NOT NULL
), handed AS (
  SELECT o.id, o.created_at_ms, o.personal FROM (
    (SELECT t.id, t.created_at_ms, true AS personal
    FROM (
      SELECT * FROM placements a WHERE a.account_id = @account_id AND coalesce(a.snoozed_until_ms, 0) <= (SELECT now_ms())
      ORDER BY a.submitted_ms, a.ticket_id
    ) p JOIN tickets t ON t.user_id = p.user_id AND t.id = p.ticket_id
    WHERE t.status = 'processing' AND t.user_id <> text(@account_id::uuid)
      AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.user_id = t.user_id AND c.ticket_id = t.id AND c.until_ms > now_ms())
      AND NOT EXISTS (SELECT 1 FROM pending_decisions d WHERE d.user_id = t.user_id AND d.ticket_id = t.id AND d.due_at_ms IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM opinions o WHERE o.user_id = t.user_id AND o.ticket_id = t.id AND (o.ordinal = 2 OR o.given_by = 'agent:' || text(@account_id::uuid)))
      AND t.id <> ALL (ARRAY(SELECT n.ticket_id FROM ticket_notes n WHERE n.kind = 'skipped' AND n.actor = 'agent:' || text(@account_id::uuid) AND n.until_ms > (SELECT now_ms())))
      AND (NOT EXISTS (SELECT 1 FROM approval_steps s WHERE s.user_id = t.user_id AND s.ticket_id = t.id) OR open_step(t.user_id, t.id, 'agent:' || text(@account_id::uuid)) IS NOT NULL)
    ORDER BY p.submitted_ms, p.ticket_id
    LIMIT 5)
    UNION ALL
    SELECT h.id, h.created_at_ms, false AS personal
    FROM team_members m CROSS JOIN LATERAL (
      SELECT t.id, t.created_at_ms
      FROM (
        SELECT * FROM placements a WHERE a.team = m.team AND coalesce(a.snoozed_until_ms, 0) <= (SELECT now_ms())
        ORDER BY a.submitted_ms, a.ticket_id
      ) p JOIN tickets t ON t.user_id = p.user_id AND t.id = p.ticket_id
      WHERE t.status = 'processing' AND t.user_id <> text(@account_id::uuid)
        AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.user_id = t.user_id AND c.ticket_id = t.id AND c.until_ms > now_ms())
        AND NOT EXISTS (SELECT 1 FROM pending_decisions d WHERE d.user_id = t.user_id AND d.ticket_id = t.id AND d.due_at_ms IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM opinions o WHERE o.user_id = t.user_id AND o.ticket_id = t.id AND (o.ordinal = 2 OR o.given_by = 'agent:' || text(@account_id::uuid)))
        AND t.id <> ALL (ARRAY(SELECT n.ticket_id FROM ticket_notes n WHERE n.kind = 'skipped' AND n.actor = 'agent:' || text(@account_id::uuid) AND n.until_ms > (SELECT now_ms())))
        AND (NOT EXISTS (SELECT 1 FROM approval_steps s WHERE s.user_id = t.user_id AND s.ticket_id = t.id) OR open_step(t.user_id, t.id, 'agent:' || text(@account_id::uuid)) IS NOT NULL)
      ORDER BY p.submitted_ms, p.ticket_id
      LIMIT 5
    ) h
    WHERE m.account_id = @account_id
  ) o
  ORDER BY o.personal DESC, o.created_at_ms, o.id
  LIMIT 5
), waiting AS (
  SELECT o.id, o.created_at_ms, false AS personal
  FROM queues q CROSS JOIN LATERAL (
    SELECT t.id, t.created_at_ms FROM tickets t
    WHERE t.status = 'processing' AND t.queue = q.queue AND t.user_id <> text(@account_id::uuid)
      AND NOT EXISTS (SELECT 1 FROM approval_steps s WHERE s.user_id = t.user_id AND s.ticket_id = t.id)
      AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.user_id = t.user_id AND c.ticket_id = t.id AND c.until_ms > now_ms())
      AND NOT EXISTS (SELECT 1 FROM pending_decisions d WHERE d.user_id = t.user_id AND d.ticket_id = t.id AND d.due_at_ms IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM opinions o WHERE o.user_id = t.user_id AND o.ticket_id = t.id AND (o.ordinal = 2 OR o.given_by = 'agent:' || text(@account_id::uuid)))
      AND t.id NOT IN (SELECT p.ticket_id FROM placements p WHERE p.account_id IS NOT NULL OR p.team IS NOT NULL OR p.snoozed_until_ms > (SELECT now_ms()))
      AND t.id <> ALL (ARRAY(SELECT n.ticket_id FROM ticket_notes n WHERE n.kind = 'skipped' AND n.actor = 'agent:' || text(@account_id::uuid) AND n.until_ms > (SELECT now_ms())))
    ORDER BY t.created_at_ms, t.id
    LIMIT 5
  ) o
  WHERE (q.queue <> ALL (@team_queues::text[]) OR (@queue_teams::text[])[array_position(@team_queues::text[], q.queue)] IN (SELECT m.team FROM team_members m WHERE m.account_id = @account_id))
), stepped AS (
  SELECT t.id, t.created_at_ms, false AS personal
  FROM approval_steps s JOIN tickets t ON t.user_id = s.user_id AND t.id = s.ticket_id
  WHERE s.since_ms IS NOT NULL AND (s.email = (SELECT a.email FROM accounts a WHERE a.id = @account_id)
      OR s.team = ANY (ARRAY(SELECT m.team FROM team_members m WHERE m.account_id = @account_id))
      OR s.stand_in_team = ANY (ARRAY(SELECT m.team FROM team_members m WHERE m.account_id = @account_id)) AND s.since_ms + s.stand_in_ms <= now_ms())
    AND t.status = 'processing' AND t.user_id <> text(@account_id::uuid)
    AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.user_id = t.user_id AND c.ticket_id = t.id AND c.until_ms > now_ms())
    AND NOT EXISTS (SELECT 1 FROM pending_decisions d WHERE d.user_id = t.user_id AND d.ticket_id = t.id AND d.due_at_ms IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM opinions o WHERE o.user_id = t.user_id AND o.ticket_id = t.id AND o.given_by = 'agent:' || text(@account_id::uuid))
    AND NOT EXISTS (
      SELECT 1 FROM placements p
      WHERE p.user_id = t.user_id AND p.ticket_id = t.id AND (p.account_id IS NOT NULL OR p.team IS NOT NULL OR p.snoozed_until_ms > now_ms())
    )
    AND t.id <> ALL (ARRAY(SELECT n.ticket_id FROM ticket_notes n WHERE n.kind = 'skipped' AND n.actor = 'agent:' || text(@account_id::uuid) AND n.until_ms > (SELECT now_ms())))
  ORDER BY t.created_at_ms, t.id
  LIMIT 5
), next AS (
  SELECT t.id, t.user_id
  FROM (SELECT id, created_at_ms, personal FROM handed UNION ALL SELECT id, created_at_ms, personal FROM waiting UNION ALL SELECT id, created_at_ms, personal FROM stepped) AS c
  JOIN tickets t ON t.id = c.id
  WHERE t.status = 'processing'
    AND (SELECT count(*) FROM claims m WHERE m.account_id = @account_id AND m.until_ms > now_ms()) < @most::bigint
  ORDER BY c.personal DESC, c.created_at_ms, c.id
  LIMIT 1
  FOR NO KEY UPDATE OF t SKIP LOCKED
)
INSERT INTO claims AS held (user_id, ticket_id, account_id, until_ms)
SELECT next.user_id, next.id, @account_id, now_ms() + @lease_ms::bigint FROM next
ON CONFLICT ON CONSTRAINT claims_pkey DO UPDATE SET account_id = excluded.account_id, until_ms = excluded.until_ms
WHERE held.until_ms <= excluded.until_ms - @lease_ms::bigint
RETURNING ticket_id;

-- name: ClaimFirst :one
-- ClaimFirst takes the first of these tickets that ClaimNext could take; with any_queue in the queues of other teams, too. of_user: whose they are, if
-- they are of one user and the tables are distributed; here and below.
WITH mine AS MATERIALIZED (
  SELECT count(*) AS held FROM claims m WHERE m.account_id = @account_id AND m.until_ms > now_ms()
), next AS (
  SELECT t.id, t.user_id FROM tickets t
  WHERE (@of_user::text = '' OR t.user_id = @of_user) AND t.id = ANY (@ids::uuid[]) AND t.status = 'processing' AND t.user_id <> text(@account_id::uuid)
    AND (@any_queue::boolean OR EXISTS (SELECT 1 FROM approval_steps s WHERE s.user_id = t.user_id AND s.ticket_id = t.id) OR (t.queue <> ALL (@team_queues::text[]) OR (@queue_teams::text[])[array_position(@team_queues::text[], t.queue)] IN (SELECT m.team FROM team_members m WHERE m.account_id = @account_id)))
    AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.user_id = t.user_id AND c.ticket_id = t.id AND c.until_ms > now_ms())
    AND NOT EXISTS (SELECT 1 FROM pending_decisions d WHERE d.user_id = t.user_id AND d.ticket_id = t.id AND d.due_at_ms IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM opinions o WHERE o.user_id = t.user_id AND o.ticket_id = t.id AND (o.ordinal = 2 OR o.given_by = 'agent:' || text(@account_id::uuid)))
    AND NOT EXISTS (
      SELECT 1 FROM placements p
      WHERE p.user_id = t.user_id AND p.ticket_id = t.id AND (p.snoozed_until_ms > now_ms() OR p.account_id <> @account_id OR p.team IS NOT NULL AND p.team NOT IN (SELECT m.team FROM team_members m WHERE m.account_id = @account_id))
    )
    AND NOT EXISTS (
      SELECT 1 FROM ticket_notes n
      WHERE n.user_id = t.user_id AND n.ticket_id = t.id AND n.kind = 'skipped' AND n.actor = 'agent:' || text(@account_id::uuid) AND n.until_ms > now_ms()
    )
    AND (NOT EXISTS (SELECT 1 FROM approval_steps s WHERE s.user_id = t.user_id AND s.ticket_id = t.id) OR open_step(t.user_id, t.id, 'agent:' || text(@account_id::uuid)) IS NOT NULL)
    AND (SELECT mine.held FROM mine) < @most::bigint
  ORDER BY array_position(@ids::uuid[], t.id)
  LIMIT 1
  FOR NO KEY UPDATE OF t SKIP LOCKED
)
INSERT INTO claims AS held (user_id, ticket_id, account_id, until_ms)
SELECT next.user_id, next.id, @account_id, now_ms() + @lease_ms::bigint FROM next
ON CONFLICT ON CONSTRAINT claims_pkey DO UPDATE SET account_id = excluded.account_id, until_ms = excluded.until_ms
WHERE held.until_ms <= excluded.until_ms - @lease_ms::bigint
RETURNING ticket_id;

-- name: ClaimTake :one
-- ClaimTake takes or keeps one open ticket. No row: it is closed, the agent's own, held by somebody else or handed over to
-- somebody else, unless the agent is an admin, its decision is pending, or the agent holds as many others as one may and not this one.
WITH mine AS MATERIALIZED (
  SELECT count(*) AS others FROM claims m WHERE m.account_id = @account_id AND m.ticket_id <> @ticket_id::uuid AND m.until_ms > now_ms()
), open AS (
  SELECT t.id, t.user_id, NOT EXISTS (SELECT 1 FROM claims o WHERE o.user_id = t.user_id AND o.ticket_id = t.id) AS free FROM tickets t
  WHERE (@of_user::text = '' OR t.user_id = @of_user) AND t.id = @ticket_id AND t.status = 'processing' AND t.user_id <> text(@account_id::uuid)
    AND (EXISTS (SELECT 1 FROM accounts a WHERE a.id = @account_id AND a.role = 'admin') OR NOT EXISTS (
      SELECT 1 FROM placements p WHERE p.user_id = t.user_id AND p.ticket_id = t.id AND (p.account_id <> @account_id OR p.team IS NOT NULL AND p.team NOT IN (SELECT m.team FROM team_members m WHERE m.account_id = @account_id))
    ))
    AND (EXISTS (SELECT 1 FROM claims h WHERE h.user_id = t.user_id AND h.ticket_id = t.id AND h.account_id = @account_id AND h.until_ms > now_ms()) OR (SELECT mine.others FROM mine) < @most::bigint)
  FOR UPDATE OF t
), taken AS (
  INSERT INTO claims AS held (user_id, ticket_id, account_id, until_ms)
  SELECT open.user_id, open.id, @account_id, now_ms() + @lease_ms::bigint FROM open
  ON CONFLICT ON CONSTRAINT claims_pkey DO UPDATE SET account_id = excluded.account_id, until_ms = excluded.until_ms
  WHERE held.until_ms <= excluded.until_ms - @lease_ms::bigint OR held.account_id = excluded.account_id
  RETURNING account_id, until_ms
)
SELECT taken.account_id, taken.until_ms, open.free::boolean AS added FROM taken CROSS JOIN open;

-- name: ClaimCandidates :many
-- ClaimCandidates lists, where the tables are distributed, tickets that ClaimFirst is to try one by one in place of ClaimNext, in the order of that. It locks nothing. Snoozed ones and those of other teams are not among them.
SELECT t.id, t.user_id FROM tickets t LEFT JOIN placements p ON p.user_id = t.user_id AND p.ticket_id = t.id
WHERE t.status = 'processing' AND t.user_id <> text(@account_id::uuid) AND coalesce(p.snoozed_until_ms, 0) <= now_ms()
  AND (p.account_id = @account_id OR p.team = ANY (@own_teams::text[]) OR p.account_id IS NULL AND p.team IS NULL AND (t.queue <> ALL (@other_queues::text[])
    OR EXISTS (SELECT 1 FROM approval_steps q WHERE q.user_id = t.user_id AND q.ticket_id = t.id)))
  AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.user_id = t.user_id AND c.ticket_id = t.id AND c.until_ms > now_ms())
  AND NOT EXISTS (SELECT 1 FROM pending_decisions d WHERE d.user_id = t.user_id AND d.ticket_id = t.id AND d.due_at_ms IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM opinions o WHERE o.user_id = t.user_id AND o.ticket_id = t.id AND (o.ordinal = 2 OR o.given_by = 'agent:' || text(@account_id::uuid)))
  AND (NOT EXISTS (SELECT 1 FROM approval_steps s WHERE s.user_id = t.user_id AND s.ticket_id = t.id) OR EXISTS (
    SELECT 1 FROM approval_steps s
    WHERE s.user_id = t.user_id AND s.ticket_id = t.id AND s.since_ms IS NOT NULL AND (s.email = (SELECT a.email FROM accounts a WHERE a.id = @account_id)
      OR s.team = ANY (@own_teams::text[]) OR s.stand_in_team = ANY (@own_teams::text[]) AND s.since_ms + s.stand_in_ms <= now_ms())))
  AND NOT EXISTS (
    SELECT 1 FROM ticket_notes n
    WHERE n.user_id = t.user_id AND n.ticket_id = t.id AND n.kind = 'skipped' AND n.actor = 'agent:' || text(@account_id::uuid) AND n.until_ms > now_ms()
  )
ORDER BY coalesce(p.account_id = @account_id, false) DESC, t.created_at_ms, t.id
LIMIT @max;

-- name: ClaimRelease :execrows
-- ClaimRelease ends an agent's claim on a ticket.
DELETE FROM claims WHERE ticket_id = @ticket_id AND account_id = @account_id;

-- name: ClaimList :many
-- ClaimList finds who holds which of these tickets now.
SELECT * FROM claims WHERE ticket_id = ANY (@ids::uuid[]) AND until_ms > now_ms();

-- name: ClaimState :one
-- ClaimState is what decides who may claim a ticket: its holder, to whom it is handed over, and how many others the agent holds.
SELECT t.status, t.user_id, c.account_id AS holder,
  (coalesce(p.account_id <> @account_id::uuid OR p.team IS NOT NULL AND p.team NOT IN (SELECT m.team FROM team_members m WHERE m.account_id = @account_id), false)
    AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = @account_id AND a.role = 'admin'))::boolean AS handed_over,
  (SELECT count(*) FROM claims m WHERE m.account_id = @account_id AND m.ticket_id <> @ticket_id AND m.until_ms > now_ms()) AS others
FROM tickets t
LEFT JOIN claims c ON c.user_id = t.user_id AND c.ticket_id = t.id AND c.until_ms > now_ms()
LEFT JOIN placements p ON p.user_id = t.user_id AND p.ticket_id = t.id
WHERE t.id = @ticket_id;

-- name: ClaimCount :one
-- ClaimCount counts the tickets that an agent holds.
SELECT count(*) FROM claims WHERE account_id = @account_id AND until_ms > now_ms();
