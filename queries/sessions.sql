-- name: SessionAdd :exec
-- SessionAdd adds a session.
INSERT INTO sessions (token_hash, account_id, account_version, browser)
VALUES (@token_hash, @account_id, @account_version::bigint, @browser);

-- name: SessionGet :batchone
-- SessionGet finds a valid session with its account and, if it is to be touched, touches it at most once a minute. No row:
-- there is none, it is too old, it was idle for too long, or its account has changed or is disabled.
WITH live AS (
  SELECT s.token_hash, s.seen_at_ms, a.id, a.email, a.role, a.version, a.must_change_password FROM sessions s JOIN accounts a ON a.id = s.account_id
  WHERE s.token_hash = @token_hash AND s.created_at_ms > now_ms() - @age_ms::bigint
    AND a.disabled_at_ms IS NULL AND (s.account_version IS NULL OR s.account_version = a.version)
    AND (a.role = 'customer' OR s.seen_at_ms > now_ms() - @idle_ms::bigint)
), touched AS (
  UPDATE sessions SET seen_at_ms = now_ms() FROM live
  WHERE @touch::boolean AND sessions.token_hash = live.token_hash AND live.seen_at_ms < now_ms() - 60000
)
SELECT id, email, role, version, must_change_password FROM live;

-- name: SessionDelete :exec
-- SessionDelete ends one session.
DELETE FROM sessions WHERE token_hash = @token_hash;

-- name: SessionDeleteOld :exec
-- SessionDeleteOld deletes expired sessions.
DELETE FROM sessions WHERE created_at_ms < now_ms() - @age_ms::bigint;

-- name: SessionDeleteOf :one
-- SessionDeleteOf ends every session of an account, of all accounts if email is empty, and counts them. No row: there is no
-- such account.
WITH ended AS (
  DELETE FROM sessions USING accounts a
  WHERE a.id = sessions.account_id AND (@email::text = '' OR a.email = @email)
  RETURNING 1
)
SELECT (SELECT count(*) FROM ended)::bigint AS ended
WHERE @email = '' OR EXISTS (SELECT FROM accounts WHERE email = @email);
