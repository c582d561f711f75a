-- name: WorkloadCount :one
-- WorkloadCount counts the open tickets that are neither snoozed nor pending, those that are late and not pending, and those that are snoozed, and finds the
-- time of the oldest that waits. Of tickets that wait, and of late ones, it counts at most so many. NOT IN has those that are put aside read once, not
-- looked for for each ticket that is passed over.
WITH snoozed AS MATERIALIZED (
  SELECT p.ticket_id FROM placements p WHERE p.snoozed_until_ms > (SELECT now_ms())
), pending AS MATERIALIZED (
  SELECT d.ticket_id FROM pending_decisions d WHERE d.due_at_ms IS NOT NULL
), waiting AS MATERIALIZED (
  SELECT t.created_at_ms FROM tickets t
  WHERE t.status = 'processing' AND t.id NOT IN (SELECT s.ticket_id FROM snoozed s) AND t.id NOT IN (SELECT d.ticket_id FROM pending d)
  ORDER BY t.created_at_ms, t.id LIMIT @most
)
SELECT
  (SELECT count(*) FROM waiting) AS waiting,
  (SELECT count(*) FROM (
    SELECT l.id FROM tickets l
    WHERE l.status = 'processing' AND l.created_at_ms < @late_ms::bigint AND l.id NOT IN (SELECT d.ticket_id FROM pending d)
    ORDER BY l.created_at_ms, l.id LIMIT @most) AS o) AS late,
  (SELECT count(*) FROM snoozed) AS snoozed,
  coalesce((SELECT min(w.created_at_ms) FROM waiting w), 0)::bigint AS oldest_ms;

-- name: WorkloadOfAgent :one
-- WorkloadOfAgent counts the tickets that an agent holds, that are handed over to the agent and not decided yet, or whose step asks the agent by address, and those that the agent decided since
-- a time and, at most so many, the second looks that are offered to the agent, says whether a decision of the agent is pending, and
-- lists the agent's teams.
-- The sub-selects hide the values from the planner: see TicketOpenOldest.
SELECT
  ARRAY(SELECT m.team FROM team_members m WHERE m.account_id = @account_id ORDER BY m.team)::text[] AS teams,
  (SELECT count(*) FROM (
    SELECT c.ticket_id FROM claims c WHERE c.account_id = @account_id AND c.until_ms > now_ms()
    UNION
    SELECT p.ticket_id FROM placements p WHERE p.account_id = @account_id AND coalesce(p.snoozed_until_ms, 0) <= now_ms()
      AND NOT EXISTS (SELECT 1 FROM pending_decisions d WHERE d.user_id = p.user_id AND d.ticket_id = p.ticket_id AND d.due_at_ms IS NOT NULL)
    UNION
    SELECT s.ticket_id FROM approval_steps s WHERE s.email = (SELECT e.email FROM accounts e WHERE e.id = @account_id) AND s.since_ms IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM pending_decisions d WHERE d.user_id = s.user_id AND d.ticket_id = s.ticket_id AND d.due_at_ms IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM opinions o WHERE o.user_id = s.user_id AND o.ticket_id = s.ticket_id AND o.given_by = (SELECT @actor::text))
  ) AS m)::bigint AS mine,
  (SELECT count(*) FROM tickets t WHERE t.decided_by = (SELECT @actor::text) AND t.updated_at_ms >= (SELECT @since_ms::bigint))::bigint AS decided,
  EXISTS (SELECT 1 FROM pending_decisions d WHERE d.decided_by = (SELECT @actor::text) AND d.due_at_ms IS NOT NULL)::boolean AS pending,
  (SELECT count(*) FROM (
    SELECT l.ticket_id FROM (
      SELECT o.ticket_id, o.drawn_at_ms FROM second_looks o
      WHERE o.given_by IS NULL AND (o.taken_by = @account_id OR coalesce(o.taken_until_ms, 0) <= now_ms())
      ORDER BY o.drawn_at_ms, o.ticket_id OFFSET 0
    ) l CROSS JOIN second_look_state s
    WHERE second_look_open_to(l.ticket_id, @account_id)
    ORDER BY l.drawn_at_ms, l.ticket_id LIMIT @most_looks
  ) AS s)::bigint AS looks;

-- name: WorkloadOfSteps :one
-- WorkloadOfSteps counts the open tickets that wait in a step, at most so many, and of these those whose step asks the agent; for both those
-- that are late and those that are snoozed. It finds the times of the oldest that asks the agent, and of the oldest without steps, among so
-- many open ones, that is neither snoozed nor pending.
WITH waiting AS (
  SELECT t.created_at_ms AS sent_ms, coalesce(p.snoozed_until_ms > now_ms(), false) AS snoozed,
    bool_or(a.role = 'admin' OR s.email = a.email OR s.team = ANY (m.teams) OR s.stand_in_team = ANY (m.teams) AND s.since_ms + s.stand_in_ms <= now_ms())
      AND t.user_id <> text(@account_id::uuid)
      AND NOT EXISTS (SELECT 1 FROM opinions o WHERE o.user_id = t.user_id AND o.ticket_id = t.id AND o.given_by = 'agent:' || text(@account_id::uuid)) AS mine
  FROM approval_steps s JOIN tickets t ON t.user_id = s.user_id AND t.id = s.ticket_id JOIN accounts a ON a.id = @account_id
  CROSS JOIN (SELECT ARRAY(SELECT tm.team FROM team_members tm WHERE tm.account_id = @account_id) AS teams) m
  LEFT JOIN placements p ON p.user_id = t.user_id AND p.ticket_id = t.id
  WHERE s.since_ms IS NOT NULL AND t.status = 'processing'
    AND NOT EXISTS (SELECT 1 FROM pending_decisions d WHERE d.user_id = t.user_id AND d.ticket_id = t.id AND d.due_at_ms IS NOT NULL)
  GROUP BY t.id, t.created_at_ms, t.user_id, p.snoozed_until_ms
  LIMIT @most
)
SELECT count(*) FILTER (WHERE NOT snoozed) AS all_waiting, count(*) FILTER (WHERE sent_ms < @late_ms::bigint) AS all_late,
  count(*) FILTER (WHERE snoozed) AS all_snoozed, count(*) FILTER (WHERE NOT snoozed AND mine) AS waiting,
  count(*) FILTER (WHERE sent_ms < @late_ms::bigint AND mine) AS late, count(*) FILTER (WHERE snoozed AND mine) AS snoozed,
  coalesce(min(sent_ms) FILTER (WHERE NOT snoozed AND mine), 0)::bigint AS oldest_ms,
  coalesce((
    SELECT t.created_at_ms FROM (
      SELECT o.id, o.created_at_ms, EXISTS (SELECT 1 FROM approval_steps s WHERE s.user_id = o.user_id AND s.ticket_id = o.id)
        OR EXISTS (SELECT 1 FROM placements p WHERE p.user_id = o.user_id AND p.ticket_id = o.id AND p.snoozed_until_ms > now_ms())
        OR EXISTS (SELECT 1 FROM pending_decisions d WHERE d.user_id = o.user_id AND d.ticket_id = o.id AND d.due_at_ms IS NOT NULL) AS aside
      FROM tickets o WHERE o.status = 'processing' ORDER BY o.created_at_ms, o.id LIMIT @most) t
    WHERE NOT t.aside ORDER BY t.created_at_ms, t.id LIMIT 1
  ), 0)::bigint AS other_oldest_ms
FROM waiting;
