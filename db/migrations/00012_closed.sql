-- +goose NO TRANSACTION
-- +goose Up

-- Lists of closed tickets are in the order of closing. Open tickets are not in this index, so that a submission does not
-- write to it. CONCURRENTLY: writes go on meanwhile. An attempt that was broken off leaves an invalid index.
DROP INDEX CONCURRENTLY IF EXISTS tickets_closed;
CREATE INDEX CONCURRENTLY tickets_closed ON tickets (status, updated_at_ms, id) WHERE status <> 'processing';
