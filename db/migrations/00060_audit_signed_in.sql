-- +goose NO TRANSACTION
-- +goose Up

-- When somebody signed in last, without reading what they saw since. CONCURRENTLY: writes go on meanwhile. An attempt that was
-- broken off leaves an invalid index.
DROP INDEX CONCURRENTLY IF EXISTS audit_signed_in;
CREATE INDEX CONCURRENTLY audit_signed_in ON audit (actor, at_ms) WHERE action = 'signed_in';
