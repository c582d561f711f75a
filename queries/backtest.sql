-- name: BacktestCount :one
-- BacktestCount counts the tickets of a range of time that were not erased.
SELECT count(*) FROM tickets WHERE created_at_ms >= @from_ms AND created_at_ms < @to_ms AND erased_at_ms IS NULL;

-- name: BacktestPage :many
-- BacktestPage lists the tickets of a range of time that were not erased, oldest first, after a place in that order.
SELECT id, user_id, status, extra, decided_by, decided_at_ms, created_at_ms, updated_at_ms FROM tickets
WHERE created_at_ms < @to_ms AND (created_at_ms, id) > (@after_ms::bigint, @after_id::uuid) AND erased_at_ms IS NULL
ORDER BY created_at_ms, id
LIMIT @max;

-- name: BacktestEarlier :many
-- BacktestEarlier counts the tickets that the users of some tickets had when these were submitted: those closed by then
-- with closed_ms 0, those closed later by when that was. decided_ms is when one was approved whose approval was taken back later.
SELECT t.user_id, o.status, (CASE WHEN o.updated_at_ms <= t.created_at_ms THEN 0 ELSE o.updated_at_ms END)::bigint AS closed_ms,
  (CASE WHEN o.status <> 'revoked' OR o.updated_at_ms <= t.created_at_ms THEN 0 ELSE o.decided_at_ms END)::bigint AS decided_ms, count(*) AS tickets
FROM tickets t JOIN tickets o ON o.user_id = t.user_id AND (o.created_at_ms, o.id) < (t.created_at_ms, t.id)
WHERE t.id = ANY (@ids::uuid[])
GROUP BY 1, 2, 3, 4;

-- name: BacktestHistory :many
-- BacktestHistory is TicketHistory for each of some tickets, with the statuses that there were when it was submitted.
SELECT t.id, w.name::text AS name, coalesce(o.extra -> w.field ->> 'currency', '')::text AS currency, (CASE WHEN w.field = '' THEN count(*) ELSE coalesce(sum(
    CASE jsonb_typeof(o.extra -> w.field) WHEN 'number' THEN (o.extra ->> w.field)::numeric
      WHEN 'object' THEN CASE WHEN jsonb_typeof(o.extra -> w.field -> 'amount') = 'number' THEN (o.extra -> w.field ->> 'amount')::numeric END END), 0) END)::double precision AS found
FROM tickets t CROSS JOIN (
  SELECT unnest(@names::text[]) AS name, unnest(@lengths_ms::bigint[]) AS length_ms, unnest(@statuses::text[]) AS status, unnest(@fields::text[]) AS field
) w JOIN tickets o ON o.user_id = t.user_id AND (o.created_at_ms, o.id) < (t.created_at_ms, t.id) AND o.created_at_ms > t.created_at_ms - w.length_ms
  CROSS JOIN LATERAL (
    SELECT CASE WHEN o.updated_at_ms <= t.created_at_ms THEN o.status WHEN o.status = 'revoked' AND o.decided_at_ms <= t.created_at_ms THEN 'approved' ELSE 'processing' END AS status
  ) past
WHERE t.id = ANY (@ids::uuid[])
  AND CASE w.status WHEN '' THEN past.status IN ('processing', 'approved') WHEN 'submitted' THEN true ELSE past.status = w.status END
GROUP BY t.id, w.name, w.field, currency;

-- name: BacktestSignals :many
-- BacktestSignals reads what was measured and read of the pictures that some tickets name.
SELECT n.ticket_id, n.field, n.file_id, f.signals, f.readings FROM ticket_files n JOIN files f ON f.user_id = n.user_id AND f.id = n.file_id
WHERE n.ticket_id = ANY (@ids::uuid[]) AND f.media_type = 'image/jpeg';
