-- name: SessionAdd :one
-- SessionAdd adds a session and says what it depends on. No row: its account has changed since the version, so it is not valid.
SELECT must_change::boolean AS must_change_password, factor::boolean AS factor
FROM session_begin(@token_hash::bytea, @account_id::uuid, @account_version::bigint, @browser::text, @read_ms::bigint, @mac::bytea);

-- name: SessionGet :batchone
-- SessionGet finds a valid session with its account and, if it is to be touched, touches it at most once a minute. No row:
-- there is none, it is too old, it was idle for too long, or its account has changed or is disabled.
WITH live AS (
  SELECT s.token_hash, s.seen_at_ms, a.id, a.email, a.role, a.version, a.must_change_password, a.time_zone, a.chosen_language, s.factor_at_ms, s.confirmed_at_ms,
    s.provider_session IS NOT NULL AS at_provider, (SELECT i.user_id FROM provider_identities i WHERE i.account_id = a.id) AS user_id,
    EXISTS (SELECT 1 FROM factors f WHERE f.account_id = a.id) AS factor
  FROM sessions s JOIN accounts a ON a.id = s.account_id
  WHERE s.token_hash = @token_hash AND s.created_at_ms > now_ms() - @age_ms::bigint
    AND a.disabled_at_ms IS NULL AND (s.account_version IS NULL OR s.account_version = a.version)
    AND (a.role = 'customer' OR s.seen_at_ms > now_ms() - @idle_ms::bigint)
), touched AS (
  UPDATE sessions SET seen_at_ms = now_ms() FROM live
  WHERE @touch::boolean AND sessions.token_hash = live.token_hash AND live.seen_at_ms < now_ms() - 60000
)
SELECT id, email, role, version, must_change_password, time_zone, chosen_language, factor_at_ms, factor::boolean AS factor, at_provider::boolean AS at_provider, coalesce(user_id, '')::text AS user_id,
  coalesce(confirmed_at_ms > now_ms() - @confirmed_ms::bigint, false)::boolean AS confirmed
FROM live;

-- name: SessionRenew :one
-- SessionRenew gives a session another token. False: it has ended.
SELECT session_renew(@token_hash::bytea, @renewed_hash::bytea, @mac::bytea)::boolean AS renewed;

-- name: SessionConfirm :one
-- SessionConfirm notes that the owner of a session has shown the password and, if there is a second factor, a code of it, which is
-- used up. False: it cannot be used.
SELECT session_confirm(@session_hash::bytea, sqlc.narg(step)::bigint, sqlc.narg(recovery_hash)::bytea, @mac::bytea)::boolean AS confirmed;

-- name: SessionsOf :many
-- SessionsOf lists the sessions of an account that are still valid, those seen last first. id names one without its token.
SELECT encode(sha256(s.token_hash), 'hex')::text AS id, s.created_at_ms, s.seen_at_ms, s.browser, (s.token_hash = @token_hash)::boolean AS own
FROM sessions s JOIN accounts a ON a.id = s.account_id
WHERE s.account_id = @account_id AND s.created_at_ms > now_ms() - @age_ms::bigint
  AND (s.account_version IS NULL OR s.account_version = a.version)
  AND (a.role = 'customer' OR s.seen_at_ms > now_ms() - @idle_ms::bigint)
ORDER BY own DESC, s.seen_at_ms DESC LIMIT 100;

-- name: SessionDeleteOthers :execrows
-- SessionDeleteOthers ends the session of an account with an id, or all if it is empty, but for the one with this token, and counts
-- them.
DELETE FROM sessions WHERE account_id = @account_id AND token_hash <> @token_hash
  AND (@id::text = '' OR encode(sha256(token_hash), 'hex') = @id);

-- name: SessionDelete :exec
-- SessionDelete ends one session.
DELETE FROM sessions WHERE token_hash = @token_hash;

-- name: SessionAddAtProvider :one
-- SessionAddAtProvider adds a session of somebody who signed in at a provider. False: the account has changed since the version.
SELECT session_begin_at_provider(@token_hash::bytea, @account_id::uuid, @account_version::bigint, @browser::text, @read_ms::bigint,
  @provider_session::text, @id_token::bytea, @confirmed::boolean, @mac::bytea)::boolean AS begun;

-- name: SessionIDToken :one
-- SessionIDToken is what the provider gets back when a session ends, encrypted; empty for a session that began with a password.
SELECT coalesce(id_token, '')::bytea AS id_token FROM sessions WHERE token_hash = @token_hash;

-- name: SessionDeleteAtProvider :many
-- SessionDeleteAtProvider ends the sessions that began at a provider until a time: those of a subject, of one session there, or both
-- where both are given. A row for each names its account.
DELETE FROM sessions s USING provider_identities i
WHERE i.account_id = s.account_id AND i.issuer = @issuer AND s.provider_session IS NOT NULL AND s.created_at_ms <= @until_ms::bigint
  AND (@subject::text <> '' OR @provider_session::text <> '')
  AND (@subject = '' OR i.subject = @subject) AND (@provider_session = '' OR s.provider_session = @provider_session)
RETURNING s.account_id;

-- name: SessionDeleteOld :exec
-- SessionDeleteOld deletes expired sessions.
DELETE FROM sessions WHERE created_at_ms < (SELECT now_ms() - @age_ms::bigint);

-- name: SessionDeleteOf :one
-- SessionDeleteOf ends every session of an account, of all accounts if email is empty, and counts them. No row: there is no
-- such account.
WITH ended AS (
  DELETE FROM sessions USING accounts a
  WHERE a.id = sessions.account_id AND (@email::text = '' OR a.email = @email)
  RETURNING 1
)
SELECT (SELECT count(*) FROM ended)::bigint AS ended
WHERE @email = '' OR EXISTS (SELECT 1 FROM accounts WHERE email = @email);
