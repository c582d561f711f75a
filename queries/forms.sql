-- name: FormKeep :exec
-- FormKeep stores the text of a form, unless it is stored.
INSERT INTO forms (version, text) VALUES (@version, @text) ON CONFLICT DO NOTHING;

-- name: FormList :many
-- FormList finds the texts of these versions. No row: that version is not stored.
SELECT version, text FROM forms WHERE version = ANY (@versions::text[]);
