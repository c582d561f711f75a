-- +goose NO TRANSACTION
-- +goose Up

-- +goose StatementBegin
-- reasons_by_day are the reasons of a rejection or of an approval that was taken back, each after the day of UTC on which it was given.
CREATE OR REPLACE FUNCTION reasons_by_day(reasons text[], reason text, at_ms bigint) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_agg((at_ms / 86400000)::text || ' ' || r.code) FROM unnest(coalesce(reasons, ARRAY[reason])) AS r (code)
$$;
-- +goose StatementEnd

-- Tickets by reason and day: only what has a reason is in it, so neither a submission nor an approval writes to it. It is built while people
-- go on working; one that was broken off begins again.
DROP INDEX CONCURRENTLY IF EXISTS tickets_reasons;
CREATE INDEX CONCURRENTLY tickets_reasons ON tickets USING gin (reasons_by_day(reject_reasons, reject_reason, updated_at_ms)) WITH (fastupdate = off)
  WHERE reject_reason IS NOT NULL;

-- Open tickets of a second attempt and later, of which there are few: so a first attempt does not write to it.
DROP INDEX CONCURRENTLY IF EXISTS tickets_repeated;
CREATE INDEX CONCURRENTLY tickets_repeated ON tickets (created_at_ms, id) WHERE status = 'processing' AND attempt > 1;
