-- +goose NO TRANSACTION
-- +goose Up

-- The sweep of sessions that are too old reads these alone.
DROP INDEX CONCURRENTLY IF EXISTS sessions_created;
CREATE INDEX CONCURRENTLY sessions_created ON sessions (created_at_ms);
