-- +goose Up

-- The rows of groups that an agent would reject, such as owners.1; NULL: all at which the reasons point.
ALTER TABLE opinions ADD COLUMN reject_rows text[],
  ADD CONSTRAINT opinions_rows CHECK (reject_rows IS NULL OR verdict = 'rejected' AND cardinality(reject_rows) > 0) NOT VALID;
