-- name: DraftGet :one
-- DraftGet is what a user has filled in and not sent yet. No row: nothing, or it was sent.
SELECT d.submission_id, d.answers, d.version, d.pages FROM drafts d
WHERE d.user_id = @user_id AND NOT EXISTS (
  SELECT 1 FROM tickets t WHERE t.submitted_by = 'user:' || d.user_id AND t.submission_key = d.submission_id);

-- name: DraftSave :one
-- DraftSave replaces a draft at a version; 0: there is none, or it was sent. Not saved: it has changed since, or this submission
-- was sent; not counted: that was one too many in a day.
WITH counted AS (
  INSERT INTO daily_counts AS c (user_id, kind, used) VALUES (@user_id, 'draft_writes', 1)
  ON CONFLICT (user_id, kind) DO UPDATE
  SET used = CASE WHEN c.since_ms > now_ms() - 86400000 THEN c.used + 1 ELSE 1 END,
      since_ms = CASE WHEN c.since_ms > now_ms() - 86400000 THEN c.since_ms ELSE now_ms() END
  WHERE c.used < @daily_limit::integer OR c.since_ms <= now_ms() - 86400000
  RETURNING c.used
), saved AS (
  INSERT INTO drafts AS d (user_id, submission_id, answers, pages)
  SELECT @user_id, @submission_id, @answers, @pages FROM counted
  WHERE NOT EXISTS (SELECT 1 FROM tickets t WHERE t.submitted_by = 'user:' || @user_id AND t.submission_key = @submission_id)
  ON CONFLICT (user_id) DO UPDATE
  SET submission_id = excluded.submission_id, answers = excluded.answers, pages = excluded.pages, version = d.version + 1,
      updated_at_ms = now_ms()
  WHERE d.version = @version::bigint OR EXISTS (
    SELECT 1 FROM tickets t WHERE t.submitted_by = 'user:' || d.user_id AND t.submission_key = d.submission_id)
  RETURNING d.version
)
SELECT EXISTS (SELECT 1 FROM counted) AS counted, EXISTS (SELECT 1 FROM saved) AS saved;

-- name: DraftSubmitted :one
-- DraftSubmitted reports whether a user has sent a submission.
SELECT EXISTS (SELECT 1 FROM tickets t WHERE t.submitted_by = 'user:' || @user_id::text AND t.submission_key = @submission_id::text);

-- name: DraftSetAnswers :exec
-- DraftSetAnswers sets some answers, unless the submission was sent. It replaces a draft that was sent.
INSERT INTO drafts AS d (user_id, submission_id, answers)
SELECT @user_id, @submission_id, @answers
WHERE NOT EXISTS (SELECT 1 FROM tickets t WHERE t.submitted_by = 'user:' || @user_id AND t.submission_key = @submission_id)
ON CONFLICT (user_id) DO UPDATE
SET submission_id = excluded.submission_id, version = d.version + 1, updated_at_ms = now_ms(), answers = CASE WHEN EXISTS (
    SELECT 1 FROM tickets t WHERE t.submitted_by = 'user:' || d.user_id AND t.submission_key = d.submission_id)
  THEN '{}' ELSE d.answers END || excluded.answers;

-- name: DraftAddFiles :exec
-- DraftAddFiles adds files to those of a field that takes several, unless the submission was sent. It replaces a draft that was sent.
INSERT INTO drafts AS d (user_id, submission_id, answers)
SELECT @user_id, @submission_id, jsonb_build_object(@field::text, to_jsonb(@ids::text[]))
WHERE NOT EXISTS (SELECT 1 FROM tickets t WHERE t.submitted_by = 'user:' || @user_id AND t.submission_key = @submission_id)
ON CONFLICT (user_id) DO UPDATE
SET submission_id = excluded.submission_id, version = d.version + 1, updated_at_ms = now_ms(), answers = CASE WHEN EXISTS (
    SELECT 1 FROM tickets t WHERE t.submitted_by = 'user:' || d.user_id AND t.submission_key = d.submission_id)
  THEN excluded.answers
  ELSE d.answers || jsonb_build_object(@field, (
    SELECT coalesce(jsonb_agg(id ORDER BY place), '[]') FROM (
      SELECT id, min(place) AS place FROM (
        SELECT id, place FROM jsonb_array_elements_text(
          CASE jsonb_typeof(d.answers -> @field) WHEN 'array' THEN d.answers -> @field ELSE jsonb_build_array(coalesce(d.answers -> @field, '""')) END
        ) WITH ORDINALITY AS had (id, place)
        UNION ALL SELECT id, 1000 + place FROM unnest(@ids::text[]) WITH ORDINALITY AS added (id, place)
      ) AS named WHERE id <> '' GROUP BY id
    ) AS each)) END;

-- name: DraftRemoveFile :exec
-- DraftRemoveFile removes one of the files of a field that takes several.
UPDATE drafts SET version = version + 1, updated_at_ms = now_ms(), answers = CASE jsonb_typeof(answers -> @field::text)
  WHEN 'array' THEN jsonb_set(answers, ARRAY[@field], (answers -> @field) - @id::text)
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
DELETE FROM drafts WHERE user_id IN (
  SELECT d.user_id FROM drafts d
  WHERE d.updated_at_ms < (SELECT now_ms() - @age_ms::bigint) AND may_erase(CASE WHEN d.user_id LIKE 'link:%'
    THEN (SELECT l.user_id FROM submission_links l WHERE l.id = substr(d.user_id, 6)::uuid) ELSE d.user_id END)
  ORDER BY d.updated_at_ms LIMIT @most
);
