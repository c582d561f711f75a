-- name: DraftGet :one
-- DraftGet is what a user has filled in and not sent yet. No row: nothing, or it was sent.
SELECT d.submission_id, d.answers FROM drafts d
WHERE d.user_id = @user_id AND NOT EXISTS (
  SELECT 1 FROM tickets t WHERE t.submitted_by = 'user:' || d.user_id AND t.submission_key = d.submission_id);

-- name: DraftSave :exec
-- DraftSave replaces what a user has typed. Files stay: those named in what was typed may be older than those uploaded
-- since.
INSERT INTO drafts AS d (user_id, submission_id, answers) VALUES (@user_id, @submission_id, @answers)
ON CONFLICT (user_id) DO UPDATE
SET submission_id = excluded.submission_id, updated_at_ms = now_ms(), answers = excluded.answers || coalesce((
  SELECT jsonb_object_agg(key, value) FROM jsonb_each(d.answers) WHERE key = ANY (@files::text[]) AND NOT EXISTS (
    SELECT 1 FROM tickets t WHERE t.submitted_by = 'user:' || d.user_id AND t.submission_key = d.submission_id)), '{}');

-- name: DraftSetAnswer :exec
-- DraftSetAnswer sets one answer. It replaces a draft that was sent.
INSERT INTO drafts AS d (user_id, submission_id, answers)
VALUES (@user_id, @submission_id, jsonb_build_object(@field::text, @answer::text))
ON CONFLICT (user_id) DO UPDATE
SET submission_id = excluded.submission_id, updated_at_ms = now_ms(), answers = CASE WHEN EXISTS (
    SELECT 1 FROM tickets t WHERE t.submitted_by = 'user:' || d.user_id AND t.submission_key = d.submission_id)
  THEN '{}' ELSE d.answers END || excluded.answers;

-- name: DraftRemoveAnswer :exec
-- DraftRemoveAnswer removes one answer.
UPDATE drafts SET answers = answers - @field::text, updated_at_ms = now_ms() WHERE user_id = @user_id;

-- name: DraftDelete :exec
-- DraftDelete deletes a user's draft.
DELETE FROM drafts WHERE user_id = @user_id;

-- name: DraftDeleteOld :exec
-- DraftDeleteOld deletes old drafts.
DELETE FROM drafts WHERE updated_at_ms < now_ms() - @age_ms::bigint;
