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

-- name: FormBefore :one
-- FormBefore is the form that was stored last before this version; of a version that is not stored, the last one. No row: there is none.
SELECT f.version, f.text, f.created_at_ms FROM forms f
WHERE f.version NOT IN (@version, left(@version, 12))
  AND f.created_at_ms <= coalesce((SELECT own.created_at_ms FROM forms own WHERE own.version = @version), 9223372036854775807)
ORDER BY f.created_at_ms DESC, f.version
LIMIT 1;
