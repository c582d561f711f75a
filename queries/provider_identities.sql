-- name: ProviderIdentitySignIn :one
-- ProviderIdentitySignIn finds or adds the account of somebody who has signed in at a provider: see the function provider_sign_in.
SELECT outcome::text AS outcome, coalesce(owner, '00000000-0000-0000-0000-000000000000')::uuid AS owner, former_role::text AS former_role
FROM provider_sign_in(@issuer::text, @subject::text, @id::uuid, @email::text, sqlc.narg(user_id)::text, @role::text, sqlc.narg(teams)::text[], @read_ms::bigint, @mac::bytea);

-- name: ProviderIdentityAccount :one
-- ProviderIdentityAccount is the account of an identity, and when it was read.
SELECT sqlc.embed(a), coalesce(i.user_id, '')::text AS user_id, now_ms()::bigint AS read_ms
FROM provider_identities i JOIN accounts a ON a.id = i.account_id WHERE i.issuer = @issuer AND i.subject = @subject;

-- name: ProviderIdentityAdd :execrows
-- ProviderIdentityAdd lets the owner of an account sign in at a provider. The user of the account's tickets stays. Zero: there is no such
-- account, or it or the identity is taken.
INSERT INTO provider_identities (issuer, subject, account_id) SELECT @issuer, @subject, a.id FROM accounts a WHERE a.email = @email
ON CONFLICT DO NOTHING;

-- name: ProviderIdentityDelete :execrows
-- ProviderIdentityDelete lets the owner of an account sign in at a provider no more. Zero: they did not.
DELETE FROM provider_identities i USING accounts a WHERE a.id = i.account_id AND a.email = @email;

-- name: AccountEndPassword :exec
-- AccountEndPassword takes the password and the second factor from an account, and ends its sessions and links.
WITH changed AS (
  UPDATE accounts SET password_hash = '', must_change_password = false, version = version + 1 WHERE email = @email RETURNING id
), unlinked AS (
  DELETE FROM account_links l USING changed WHERE l.account_id = changed.id
)
DELETE FROM factors f USING changed WHERE f.account_id = changed.id;

-- name: ProviderIdentitySetAttributes :one
-- ProviderIdentitySetAttributes keeps what the claims of a provider say: see the function provider_set_attributes.
SELECT provider_set_attributes(@issuer::text, @subject::text, @names::text[], @attributes::text, @read_ms::bigint, @mac::bytea)::boolean AS kept;
