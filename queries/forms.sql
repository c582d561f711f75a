-- name: FormKeep :exec
-- FormKeep keeps the text of a form unless it is kept already.
INSERT INTO forms (version, text) VALUES (@version, @text) ON CONFLICT DO NOTHING;

-- name: FormList :many
-- FormList finds the texts of these versions. No row: nobody kept that one.
SELECT version, text FROM forms WHERE version = ANY (@versions::text[]);
