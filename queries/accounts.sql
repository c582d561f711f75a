-- name: AccountAdd :one
-- AccountAdd adds an account. No row: the address has one.
INSERT INTO accounts (id, email, role, password_hash)
VALUES (@id, @email, @role, @password_hash)
ON CONFLICT DO NOTHING
RETURNING *;

-- name: AccountByEmail :one
-- AccountByEmail finds an account by its address in lower case.
SELECT * FROM accounts WHERE email = @email;

-- name: AccountEmails :many
-- AccountEmails names the accounts with these ids.
SELECT id, email FROM accounts WHERE id = ANY (@ids::uuid[]);

-- name: AccountReplace :exec
-- AccountReplace adds an account, or gives the one with this address a new password and role.
INSERT INTO accounts (id, email, role, password_hash)
VALUES (@id, @email, @role, @password_hash)
ON CONFLICT (email) DO UPDATE SET role = excluded.role, password_hash = excluded.password_hash;
