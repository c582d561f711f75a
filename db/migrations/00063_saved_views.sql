-- +goose Up

-- Filters of the queue that agents keep under a name, for themselves or for all agents. query is that of the address.
CREATE TABLE saved_views (
  id            uuid    PRIMARY KEY,
  account_id    uuid    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  name          text    NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
  query         text    NOT NULL CHECK (char_length(query) BETWEEN 1 AND 2000),
  shared        boolean NOT NULL,
  created_at_ms bigint  NOT NULL DEFAULT now_ms(),
  UNIQUE (account_id, name)
);
CREATE INDEX saved_views_shared ON saved_views (name) WHERE shared;
