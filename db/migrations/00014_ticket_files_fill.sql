-- +goose Up

-- What tickets named before: the last one by files.ticket_id, the others by their answers. There are no foreign keys yet,
-- which would lock each open ticket until the end of this. Files are found by their id: a user may have very many.
WITH named AS MATERIALIZED (
  SELECT t.id AS ticket_id, t.user_id, answer.key AS field, answer.value::uuid AS file_id
  FROM tickets t CROSS JOIN LATERAL jsonb_each_text(t.extra) answer
  WHERE answer.value ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
)
INSERT INTO ticket_files (ticket_id, field, file_id)
SELECT ticket_id, field, id FROM files WHERE ticket_id IS NOT NULL
UNION
SELECT n.ticket_id, n.field, n.file_id
FROM named n JOIN files f ON f.id = n.file_id AND f.user_id = n.user_id AND f.field = n.field
WHERE f.ticket_id IS NOT NULL
ON CONFLICT DO NOTHING;
