-- name: SearchIndexBegin :exec
-- SearchIndexBegin notes that tickets are indexed under a fingerprint, where none is known or there is no ticket.
WITH noted AS (
  INSERT INTO search_index (fingerprint) VALUES (@fingerprint) ON CONFLICT (single) DO NOTHING
)
UPDATE search_index SET fingerprint = @fingerprint, at_ms = now_ms()
WHERE fingerprint <> @fingerprint AND NOT EXISTS (SELECT 1 FROM tickets);

-- name: SearchIndexIs :one
-- SearchIndexIs reports whether the tickets were indexed under a fingerprint, as far as is known.
SELECT (NOT EXISTS (SELECT 1 FROM search_index s WHERE s.fingerprint <> @fingerprint))::boolean AS indexed;

-- name: SearchIndexPut :exec
-- SearchIndexPut notes that all tickets were indexed under a fingerprint.
INSERT INTO search_index AS s (fingerprint) VALUES (@fingerprint)
ON CONFLICT (single) DO UPDATE SET fingerprint = excluded.fingerprint, at_ms = now_ms();
