-- +goose Up

-- The same photo from another user, saved again: its perceptual hash then differs in at most four of 64 bits, so of five
-- parts of it one at least is the same. (Manku, Jain, Das Sarma: Detecting Near-Duplicates for Web Crawling, 2007.)
-- Each part is found by an index of its own, newest first; only what a ticket names can be shown to agents.
CREATE INDEX files_alike_0 ON files ((phash & 8191), id) WHERE ticket_id IS NOT NULL AND phash IS NOT NULL;
CREATE INDEX files_alike_1 ON files (((phash >> 13) & 8191), id) WHERE ticket_id IS NOT NULL AND phash IS NOT NULL;
CREATE INDEX files_alike_2 ON files (((phash >> 26) & 8191), id) WHERE ticket_id IS NOT NULL AND phash IS NOT NULL;
CREATE INDEX files_alike_3 ON files (((phash >> 39) & 8191), id) WHERE ticket_id IS NOT NULL AND phash IS NOT NULL;
CREATE INDEX files_alike_4 ON files (((phash >> 52) & 4095), id) WHERE ticket_id IS NOT NULL AND phash IS NOT NULL;

-- Whole hashes are compared by no query.
DROP INDEX files_phash;
