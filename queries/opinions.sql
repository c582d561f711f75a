-- name: OpinionGive :one
-- OpinionGive keeps a decision as an opinion, if the ticket needs a second one or has opinions, and none of somebody else agrees.
-- It ends that the ticket is handed over to the agent who gave it: somebody else has to be offered it. The caller has locked the
-- ticket. No row: it is to be decided.
WITH given AS (
  INSERT INTO opinions (user_id, ticket_id, ordinal, given_by, verdict, reasons, class, reject_rows, comment, note, grant_extra)
  SELECT (SELECT t.user_id FROM tickets t WHERE t.id = @ticket_id), @ticket_id, 1 + (SELECT count(*) FROM opinions o WHERE o.ticket_id = @ticket_id), @given_by::text, @verdict::text,
    sqlc.narg('reasons')::text[], sqlc.narg('class'), sqlc.narg('reject_rows')::text[], @comment, @note, sqlc.narg('grant_extra')::jsonb
  WHERE (@second::boolean OR EXISTS (SELECT 1 FROM opinions o WHERE o.ticket_id = @ticket_id))
    AND NOT EXISTS (SELECT 1 FROM opinions o WHERE o.ticket_id = @ticket_id AND o.verdict = @verdict AND o.given_by <> @given_by)
    AND NOT EXISTS (SELECT 1 FROM approval_steps s WHERE s.ticket_id = @ticket_id)
  RETURNING user_id, ticket_id, ordinal
), removed AS (
  DELETE FROM placements p USING given WHERE p.user_id = given.user_id AND p.ticket_id = given.ticket_id AND 'agent:' || text(p.account_id) = @given_by
)
SELECT given.ordinal FROM given;

-- name: OpinionOpen :one
-- OpinionOpen locks an open ticket that a program may give an opinion of. No row: there is none, it has changed, an agent holds it, or a
-- decision of it is pending.
SELECT t.* FROM tickets t
WHERE (@of_user::text = '' OR t.user_id = @of_user) AND t.id = @id AND t.version = @version AND t.status = 'processing'
  AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.user_id = t.user_id AND c.ticket_id = t.id AND c.until_ms > now_ms())
  AND NOT EXISTS (SELECT 1 FROM pending_decisions p WHERE p.user_id = t.user_id AND p.ticket_id = t.id AND p.due_at_ms IS NOT NULL)
FOR UPDATE OF t;

-- name: OpinionList :many
-- OpinionList lists the opinions of these tickets, in the order in which they were given.
SELECT * FROM opinions WHERE ticket_id = ANY (@ids::uuid[]) ORDER BY ticket_id, step, ordinal;

-- name: OpinionDisagreed :many
-- OpinionDisagreed lists the open tickets of which two agents think differently, the longest so first.
SELECT t.id FROM opinions o JOIN tickets t ON t.user_id = o.user_id AND t.id = o.ticket_id
WHERE o.open AND o.ordinal = 2 AND t.status = 'processing'
ORDER BY o.at_ms, o.ticket_id
LIMIT @max;
