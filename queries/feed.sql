-- name: FeedState :one
-- FeedState is how far numbers were taken, and which transactions may hold one of these: see the function.
SELECT taken::bigint AS taken, holders::text[] AS holders FROM feed_state();

-- name: FeedPage :many
-- FeedPage reads the events of tickets from after one number up to another, and the erasures of users among them, in their order.
SELECT * FROM (
  (SELECT e.seq::bigint AS seq, e.ticket_id::uuid AS ticket_id, e.user_id::text AS user_id, e.version, e.kind, e.at_ms, e.reason, e.reasons, 0::bigint AS erasure
   FROM ticket_events e
   WHERE e.seq > @after::bigint AND e.seq <= @until::bigint
   ORDER BY e.seq LIMIT @max)
  UNION ALL
  (SELECT e.seq, '00000000-0000-0000-0000-000000000000'::uuid, e.user_id, 0, 'user_erased', e.at_ms, NULL, NULL, e.id
   FROM erasures e
   WHERE e.seq > @after::bigint AND e.seq <= @until::bigint
   ORDER BY e.seq LIMIT @max)
) AS events
ORDER BY seq LIMIT @max;

-- name: FeedAt :one
-- FeedAt is how far the feed was at a time, or up to an hour before. No row: it has no mark of then.
SELECT seq FROM feed_marks WHERE at_ms <= @at_ms ORDER BY at_ms DESC LIMIT 1;

-- name: FeedOldest :one
-- FeedOldest is how far the feed was 30 days ago. No row: it is younger.
SELECT seq FROM feed_marks WHERE at_ms <= now_ms() - 30 * 86400000::bigint ORDER BY at_ms DESC LIMIT 1;

-- name: FeedMark :exec
-- FeedMark notes how far the feed is now, unless that was noted within an hour, and removes what FeedOldest does not need.
WITH gone AS (
  DELETE FROM feed_marks WHERE at_ms < (SELECT max(m.at_ms) FROM feed_marks m WHERE m.at_ms <= now_ms() - 30 * 86400000::bigint)
)
INSERT INTO feed_marks (at_ms, seq)
SELECT now_ms(), @seq WHERE NOT EXISTS (SELECT 1 FROM feed_marks m WHERE m.at_ms > now_ms() - 3600000)
ON CONFLICT DO NOTHING;
