-- name: RollupLock :one
-- RollupLock reads how far the counts are, and keeps other instances from counting until the transaction ends. proven says that no
-- transaction runs that had begun to write at mark_ms. No row: another instance is counting.
SELECT s.settled_ms, s.mark_ms,
  (s.mark_xid > 0 AND s.mark_xid <= pg_snapshot_xmin(pg_current_snapshot())::text::bigint)::boolean AS proven,
  (s.mark_xid > pg_snapshot_xmax(pg_current_snapshot())::text::bigint)::boolean AS foreign_mark,
  now_ms()::bigint AS now_ms
FROM rollup_state s FOR UPDATE SKIP LOCKED;

-- name: RollupMark :exec
-- RollupMark marks the present: see RollupLock. Whoever had begun to write before this transaction has a smaller id.
UPDATE rollup_state SET mark_xid = pg_current_xact_id()::text::bigint, mark_ms = now_ms();

-- name: RollupSettle :exec
-- RollupSettle notes that the counts of before a time are final.
UPDATE rollup_state SET settled_ms = @settled_ms;

-- name: RollupPartial :one
-- RollupPartial reports whether there are tickets of before a time, and not everything before it is counted: see RollupLock.
SELECT (s.settled_ms < @before_ms::bigint AND EXISTS (SELECT 1 FROM tickets t WHERE t.created_at_ms < @before_ms))::boolean AS partial FROM rollup_state s;

-- name: RollupFirst :one
-- RollupFirst finds when the first ticket was created. No row: there is none.
SELECT created_at_ms FROM tickets ORDER BY created_at_ms, id LIMIT 1;

-- name: RollupLate :one
-- RollupLate removes the notes of a half hour to which events were added late, but for those of transactions that run. No row:
-- there is none.
WITH first AS (
  SELECT at_ms FROM rollup_late ORDER BY at_ms LIMIT 1 FOR UPDATE SKIP LOCKED
), noted AS (
  SELECT l.id FROM rollup_late l JOIN first f ON f.at_ms = l.at_ms FOR UPDATE OF l SKIP LOCKED
), gone AS (
  DELETE FROM rollup_late USING noted WHERE rollup_late.id = noted.id
)
SELECT at_ms FROM first;

-- name: RollupArchiveLock :exec
-- RollupArchiveLock waits until nobody archives, and lets nobody until the transaction ends.
SELECT pg_advisory_xact_lock_shared(hashtext('docket archive'));

-- name: RollupArchived :one
-- RollupArchived reports whether the archive has something of a half hour.
SELECT EXISTS (SELECT FROM archived_slots a WHERE a.at_ms = @at_ms::bigint);

-- name: RollupCount :exec
-- RollupCount counts what happened in the half hours from a time to another, and replaces what was counted of them before.
SELECT rollup_count(@from_ms::bigint, @to_ms::bigint);

-- name: RollupAddUp :exec
-- RollupAddUp adds up the half hours of a day of UTC that begins at a time.
SELECT rollup_add_up(@day_ms::bigint);

-- name: RollupSums :many
-- RollupSums reads what happened up to certain times: for each of them the last sums of a unit that begin between two times. No row: nothing
-- happened in between.
SELECT t.place::integer AS place, r.sums FROM (
  SELECT unnest(@places::integer[]) AS place, unnest(@units::text[]) AS unit, unnest(@firsts::bigint[]) AS first_ms, unnest(@lasts::bigint[]) AS last_ms
) t CROSS JOIN LATERAL (
  SELECT s.sums FROM rollup_sums s WHERE s.unit = t.unit AND s.at_ms >= t.first_ms AND s.at_ms <= t.last_ms ORDER BY s.at_ms DESC LIMIT 1
) r;

-- name: RollupRunning :many
-- RollupRunning is what happened from the beginning of a day of UTC to the end of half hours, which begin at these times.
SELECT * FROM rollup_running WHERE at_ms = ANY (@begins::bigint[]);

-- name: RollupWaiting :many
-- RollupWaiting counts the tickets that wait, by their queue and by how long they have waited: the number of bounds, in ascending order of
-- time, that they were created at or after. Where more waited at the last count than most, it is that count, to the half hour; else they
-- are counted now, up to max.
WITH counted AS MATERIALIZED (
  SELECT queue, at_ms, n FROM rollup_waiting
), many AS MATERIALIZED (
  SELECT coalesce(sum(n), 0) > @most::integer AS yes FROM counted
)
SELECT w.queue::text AS queue, width_bucket(w.at_ms, @bounds::bigint[])::integer AS part, sum(w.n)::bigint AS n
FROM (
  SELECT c.queue, c.at_ms, c.n FROM counted c WHERE (SELECT m.yes FROM many m)
  UNION ALL
  (SELECT t.queue, t.created_at_ms AS at_ms, 1::bigint AS n FROM tickets t
  WHERE t.status = 'processing' AND NOT (SELECT m.yes FROM many m) ORDER BY t.created_at_ms, t.id LIMIT @max)
) w
GROUP BY 1, 2;

-- name: RollupWaitingCount :exec
-- RollupWaitingCount counts what waits, for RollupWaiting: by half an hour from a time on, and what was submitted before together.
WITH fresh AS (
  SELECT queue, CASE WHEN created_at_ms < @from_ms::bigint THEN 0 ELSE created_at_ms - created_at_ms % 1800000 END AS at_ms, count(*) AS n
  FROM tickets WHERE status = 'processing' GROUP BY 1, 2
), gone AS (
  DELETE FROM rollup_waiting w WHERE NOT EXISTS (SELECT 1 FROM fresh f WHERE (f.queue, f.at_ms) = (w.queue, w.at_ms))
)
INSERT INTO rollup_waiting AS w (queue, at_ms, n)
SELECT queue, at_ms, n FROM fresh
ON CONFLICT (queue, at_ms) DO UPDATE SET n = excluded.n WHERE w.n <> excluded.n;

-- name: RollupWaits :many
-- RollupWaits adds up how long tickets waited that rules did not decide, from a time on.
SELECT d.bucket, sum(d.n)::bigint AS n FROM rollup_days d
WHERE d.at_ms >= @from_ms AND d.what = 'wait' AND d.key <> 'rule'
GROUP BY 1;
