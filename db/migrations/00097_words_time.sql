-- +goose NO TRANSACTION
-- +goose Up

-- A search reads the newest words of a day first: of what the index of words finds in a day, only the pages of a part of it are read. The
-- index has an entry for each 32 pages, and is built while people go on working. One that was broken off begins again.
DROP INDEX CONCURRENTLY IF EXISTS ticket_words_time;
CREATE INDEX CONCURRENTLY ticket_words_time ON ticket_words USING brin (created_at_ms) WITH (pages_per_range = 32, autosummarize = on);
