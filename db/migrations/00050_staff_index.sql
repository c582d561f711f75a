-- +goose NO TRANSACTION
-- +goose Up

-- The page of people lists agents and admins without reading every customer. An attempt that was broken off leaves an invalid index.
DROP INDEX CONCURRENTLY IF EXISTS accounts_staff;
CREATE INDEX CONCURRENTLY accounts_staff ON accounts (email) WHERE role <> 'customer';
