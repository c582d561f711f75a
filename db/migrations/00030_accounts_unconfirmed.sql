-- +goose NO TRANSACTION
-- +goose Up

-- Accounts that nobody has confirmed are deleted after a week; those are found without reading the others. CONCURRENTLY: writes go
-- on meanwhile. An attempt that was broken off leaves an invalid index.
DROP INDEX CONCURRENTLY IF EXISTS accounts_unconfirmed;
CREATE INDEX CONCURRENTLY accounts_unconfirmed ON accounts (created_at_ms) WHERE NOT confirmed;
