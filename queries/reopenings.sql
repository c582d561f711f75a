-- name: ReopeningAdd :one
-- ReopeningAdd opens the door that the last ticket of a user closed. No row: it is open, or was opened before.
INSERT INTO reopenings (ticket_id, user_id, reopened_by, note)
SELECT last.id, last.user_id, @reopened_by, @note
FROM (
  SELECT t.* FROM tickets t WHERE t.user_id = @user_id AND t.one_open
  ORDER BY t.created_at_ms DESC, t.id DESC LIMIT 1
) AS last
WHERE last.status = 'rejected' AND (last.reject_class = 'final' OR last.attempt >= @attempts::integer)
ON CONFLICT DO NOTHING
RETURNING *;

-- name: ReopeningList :many
-- ReopeningList lists when the door was opened for a user, newest first.
SELECT * FROM reopenings WHERE user_id = @user_id ORDER BY at_ms DESC LIMIT 50;
