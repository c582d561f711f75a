-- name: PendingAdd :one
-- PendingAdd keeps a decision that is made when it is due, with the guards of TicketDecide, and ends the agent's claim. The same
-- decision again leaves its time as it is. No row: as for TicketDecide, or the ticket has another pending decision, or the agent has given an
-- opinion of it, or two agents disagree or it is handed over to somebody else and this one is no admin.
WITH open AS (
  SELECT t.id, t.user_id FROM tickets t
  WHERE (@of_user::text = '' OR t.user_id = @of_user) AND t.id = @id AND t.version = @version AND t.status = 'processing' AND 'agent:' || t.user_id <> @decided_by::text
    AND NOT EXISTS (
      SELECT 1 FROM claims c WHERE c.user_id = t.user_id AND c.ticket_id = t.id AND c.until_ms > now_ms() AND 'agent:' || c.account_id <> @decided_by
    )
    AND NOT EXISTS (
      SELECT 1 FROM opinions o WHERE o.user_id = t.user_id AND o.ticket_id = t.id AND (o.given_by = @decided_by OR o.ordinal = 2 AND NOT account_is_admin(@decided_by))
    )
    AND (NOT EXISTS (SELECT 1 FROM approval_steps s WHERE s.user_id = t.user_id AND s.ticket_id = t.id) OR open_step(t.user_id, t.id, @decided_by) IS NOT NULL)
    AND (account_is_admin(@decided_by) OR NOT EXISTS (
      SELECT 1 FROM placements p WHERE p.user_id = t.user_id AND p.ticket_id = t.id AND ('agent:' || p.account_id <> @decided_by OR p.team IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM team_members m WHERE m.team = p.team AND 'agent:' || m.account_id = @decided_by))
    ))
  FOR UPDATE
), released AS (
  DELETE FROM claims USING open WHERE claims.user_id = open.user_id AND claims.ticket_id = open.id
)
INSERT INTO pending_decisions AS p (user_id, ticket_id, version, status, decided_by, reject_reasons, reject_class, reject_rows, reject_comment, note, grant_extra, second, due_at_ms)
SELECT open.user_id, open.id, @version, @status, @decided_by, sqlc.narg('reject_reasons'), sqlc.narg('reject_class'), sqlc.narg('reject_rows'), sqlc.narg('reject_comment'), @note, sqlc.narg('grant_extra'), @second,
  now_ms() + @window_ms::bigint
FROM open
ON CONFLICT ON CONSTRAINT pending_decisions_pkey DO UPDATE
SET version = excluded.version, status = excluded.status, decided_by = excluded.decided_by, reject_reasons = excluded.reject_reasons,
    reject_class = excluded.reject_class, reject_rows = excluded.reject_rows, reject_comment = excluded.reject_comment, note = excluded.note, grant_extra = excluded.grant_extra, second = excluded.second,
    due_at_ms = coalesce(p.due_at_ms, excluded.due_at_ms)
WHERE p.due_at_ms IS NULL
  OR (p.version, p.status, p.decided_by, p.reject_reasons, p.reject_class, p.reject_rows, p.reject_comment, p.note, p.grant_extra, p.second)
    IS NOT DISTINCT FROM (excluded.version, excluded.status, excluded.decided_by, excluded.reject_reasons, excluded.reject_class, excluded.reject_rows,
      excluded.reject_comment, excluded.note, excluded.grant_extra, excluded.second)
RETURNING p.ticket_id;

-- name: PendingUndo :one
-- PendingUndo takes back an agent's pending decision, and gives them the ticket. No row: there is none, or the ticket is closed.
WITH open AS (
  SELECT t.id, t.user_id FROM tickets t WHERE (@of_user::text = '' OR t.user_id = @of_user) AND t.id = @ticket_id AND t.status = 'processing' FOR UPDATE
), undone AS (
  UPDATE pending_decisions p SET due_at_ms = NULL FROM open
  WHERE p.user_id = open.user_id AND p.ticket_id = open.id AND p.decided_by = 'agent:' || text(@account_id::uuid) AND p.due_at_ms IS NOT NULL
  RETURNING open.user_id, p.ticket_id
)
INSERT INTO claims (user_id, ticket_id, account_id, until_ms)
SELECT undone.user_id, undone.ticket_id, @account_id, now_ms() + @lease_ms::bigint FROM undone
ON CONFLICT ON CONSTRAINT claims_pkey DO UPDATE SET account_id = excluded.account_id, until_ms = excluded.until_ms
RETURNING ticket_id;

-- name: PendingSoon :many
-- PendingSoon lists the pending decisions that are due within a second, the first one first, and in how long.
SELECT p.ticket_id, t.user_id, (p.due_at_ms - now_ms())::bigint AS left_ms
FROM pending_decisions p JOIN tickets t ON t.user_id = p.user_id AND t.id = p.ticket_id
WHERE p.due_at_ms < (SELECT now_ms() + 1000)
ORDER BY p.due_at_ms
LIMIT @max;

-- name: PendingTakeDue :one
-- PendingTakeDue deletes a pending decision that is due, so that TicketDecide can make it in the same transaction. It locks the
-- ticket first, as TicketDecide does. No row: it is not due, or another transaction has the ticket.
WITH due AS (
  SELECT p.user_id, p.ticket_id FROM tickets t JOIN pending_decisions p ON p.user_id = t.user_id AND p.ticket_id = t.id
  WHERE (@of_user::text = '' OR t.user_id = @of_user) AND t.id = @ticket_id AND p.due_at_ms <= now_ms()
  FOR UPDATE SKIP LOCKED
), released AS (
  DELETE FROM claims USING due WHERE claims.user_id = due.user_id AND claims.ticket_id = due.ticket_id
)
DELETE FROM pending_decisions p USING due WHERE p.user_id = due.user_id AND p.ticket_id = due.ticket_id
RETURNING p.*;

-- name: PendingStop :exec
-- PendingStop ends a pending decision that is due, as an undo does, but for nobody.
UPDATE pending_decisions SET due_at_ms = NULL WHERE ticket_id = @ticket_id AND due_at_ms <= now_ms();

-- name: PendingTakeNow :one
-- PendingTakeNow is PendingTakeDue for the agent who does not want to wait. No row: there is none of theirs.
WITH due AS (
  SELECT p.user_id, p.ticket_id FROM tickets t JOIN pending_decisions p ON p.user_id = t.user_id AND p.ticket_id = t.id
  WHERE (@of_user::text = '' OR t.user_id = @of_user) AND t.id = @ticket_id AND p.decided_by = @decided_by AND p.due_at_ms IS NOT NULL
  FOR UPDATE
), released AS (
  DELETE FROM claims USING due WHERE claims.user_id = due.user_id AND claims.ticket_id = due.ticket_id
)
DELETE FROM pending_decisions p USING due WHERE p.user_id = due.user_id AND p.ticket_id = due.ticket_id
RETURNING p.*;

-- name: PendingList :many
-- PendingList lists the pending decisions of an agent, and those of these tickets with the ones that were undone, the one that is
-- due last first.
SELECT sqlc.embed(p), coalesce(p.due_at_ms - now_ms(), 0)::bigint AS left_ms
FROM pending_decisions p
WHERE p.ticket_id = ANY (@ids::uuid[]) OR p.decided_by = @decided_by AND p.due_at_ms IS NOT NULL
ORDER BY p.due_at_ms DESC NULLS LAST, p.ticket_id;
