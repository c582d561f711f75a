-- name: TeamAdd :exec
-- TeamAdd puts an account into teams.
INSERT INTO team_members (team, account_id)
SELECT unnest(@teams::text[]), @account_id
ON CONFLICT DO NOTHING;

-- name: TeamRemoveOthers :exec
-- TeamRemoveOthers takes an account out of all teams but these.
DELETE FROM team_members WHERE account_id = @account_id AND team <> ALL (@teams::text[]);

-- name: TeamsOf :many
-- TeamsOf lists the teams of an account.
SELECT team FROM team_members WHERE account_id = @account_id ORDER BY team;

-- name: TeamList :many
-- TeamList lists every team with its accounts.
SELECT m.team, a.id, a.email FROM team_members m JOIN accounts a ON a.id = m.account_id ORDER BY m.team, a.email;
