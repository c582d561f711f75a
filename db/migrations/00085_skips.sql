-- +goose NO TRANSACTION
-- +goose Up

-- The tickets that an agent has skipped are read once for the next ticket, not asked for each ticket that is passed over. The index is
-- built while people go on working. One that was broken off begins again.
DROP INDEX CONCURRENTLY IF EXISTS ticket_notes_skipped;
CREATE INDEX CONCURRENTLY ticket_notes_skipped ON ticket_notes (actor, until_ms) WHERE kind = 'skipped';
