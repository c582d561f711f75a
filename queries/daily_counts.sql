-- name: DailyCountAdd :execrows
-- DailyCountAdd counts one more of a kind within a day. No row: the user has reached the limit. TicketSubmit and DraftSave count in
-- the same way.
INSERT INTO daily_counts AS d (user_id, kind, used, since_ms) VALUES (@user_id, @kind, 1, now_ms())
ON CONFLICT (user_id, kind) DO UPDATE
SET used = CASE WHEN d.since_ms > excluded.since_ms - 86400000 THEN d.used + 1 ELSE 1 END,
    since_ms = CASE WHEN d.since_ms > excluded.since_ms - 86400000 THEN d.since_ms ELSE excluded.since_ms END
WHERE d.used < @most::integer OR d.since_ms <= excluded.since_ms - 86400000;

-- name: DailyCountReturn :exec
-- DailyCountReturn takes back what DailyCountAdd counted.
UPDATE daily_counts SET used = used - 1 WHERE user_id = @user_id AND kind = @kind AND used > 0;

-- name: DailyCountReached :one
-- DailyCountReached reports whether a user has reached a limit.
SELECT EXISTS (
  SELECT 1 FROM daily_counts
  WHERE user_id = @user_id AND kind = @kind AND used >= @most::integer AND since_ms > now_ms() - 86400000);

-- name: DailyCountDeleteOld :exec
-- DailyCountDeleteOld deletes the counts of days that are over.
DELETE FROM daily_counts WHERE since_ms <= (SELECT now_ms() - 86400000);
