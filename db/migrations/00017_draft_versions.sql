-- +goose Up

-- A draft is saved only if nobody else has saved it meanwhile, and a page knows which answers it has written itself. The
-- previous release writes neither.
ALTER TABLE drafts
  ADD COLUMN version bigint NOT NULL DEFAULT 1,
  ADD COLUMN pages   jsonb  NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(pages) = 'object');
