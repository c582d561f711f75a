-- name: LatestList :many
-- LatestList reads the latest approvals of some users, in no order; those who have none are not there.
SELECT * FROM user_tickets WHERE user_id = ANY(@user_ids::text[]);
