-- name: ReopeningAdd :one
-- ReopeningAdd allows resubmission after the last ticket of a user for a subject, which closed it: the newest of those. No row: it is allowed, or was allowed
-- before.
INSERT INTO reopenings (ticket_id, user_id, reopened_by, note)
SELECT last.id, last.user_id, @reopened_by, @note
FROM (
  SELECT DISTINCT ON (t.subject) t.* FROM tickets t WHERE t.user_id = @user_id AND t.one_open
  ORDER BY t.subject, t.created_at_ms DESC, t.id DESC
) AS last
WHERE last.status = 'rejected' AND (last.reject_class = 'final' OR last.attempt >= @attempts::integer)
  OR last.status = 'revoked' AND last.reject_class = 'final'
ORDER BY last.created_at_ms DESC LIMIT 1
ON CONFLICT DO NOTHING
RETURNING *;

-- name: ReopeningList :many
-- ReopeningList lists when resubmission was allowed again for a user, newest first.
SELECT * FROM reopenings WHERE user_id = @user_id ORDER BY at_ms DESC LIMIT 50;
