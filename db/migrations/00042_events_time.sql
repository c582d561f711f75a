-- +goose NO TRANSACTION
-- +goose Up

-- Events are counted by time. They are added in the order of time, so this index is of a few pages and costs writers nearly nothing.
DROP INDEX CONCURRENTLY IF EXISTS ticket_events_time;
CREATE INDEX CONCURRENTLY ticket_events_time ON ticket_events USING brin (at_ms) WITH (pages_per_range = 32, autosummarize = on);
