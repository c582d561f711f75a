-- name: AccountAdd :one
-- AccountAdd adds an account. No row: the address has one.
INSERT INTO accounts (id, email, role, password_hash, must_change_password)
VALUES (@id, @email, @role, @password_hash, @must_change_password)
ON CONFLICT DO NOTHING
RETURNING *;

-- name: AccountByEmail :one
-- AccountByEmail finds an account by its address in lower case, and says when it was read.
SELECT sqlc.embed(accounts), now_ms()::bigint AS read_ms FROM accounts WHERE email = @email;

-- name: AccountEmails :many
-- AccountEmails names the accounts with these ids.
SELECT id, email FROM accounts WHERE id = ANY (@ids::uuid[]);

-- name: AccountStaff :many
-- AccountStaff lists the agents and admins who may sign in.
SELECT id, email FROM accounts WHERE role IN ('agent', 'admin') AND disabled_at_ms IS NULL ORDER BY email;

-- name: AccountChooseLanguage :exec
-- AccountChooseLanguage sets in which language the owner of an account reads pages and e-mails; empty: that of the browser.
UPDATE accounts SET chosen_language = @chosen, language = CASE WHEN @chosen::text <> '' THEN @chosen ELSE language END WHERE id = @id;

-- name: AccountSetTimeZone :exec
-- AccountSetTimeZone sets in which time zone the owner of an account reads times.
UPDATE accounts SET time_zone = @time_zone WHERE id = @id;

-- name: AccountReplace :exec
-- AccountReplace adds an account, or gives the one with this address a new password and role.
INSERT INTO accounts (id, email, role, password_hash, must_change_password)
VALUES (@id, @email, @role, @password_hash, @must_change_password)
ON CONFLICT (email) DO UPDATE
SET role = excluded.role, password_hash = excluded.password_hash, must_change_password = excluded.must_change_password, confirmed = true,
  version = accounts.version + 1;

-- name: AccountList :many
-- AccountList lists accounts, with how many sessions each has that are not older than an age, and whether it has a second factor.
-- An empty role is any.
SELECT sqlc.embed(accounts), (
  SELECT count(*) FROM sessions s WHERE s.account_id = accounts.id AND s.created_at_ms > now_ms() - @age_ms::bigint
)::bigint AS sessions, EXISTS (SELECT 1 FROM factors f WHERE f.account_id = accounts.id)::boolean AS factor
FROM accounts WHERE @role::text = '' OR role = @role ORDER BY email;

-- name: AccountSetPassword :execrows
-- AccountSetPassword gives an account a new password, which its owner has to change. Zero: there is no such account.
UPDATE accounts SET password_hash = @password_hash, must_change_password = true, confirmed = true, version = version + 1 WHERE email = @email;

-- name: AccountChangeOwnPassword :one
-- AccountChangeOwnPassword gives the owner of a session a new password and ends every other session of the account. False: the
-- session or the account has changed since its version was read.
SELECT session_change_password(@session_hash::bytea, @version::bigint, @password_hash::text, @mac::bytea)::boolean AS changed;

-- name: AccountSetRole :execrows
-- AccountSetRole gives an account another role. Zero: there is no such account.
UPDATE accounts SET role = @role, version = version + 1 WHERE email = @email;

-- name: AccountSetDisabled :execrows
-- AccountSetDisabled disables or enables an account; the time at which it was disabled first stays. Zero: there is no such
-- account.
WITH now AS MATERIALIZED (SELECT now_ms() AS ms)
UPDATE accounts SET disabled_at_ms = CASE WHEN @disabled::boolean THEN coalesce(disabled_at_ms, now.ms) END, version = version + 1
FROM now WHERE email = @email;

-- name: AccountRehash :exec
-- AccountRehash replaces the hash of a password by another one of the same password, unless it has changed meanwhile.
SELECT password_rehash(@id::uuid, @old::text, @password_hash::text, @mac::bytea);

-- name: AccountAttributes :one
-- AccountAttributes is what is known of the owner of an account.
SELECT attributes FROM accounts WHERE id = @id;

-- name: AccountSetAttributes :execrows
-- AccountSetAttributes sets attributes of an account, after these names were removed. Zero: there is no such account.
UPDATE accounts SET attributes = (attributes - @names::text[]) || @attributes::jsonb WHERE email = @email;
