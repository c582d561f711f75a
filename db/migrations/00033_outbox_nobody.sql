-- +goose Up

-- An e-mail that was asked for with an address that has no account is for nobody: it is written, so that the answer takes as long,
-- and not sent.
ALTER TABLE outbox ALTER COLUMN account_id DROP NOT NULL;
