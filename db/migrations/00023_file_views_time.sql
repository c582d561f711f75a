-- +goose NO TRANSACTION
-- +goose Up

-- The audit is read by time. CONCURRENTLY: files are shown meanwhile. One that was broken off leaves an index that is not valid.
DROP INDEX CONCURRENTLY IF EXISTS file_views_time;
CREATE INDEX CONCURRENTLY file_views_time ON file_views (at_ms);
