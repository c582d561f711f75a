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

-- name: RollupProgress :one
-- RollupProgress is up to when everything was counted: see RollupLock; and whether there is a ticket.
SELECT s.settled_ms, EXISTS (SELECT FROM tickets)::boolean AS any_ticket FROM rollup_state s;

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

-- name: RollupCount :exec
-- RollupCount counts what happened in the half hours from a time to another, and replaces what was counted of them before.
SELECT rollup_count(@from_ms::bigint, @to_ms::bigint);

-- name: RollupAddUp :exec
-- RollupAddUp adds up the half hours of a day of UTC that begins at a time.
SELECT rollup_add_up(@day_ms::bigint);

-- name: RollupTotals :many
-- RollupTotals adds up a range of time: its whole days, from first_day_ms to last_day_ms, and the half hours before and after them. How
-- long tickets waited is in RollupRunning.
SELECT c.what, c.key, c.bucket, sum(c.n)::bigint AS n FROM (
  SELECT d.what, d.key, d.bucket, d.n FROM rollup_days d WHERE d.at_ms >= @first_day_ms AND d.at_ms < @last_day_ms AND d.what <> 'wait'
  UNION ALL
  SELECT s.what, s.key, s.bucket, s.n FROM rollup_slots s WHERE s.at_ms >= @from_ms AND s.at_ms < @first_day_ms AND s.what <> 'wait'
  UNION ALL
  SELECT s.what, s.key, s.bucket, s.n FROM rollup_slots s WHERE s.at_ms >= @last_day_ms AND s.at_ms < @to_ms AND s.what <> 'wait'
) c
GROUP BY 1, 2, 3;

-- name: RollupRunning :many
-- RollupRunning is what happened from the beginning of a day of UTC to the end of half hours, which begin at these times.
SELECT * FROM rollup_running WHERE at_ms = ANY (@begins::bigint[]);

-- name: RollupWaiting :many
-- RollupWaiting counts the tickets that wait, up to a limit, by their queue and by how long they have waited: the number of bounds, in
-- ascending order of time, that they were created at or after.
SELECT w.queue, width_bucket(w.created_at_ms, @bounds::bigint[])::integer AS part, count(*) AS n
FROM (
  SELECT queue, created_at_ms FROM tickets WHERE status = 'processing' ORDER BY created_at_ms, id LIMIT @most
) w
GROUP BY 1, 2;

-- name: RollupWaits :many
-- RollupWaits adds up how long tickets waited that rules did not decide, from a time on.
SELECT d.bucket, sum(d.n)::bigint AS n FROM rollup_days d
WHERE d.at_ms >= @from_ms AND d.what = 'wait' AND d.key <> 'rule'
GROUP BY 1;
