-- name: FormKeep :exec
-- FormKeep stores the text of a form, unless it is stored.
INSERT INTO forms (version, text) VALUES (@version, @text) ON CONFLICT DO NOTHING;

-- name: FormSince :one
-- FormSince is when a version of the form was stored first. No row: it is not stored.
SELECT created_at_ms FROM forms WHERE version = @version;

-- name: FormList :many
-- FormList finds the texts of these versions; a short one, of a ticket from before, also by the full one that begins with it. No
-- row: that version is not stored.
SELECT asked.version::text AS version, stored.text
FROM unnest(@versions::text[]) AS asked (version)
CROSS JOIN LATERAL (
  SELECT f.text FROM forms f
  WHERE f.version = asked.version OR length(asked.version) = 12 AND left(f.version, 12) = asked.version
  ORDER BY f.version = asked.version DESC
  LIMIT 1
) AS stored;
