-- +goose Up

-- By what the tickets are found now: a keyed hash of what the form and the session key said of it when they were indexed.
CREATE TABLE search_index (
  single      boolean PRIMARY KEY DEFAULT true CHECK (single),
  fingerprint bytea   NOT NULL,
  at_ms       bigint  NOT NULL DEFAULT now_ms()
);
