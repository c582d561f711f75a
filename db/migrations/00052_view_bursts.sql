-- +goose Up

-- Agents who see more in a minute than a person can read: one row for each, whichever instance found it.
CREATE TABLE view_bursts (
  actor    text   PRIMARY KEY CHECK (actor ~ '^agent:.'),
  until_ms bigint NOT NULL, -- a minute after it was found last: what is found before belongs to the same burst
  found_by uuid   NOT NULL  -- the count that found it first
);
