-- name: ClaimLock :exec
-- ClaimLock lets one transaction at a time look for the next ticket: of two that look at once both would find the same
-- one, and the second would get none although others wait.
SELECT pg_advisory_xact_lock(hashtext('docket claim'));

-- name: ClaimNext :one
-- ClaimNext takes the oldest open ticket that nobody holds and that is not the agent's own. No row: there is none.
WITH next AS (
  SELECT t.id FROM tickets t
  WHERE t.status = 'processing' AND t.user_id <> text(@account_id::uuid)
    AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.ticket_id = t.id AND c.until_ms > now_ms())
  ORDER BY t.created_at_ms, t.id
  LIMIT 1
  FOR UPDATE SKIP LOCKED
)
INSERT INTO claims AS held (ticket_id, account_id, until_ms)
SELECT next.id, @account_id, now_ms() + @lease_ms::bigint FROM next
ON CONFLICT (ticket_id) DO UPDATE SET account_id = excluded.account_id, until_ms = excluded.until_ms
WHERE held.until_ms <= now_ms()
RETURNING ticket_id;

-- name: ClaimTake :one
-- ClaimTake takes or keeps one open ticket. No row: it is closed, the agent's own, or held by somebody else.
WITH open AS (
  SELECT t.id FROM tickets t
  WHERE t.id = @ticket_id AND t.status = 'processing' AND t.user_id <> text(@account_id::uuid)
  FOR UPDATE
)
INSERT INTO claims AS held (ticket_id, account_id, until_ms)
SELECT open.id, @account_id, now_ms() + @lease_ms::bigint FROM open
ON CONFLICT (ticket_id) DO UPDATE SET account_id = excluded.account_id, until_ms = excluded.until_ms
WHERE held.until_ms <= now_ms() OR held.account_id = excluded.account_id
RETURNING *;

-- name: ClaimRelease :exec
-- ClaimRelease ends an agent's claim on a ticket.
DELETE FROM claims WHERE ticket_id = @ticket_id AND account_id = @account_id;

-- name: ClaimList :many
-- ClaimList finds who holds which of these tickets now.
SELECT * FROM claims WHERE ticket_id = ANY (@ids::uuid[]) AND until_ms > now_ms();
