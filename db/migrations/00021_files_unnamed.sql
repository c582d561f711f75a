-- +goose NO TRANSACTION
-- +goose Up

-- What may have to be deleted, without what is deleted already. An attempt that was broken off leaves an invalid index.
DROP INDEX CONCURRENTLY IF EXISTS files_unnamed;
CREATE INDEX CONCURRENTLY files_unnamed ON files (created_at_ms) WHERE ticket_id IS NULL AND state <> 'gone';
DROP INDEX CONCURRENTLY IF EXISTS files_going;
CREATE INDEX CONCURRENTLY files_going ON files (user_id, id) WHERE state = 'going';
DROP INDEX CONCURRENTLY IF EXISTS files_loose;
