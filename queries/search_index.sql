-- name: SearchIndexBegin :exec
-- SearchIndexBegin notes that tickets are indexed under a fingerprint, where none is known or there is no ticket.
INSERT INTO search_index AS s (fingerprint) VALUES (@fingerprint)
ON CONFLICT (single) DO UPDATE SET fingerprint = excluded.fingerprint, at_ms = now_ms()
WHERE s.fingerprint <> excluded.fingerprint AND NOT EXISTS (SELECT FROM tickets);

-- name: SearchIndexIs :one
-- SearchIndexIs reports whether the tickets were indexed under a fingerprint, as far as is known.
SELECT (NOT EXISTS (SELECT FROM search_index s WHERE s.fingerprint <> @fingerprint))::boolean AS indexed;

-- name: SearchIndexPut :exec
-- SearchIndexPut notes that all tickets were indexed under a fingerprint.
INSERT INTO search_index AS s (fingerprint) VALUES (@fingerprint)
ON CONFLICT (single) DO UPDATE SET fingerprint = excluded.fingerprint, at_ms = now_ms();
