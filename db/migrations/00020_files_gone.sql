-- +goose Up

-- A file that a ticket names keeps its row when it is deleted: its bytes are gone, and so is what the row told of them. NOT VALID:
-- the rows of today satisfy what was stricter.
ALTER TABLE files
  DROP CONSTRAINT files_state_check,
  DROP CONSTRAINT files_sha256_check,
  ADD CONSTRAINT files_state CHECK (state IN ('coming', 'kept', 'going', 'gone')) NOT VALID,
  ADD CONSTRAINT files_hash CHECK (octet_length(sha256) = 32 OR state IN ('going', 'gone') AND sha256 = '') NOT VALID;
