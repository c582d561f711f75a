-- +goose NO TRANSACTION
-- +goose Up

-- What somebody decided, in the order of the decisions: lists of one decider or rule, and how many tickets an agent decided today.
-- Open tickets are not in it. CONCURRENTLY: writes go on meanwhile. An attempt that was broken off leaves an invalid index.
DROP INDEX CONCURRENTLY IF EXISTS tickets_decided;
CREATE INDEX CONCURRENTLY tickets_decided ON tickets (decided_by, updated_at_ms, id) WHERE decided_by IS NOT NULL;
