-- +goose Up

-- The language that the owner of an account chose for pages and e-mails; empty: none, pages are in that of the browser. language
-- stays the one in which they read last.
ALTER TABLE accounts ADD COLUMN chosen_language text NOT NULL DEFAULT '' CHECK (char_length(chosen_language) <= 35);
