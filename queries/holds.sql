-- name: HoldAdd :one
-- HoldAdd begins a hold on a user; one that exists keeps its actor and time, and gets the new reason. It waits for an erasure
-- of that user.
WITH locked AS MATERIALIZED (
  SELECT pg_advisory_xact_lock(user_lock(@user_id::text)) IS NOT NULL AS done
)
INSERT INTO holds AS h (user_id, actor, reason)
SELECT @user_id, @actor, @reason FROM locked
ON CONFLICT (user_id) DO UPDATE SET reason = excluded.reason
RETURNING *;

-- name: HoldAddAsAdmin :one
-- HoldAddAsAdmin is HoldAdd by the admin of a session. No row: there is no such admin.
SELECT user_id::text AS user_id, actor::text AS actor, reason::text AS reason, at_ms::bigint AS at_ms
FROM hold_add(@session_hash::bytea, @user_id::text, @reason::text, @mac::bytea);

-- name: HoldRemove :execrows
-- HoldRemove ends a hold. Zero: there was none.
DELETE FROM holds WHERE user_id = @user_id;

-- name: HoldRemoveAsAdmin :one
-- HoldRemoveAsAdmin ends the hold that began at a time by the admin of a session. False: there is none, or no such admin.
SELECT hold_remove(@session_hash::bytea, @user_id::text, @held_since_ms::bigint, @mac::bytea)::boolean AS removed;

-- name: HoldGet :one
-- HoldGet is the hold on a user. No row: there is none.
SELECT * FROM holds WHERE user_id = @user_id;

-- name: HoldList :many
-- HoldList lists every hold, oldest first.
SELECT * FROM holds ORDER BY at_ms, user_id;
