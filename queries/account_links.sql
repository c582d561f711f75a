-- name: LinkAdd :exec
-- LinkAdd adds a link to an account.
SELECT link_add(@token_hash::bytea, @account_id::uuid, @kind::text, sqlc.narg('password_hash')::text, @expires_at_ms::bigint, @mac::bytea);

-- name: LinkAccount :one
-- LinkAccount is the account of a link that works. No row: there is none, it was used, or it has expired.
SELECT sqlc.embed(a) FROM account_links l JOIN accounts a ON a.id = l.account_id
WHERE l.token_hash = @token_hash AND l.kind = @kind AND l.expires_at_ms > now_ms() AND a.disabled_at_ms IS NULL;

-- name: AccountSignUp :exec
-- AccountSignUp adds an account whose address has to be confirmed.
SELECT account_sign_up(@id, @email, @password_hash, @language);

-- name: AccountConfirm :one
-- AccountConfirm confirms the address that a link was sent to. False: the link does not work.
SELECT link_confirm(@token_hash::bytea, @mac::bytea)::boolean AS confirmed;

-- name: AccountResetPassword :one
-- AccountResetPassword sets the password of the account that a link was sent to. False: the link does not work.
SELECT link_reset_password(@token_hash::bytea, @password_hash::text, @mac::bytea)::boolean AS reset;

-- name: AccountSetLanguage :exec
-- AccountSetLanguage remembers in which language the owner of an account reads.
UPDATE accounts SET language = @language WHERE id = @id AND language <> @language;
