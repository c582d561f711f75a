-- +goose Up

-- A key may end at a time, and may be kept from deciding what it submitted. used_at_ms is about when it was used last. The previous
-- release knows none of this: while it runs beside this one, it accepts a key that has ended.
ALTER TABLE api_keys
  ADD COLUMN expires_at_ms bigint,
  ADD COLUMN not_own       boolean NOT NULL DEFAULT false,
  ADD COLUMN used_at_ms    bigint;
