-- +goose NO TRANSACTION
-- +goose Up

-- CONCURRENTLY: people go on submitting and deciding meanwhile. One that was broken off leaves an index that is not valid.
DROP INDEX CONCURRENTLY IF EXISTS tickets_turn;
CREATE UNIQUE INDEX CONCURRENTLY tickets_turn ON tickets (user_id, turn) WHERE turn IS NOT NULL;
