-- +goose Up

-- What is handed over to an agent or a team is listed in the order of submission by an index, however much it is.
CREATE INDEX placements_team_oldest ON placements (team, submitted_ms, ticket_id) WHERE team IS NOT NULL;
CREATE INDEX placements_account_oldest ON placements (account_id, submitted_ms, ticket_id) WHERE account_id IS NOT NULL;
DROP INDEX IF EXISTS placements_team;
DROP INDEX IF EXISTS placements_account;
