-- name: DraftGet :one
-- DraftGet is what a user has filled in and not sent yet. No row: nothing, or it was sent.
SELECT d.submission_id, d.answers, d.version, d.pages FROM drafts d
WHERE d.user_id = @user_id AND NOT EXISTS (
  SELECT 1 FROM tickets t WHERE t.user_id = d.user_id AND t.submitted_by = 'user:' || d.user_id AND t.submission_key = d.submission_id);

-- name: DraftSave :one
-- DraftSave replaces a draft at a version; 0: there is none, or it was sent. Not saved: it has changed since, or this submission
-- was sent; not counted: that was one too many in a day. See the function draft_save.
SELECT coalesce(s.counted, false)::boolean AS counted, coalesce(s.saved, false)::boolean AS saved
FROM draft_save(@user_id::text, @submission_id::text, @answers::jsonb, @pages::jsonb, @version::bigint, @daily_limit::integer) AS s;

-- name: DraftSubmitted :one
-- DraftSubmitted reports whether a user has sent a submission.
SELECT EXISTS (SELECT 1 FROM tickets t WHERE t.submitted_by = 'user:' || @user_id::text AND t.submission_key = @submission_id::text);

-- name: DraftSetAnswers :exec
-- DraftSetAnswers sets some answers, unless the submission was sent. It replaces a draft that was sent. See the function draft_add.
SELECT draft_add(@user_id::text, @submission_id::text, @answers::jsonb, '');

-- name: DraftAddFiles :exec
-- DraftAddFiles adds files to those of a field that takes several, unless the submission was sent. It replaces a draft that was sent. See the
-- function draft_add.
SELECT draft_add(@user_id::text, @submission_id::text, jsonb_build_object(@field::text, to_jsonb(@ids::text[])), @field);

-- name: DraftAddUpload :exec
-- DraftAddUpload is DraftAddFiles for an upload with a name, of which each try replaces those before it. See the function draft_add_upload.
SELECT draft_add_upload(@user_id::text, @submission_id::text, @field::text, @shown::text[], @added::text[], @upload::text, @tried::integer);

-- name: DraftRemoveFile :exec
-- DraftRemoveFile removes one of the files of a field that takes several.
UPDATE drafts SET version = version + 1, updated_at_ms = now_ms(), answers = CASE
  WHEN jsonb_typeof(answers -> @field::text) = 'array' THEN jsonb_set(answers, ARRAY[@field], (answers -> @field) - @id::text)
  ELSE answers - @field END
WHERE user_id = @user_id AND answers -> @field ? @id;

-- name: DraftRemoveAnswer :exec
-- DraftRemoveAnswer removes one answer.
UPDATE drafts SET answers = answers - @field::text, version = version + 1, updated_at_ms = now_ms()
WHERE user_id = @user_id AND answers ? @field;

-- name: DraftDelete :exec
-- DraftDelete deletes a user's draft.
DELETE FROM drafts WHERE user_id = @user_id;

-- name: DraftDeleteSent :exec
-- DraftDeleteSent deletes a user's draft of a submission that was sent.
DELETE FROM drafts WHERE user_id = @user_id AND submission_id = @submission_id;

-- name: DraftDeleteOld :execrows
-- DraftDeleteOld deletes some of the old drafts, but not of a user on hold, or on whom a hold begins meanwhile. The draft of a
-- submission link is of the link's user.
WITH old AS MATERIALIZED (
  SELECT d.user_id FROM (SELECT o.user_id, o.updated_at_ms FROM drafts o WHERE o.updated_at_ms < (SELECT now_ms() - @age_ms::bigint) ORDER BY o.updated_at_ms OFFSET 0) d
  WHERE may_erase(CASE WHEN d.user_id LIKE 'link:%'
    THEN (SELECT l.user_id FROM submission_links l WHERE l.id = substr(d.user_id, 6)::uuid) ELSE d.user_id END)
  ORDER BY d.updated_at_ms LIMIT @most
)
DELETE FROM drafts WHERE user_id IN (SELECT old.user_id FROM old);
