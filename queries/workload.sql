-- name: WorkloadCount :one
-- WorkloadCount counts the open tickets, at most so many, and of these those that are late and those that are snoozed, and finds the
-- time of the oldest that is not.
SELECT
  (SELECT count(*) FROM (SELECT t.id FROM tickets t WHERE t.status = 'processing' ORDER BY t.created_at_ms, t.id LIMIT @most) AS o)::bigint AS open,
  (SELECT count(*) FROM (SELECT l.id FROM tickets l WHERE l.status = 'processing' AND l.created_at_ms < @late_ms ORDER BY l.created_at_ms, l.id LIMIT @most) AS o)::bigint AS late,
  (SELECT count(*) FROM placements p WHERE p.snoozed_until_ms > (SELECT now_ms()))::bigint AS snoozed,
  coalesce((
    SELECT t.created_at_ms FROM tickets t
    WHERE t.status = 'processing' AND NOT EXISTS (SELECT FROM placements p WHERE p.ticket_id = t.id AND p.snoozed_until_ms > now_ms())
    ORDER BY t.created_at_ms, t.id LIMIT 1
  ), 0)::bigint AS oldest_ms;

-- name: WorkloadOfAgent :one
-- WorkloadOfAgent counts the tickets that an agent holds or that are handed over to the agent, and those that the agent decided since
-- a time.
SELECT
  (SELECT count(*) FROM (
    SELECT c.ticket_id FROM claims c WHERE c.account_id = @account_id AND c.until_ms > now_ms()
    UNION
    SELECT p.ticket_id FROM placements p WHERE p.account_id = @account_id AND coalesce(p.snoozed_until_ms, 0) <= now_ms()
  ) AS m)::bigint AS mine,
  (SELECT count(*) FROM tickets t WHERE t.decided_by = @actor AND t.updated_at_ms >= @since_ms)::bigint AS decided;
