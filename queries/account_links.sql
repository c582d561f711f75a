-- name: LinkAdd :exec
-- LinkAdd adds a link to an account.
INSERT INTO account_links (token_hash, account_id, kind, password_hash, expires_at_ms)
VALUES (@token_hash, @account_id, @kind, sqlc.narg('password_hash'), now_ms() + @life_ms::bigint);

-- name: LinkAccount :one
-- LinkAccount is the account of a link that works. No row: there is none, it was used, or it has expired.
SELECT sqlc.embed(a) FROM account_links l JOIN accounts a ON a.id = l.account_id
WHERE l.token_hash = @token_hash AND l.kind = @kind AND l.expires_at_ms > now_ms() AND a.disabled_at_ms IS NULL;

-- name: AccountSignUp :exec
-- AccountSignUp adds an account whose address has to be confirmed.
SELECT account_sign_up(@id, @email, @password_hash, @language);

-- name: AccountConfirm :one
-- AccountConfirm confirms the address that a link was sent to. False: the link does not work.
SELECT account_confirm(@token_hash)::boolean AS confirmed;

-- name: AccountResetPassword :one
-- AccountResetPassword sets the password of the account that a link was sent to. False: the link does not work.
SELECT account_reset_password(@token_hash, @password_hash)::boolean AS reset;

-- name: AccountSetLanguage :exec
-- AccountSetLanguage remembers in which language the owner of an account reads.
UPDATE accounts SET language = @language WHERE id = @id AND language <> @language;
