-- name: KeyAdd :one
-- KeyAdd adds the hash of a new key. No row: a key has this name.
INSERT INTO api_keys (id, name, key_hash, scopes, expires_at_ms, not_own, return_origins, fixed)
VALUES (@id, @name, @key_hash, @scopes, sqlc.narg('expires_at_ms'), @not_own, @return_origins, @fixed)
ON CONFLICT (name) DO NOTHING
RETURNING *;

-- name: KeyByHash :one
-- KeyByHash finds a key that was not revoked and has not expired.
SELECT * FROM api_keys
WHERE key_hash = @key_hash AND revoked_at_ms IS NULL AND (expires_at_ms IS NULL OR expires_at_ms > now_ms());

-- name: KeyUse :exec
-- KeyUse records that keys were used about now.
UPDATE api_keys SET used_at_ms = now_ms() WHERE id = ANY (@ids::uuid[]);

-- name: KeyList :many
-- KeyList lists every key, revoked ones too.
SELECT * FROM api_keys ORDER BY created_at_ms, id;

-- name: KeyRevoke :one
-- KeyRevoke ends a key. No row: there is no such key; revoking twice keeps the first time.
UPDATE api_keys SET revoked_at_ms = coalesce(revoked_at_ms, now_ms()) WHERE id = @id
RETURNING *;
