-- name: PeopleList :many
-- PeopleList lists agents and admins whose address has a text in it, and the account that has this very address, with what admins see
-- of each. Sessions are counted that are not older than an age.
WITH found AS (
  SELECT a.id FROM accounts a WHERE a.role <> 'customer' AND strpos(a.email, @find::text) > 0
  UNION
  SELECT a.id FROM accounts a WHERE a.email = @find::text
)
SELECT sqlc.embed(a),
  EXISTS (SELECT 1 FROM factors f WHERE f.account_id = a.id)::boolean AS factor,
  (SELECT count(*) FROM sessions s WHERE s.account_id = a.id AND s.created_at_ms > now_ms() - @age_ms::bigint)::bigint AS sessions,
  coalesce((SELECT max(u.at_ms) FROM audit u WHERE u.actor = CASE a.role WHEN 'customer' THEN 'user:' || coalesce((SELECT i.user_id FROM provider_identities i WHERE i.account_id = a.id), text(a.id)) ELSE 'agent:' || text(a.id) END AND u.action = 'signed_in'), 0)::bigint AS signed_in_ms,
  EXISTS (SELECT 1 FROM provider_identities i WHERE i.account_id = a.id)::boolean AS at_provider,
  ARRAY(SELECT m.team FROM team_members m WHERE m.account_id = a.id ORDER BY m.team)::text[] AS teams
FROM found JOIN accounts a ON a.id = found.id
ORDER BY a.email LIMIT @most;

-- name: PersonGet :one
-- PersonGet is what admins see of one account.
SELECT sqlc.embed(a),
  EXISTS (SELECT 1 FROM factors f WHERE f.account_id = a.id)::boolean AS factor,
  (SELECT count(*) FROM sessions s WHERE s.account_id = a.id AND s.created_at_ms > now_ms() - @age_ms::bigint)::bigint AS sessions,
  coalesce((SELECT max(u.at_ms) FROM audit u WHERE u.actor = CASE a.role WHEN 'customer' THEN 'user:' || coalesce((SELECT i.user_id FROM provider_identities i WHERE i.account_id = a.id), text(a.id)) ELSE 'agent:' || text(a.id) END AND u.action = 'signed_in'), 0)::bigint AS signed_in_ms,
  EXISTS (SELECT 1 FROM provider_identities i WHERE i.account_id = a.id)::boolean AS at_provider,
  ARRAY(SELECT m.team FROM team_members m WHERE m.account_id = a.id ORDER BY m.team)::text[] AS teams
FROM accounts a WHERE a.id = @id;

-- name: AccountInvite :one
-- AccountInvite adds an account without a password, by the admin of a session: see the function account_invite.
SELECT outcome::text AS outcome, coalesce(owner, '00000000-0000-0000-0000-000000000000')::uuid AS owner
FROM account_invite(@session_hash::bytea, @id::uuid, @email::text, @role::text, sqlc.narg(link_hash)::bytea, @expires_at_ms::bigint, @mac::bytea);

-- name: AccountAddInvited :one
-- AccountAddInvited adds an account without a password, or gives the one that still has none a role, which ends its links. No row: the
-- address has an account.
WITH invited AS (
  INSERT INTO accounts AS a (id, email, role, password_hash) SELECT @id::uuid, @email::text, @role::text, ''
  WHERE NOT EXISTS (SELECT 1 FROM provider_identities i JOIN accounts p ON p.id = i.account_id WHERE p.email = @email)
  ON CONFLICT (email) DO UPDATE SET role = excluded.role, version = a.version + 1 WHERE a.password_hash = '' AND a.disabled_at_ms IS NULL
  RETURNING *
), ended AS (
  DELETE FROM account_links USING invited WHERE account_id = invited.id
)
SELECT * FROM invited;

-- name: AccountChange :one
-- AccountChange changes another account by the admin of a session: see the function account_change.
SELECT account_change(@session_hash::bytea, @id::uuid, @version::bigint, @change::text, @mac::bytea)::text AS outcome;

-- name: KeyAddAsAdmin :one
-- KeyAddAsAdmin is KeyAdd by the admin of a session: see the function key_add_with_origins.
SELECT key_add_with_origins(@session_hash::bytea, @id::uuid, @name::text, @key_hash::bytea, @scopes::text[], sqlc.narg(expires_at_ms)::bigint, @not_own::boolean,
  @return_origins::text[], @mac::bytea)::text AS outcome;

-- name: KeyRevokeAsAdmin :one
-- KeyRevokeAsAdmin is KeyRevoke by the admin of a session: see the function key_revoke.
SELECT key_revoke(@session_hash::bytea, @id::uuid, @mac::bytea)::text AS outcome;

-- name: AccountSetTeams :one
-- AccountSetTeams puts an account into teams and out of all others, by the admin of a session: see the function account_set_teams.
SELECT account_set_teams(@session_hash::bytea, @id::uuid, @teams::text[], @mac::bytea)::text AS outcome;
