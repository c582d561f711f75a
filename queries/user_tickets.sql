-- name: LatestGet :one
-- LatestGet reads the latest approval of a user.
SELECT * FROM user_tickets WHERE user_id = @user_id;
