-- name: WorkloadCount :one
-- WorkloadCount counts the open tickets, at most so many, and of these those that are late, those that are snoozed, and those whose
-- decision is pending, and finds the time of the oldest that is neither.
WITH pending AS (
  SELECT t.created_at_ms, EXISTS (SELECT FROM placements p WHERE p.ticket_id = t.id AND p.snoozed_until_ms > now_ms()) AS snoozed
  FROM pending_decisions d JOIN tickets t ON t.id = d.ticket_id WHERE d.due_at_ms IS NOT NULL
)
SELECT
  (SELECT count(*) FROM (SELECT t.id FROM tickets t WHERE t.status = 'processing' ORDER BY t.created_at_ms, t.id LIMIT @most) AS o)::bigint AS open,
  (SELECT count(*) FROM (SELECT l.id FROM tickets l WHERE l.status = 'processing' AND l.created_at_ms < @late_ms ORDER BY l.created_at_ms, l.id LIMIT @most) AS o)::bigint AS late,
  (SELECT count(*) FROM placements p WHERE p.snoozed_until_ms > (SELECT now_ms()))::bigint AS snoozed,
  (SELECT count(*) FROM pending d WHERE NOT d.snoozed)::bigint AS pending,
  (SELECT count(*) FROM pending d WHERE d.created_at_ms < @late_ms)::bigint AS late_pending,
  coalesce((
    SELECT t.created_at_ms FROM tickets t
    WHERE t.status = 'processing' AND NOT EXISTS (SELECT FROM placements p WHERE p.ticket_id = t.id AND p.snoozed_until_ms > now_ms())
      AND NOT EXISTS (SELECT FROM pending_decisions d WHERE d.ticket_id = t.id AND d.due_at_ms IS NOT NULL)
    ORDER BY t.created_at_ms, t.id LIMIT 1
  ), 0)::bigint AS oldest_ms;

-- name: WorkloadOfAgent :one
-- WorkloadOfAgent counts the tickets that an agent holds or that are handed over to the agent and not decided yet, and those that the agent decided since
-- a time and, at most so many, the second looks that are offered to the agent, says whether a decision of the agent is pending, and
-- lists the agent's teams.
-- The sub-selects hide the values from the planner: see TicketOpenOldest.
SELECT
  ARRAY(SELECT m.team FROM team_members m WHERE m.account_id = @account_id ORDER BY m.team)::text[] AS teams,
  (SELECT count(*) FROM (
    SELECT c.ticket_id FROM claims c WHERE c.account_id = @account_id AND c.until_ms > now_ms()
    UNION
    SELECT p.ticket_id FROM placements p WHERE p.account_id = @account_id AND coalesce(p.snoozed_until_ms, 0) <= now_ms()
      AND NOT EXISTS (SELECT FROM pending_decisions d WHERE d.ticket_id = p.ticket_id AND d.due_at_ms IS NOT NULL)
  ) AS m)::bigint AS mine,
  (SELECT count(*) FROM tickets t WHERE t.decided_by = (SELECT @actor::text) AND t.updated_at_ms >= (SELECT @since_ms::bigint))::bigint AS decided,
  EXISTS (SELECT FROM pending_decisions d WHERE d.decided_by = (SELECT @actor::text) AND d.due_at_ms IS NOT NULL)::boolean AS pending,
  (SELECT count(*) FROM (
    SELECT l.ticket_id FROM second_looks l
    WHERE l.given_by IS NULL AND (l.taken_by = @account_id OR coalesce(l.taken_until_ms, 0) <= now_ms()) AND second_look_open_to(l.ticket_id, @account_id)
    ORDER BY l.drawn_at_ms, l.ticket_id LIMIT @most_looks
  ) AS s)::bigint AS looks;
