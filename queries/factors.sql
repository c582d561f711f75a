-- name: FactorGet :one
-- FactorGet finds the second factor of an account, and the time of the database. No row: it has none.
SELECT secret, now_ms()::bigint AS now_ms FROM factors WHERE account_id = @account_id;

-- name: FactorState :one
-- FactorState says since when an account has its second factor, and how many recovery codes are left. No row: it has none.
SELECT created_at_ms, (SELECT count(*) FROM recovery_codes r WHERE r.account_id = f.account_id)::bigint AS recovery_codes
FROM factors f WHERE f.account_id = @account_id;

-- name: FactorSetOwn :one
-- FactorSetOwn gives the owner of a session a second factor with recovery codes, in place of the one that there is: then a code of
-- that is used up. False: that code cannot be used, or the session has ended.
SELECT session_set_factor(@session_hash::bytea, @secret::bytea, @first_step::bigint, @recovery_hashes::bytea[], sqlc.narg(step)::bigint,
  sqlc.narg(recovery_hash)::bytea, @mac::bytea)::boolean AS done;

-- name: FactorRemoveOwn :one
-- FactorRemoveOwn takes the second factor from the owner of a session, and uses a code up. False: it cannot be used.
SELECT session_remove_factor(@session_hash::bytea, sqlc.narg(step)::bigint, sqlc.narg(recovery_hash)::bytea, @mac::bytea)::boolean AS done;

-- name: RecoveryCodesRenewOwn :one
-- RecoveryCodesRenewOwn replaces the recovery codes of the owner of a session, and uses a code up. False: it cannot be used.
SELECT session_renew_recovery_codes(@session_hash::bytea, @recovery_hashes::bytea[], sqlc.narg(step)::bigint, sqlc.narg(recovery_hash)::bytea,
  @mac::bytea)::boolean AS done;

-- name: FactorRemove :one
-- FactorRemove takes the second factor from an account, if it has one, and ends its sessions. No row: there is no such account.
WITH owner AS (SELECT id FROM accounts WHERE email = @email),
  removed AS (DELETE FROM factors USING owner WHERE account_id = owner.id RETURNING account_id),
  told AS (INSERT INTO outbox (account_id, kind) SELECT account_id, 'factor_changed' FROM removed WHERE mail_is_sent()),
  ended AS (DELETE FROM sessions USING owner WHERE account_id = owner.id)
SELECT id FROM owner;
