-- +goose NO TRANSACTION
-- +goose Up

-- The oldest open ticket of each queue.
DROP INDEX CONCURRENTLY IF EXISTS tickets_waiting;
CREATE INDEX CONCURRENTLY tickets_waiting ON tickets (queue, created_at_ms, id) WHERE status = 'processing';
