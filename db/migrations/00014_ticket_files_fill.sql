-- +goose Up

-- What tickets named before: the last one by files.ticket_id, the others by their answers. There are no foreign keys yet,
-- which would lock each open ticket until the end of this.
INSERT INTO ticket_files (ticket_id, field, file_id)
SELECT ticket_id, field, id FROM files WHERE ticket_id IS NOT NULL
UNION
SELECT t.id, f.field, f.id
FROM tickets t CROSS JOIN LATERAL jsonb_each_text(t.extra) answer
  JOIN files f ON f.id::text = answer.value AND f.field = answer.key AND f.user_id = t.user_id
WHERE f.ticket_id IS NOT NULL
ON CONFLICT DO NOTHING;
