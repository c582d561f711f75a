-- +goose Up

-- A search by words reads the days that the words carry. Beside that this index was read as a whole for each of them, and named whole pages.
DROP INDEX IF EXISTS ticket_words_time;
