-- +goose NO TRANSACTION
-- +goose Up

-- Closed tickets whose content is still there, for the sweep that erases what is not kept any more: it does not read those that it
-- erased before. CONCURRENTLY: writes go on meanwhile. An attempt that was broken off leaves an invalid index.
DROP INDEX CONCURRENTLY IF EXISTS tickets_kept;
CREATE INDEX CONCURRENTLY tickets_kept ON tickets (status, updated_at_ms, id) WHERE status <> 'processing' AND erased_at_ms IS NULL;
