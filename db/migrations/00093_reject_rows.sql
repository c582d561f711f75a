-- +goose Up

-- The rows of groups that a rejection is for, such as owners.1; NULL: all at which its reasons point.
ALTER TABLE tickets ADD COLUMN reject_rows text[],
  ADD CONSTRAINT tickets_reject_rows CHECK (reject_rows IS NULL OR status = 'rejected' AND cardinality(reject_rows) > 0) NOT VALID;
ALTER TABLE pending_decisions ADD COLUMN reject_rows text[],
  ADD CONSTRAINT pending_decisions_rows CHECK (reject_rows IS NULL OR status = 'rejected' AND cardinality(reject_rows) > 0) NOT VALID;
