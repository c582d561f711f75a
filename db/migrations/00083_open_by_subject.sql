-- +goose NO TRANSACTION
-- +goose Up

-- Where a form allows one open ticket, it allows one for each subject. CONCURRENTLY: people go on submitting and deciding meanwhile.
DROP INDEX CONCURRENTLY IF EXISTS tickets_one_open_subject;
CREATE UNIQUE INDEX CONCURRENTLY tickets_one_open_subject ON tickets (user_id, subject) WHERE status = 'processing' AND one_open;
DROP INDEX CONCURRENTLY IF EXISTS tickets_one_open;
