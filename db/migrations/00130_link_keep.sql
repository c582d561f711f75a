-- +goose Up

-- A draft of a submission link is refused by the functions that save it, and not by a trigger: where the tables are distributed over several servers,
-- the one that has the draft does not have the link.

-- +goose StatementBegin
-- link_keep refuses the draft of a submission link that is deleted, and waits for one that is being deleted. Of any other user it does nothing.
CREATE FUNCTION link_keep(of_user text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF of_user NOT LIKE 'link:%' THEN
    RETURN;
  END IF;
  PERFORM FROM submission_links WHERE id = substr(of_user, 6)::uuid FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the submission link % is deleted', of_user USING ERRCODE = 'serialization_failure';
  END IF;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- draft_save as it was, with the link.
CREATE OR REPLACE FUNCTION draft_save(of_user text, submission text, all_answers jsonb, all_pages jsonb, at_version bigint, daily_limit integer, OUT counted boolean, OUT saved boolean)
LANGUAGE plpgsql AS $$
DECLARE
  before record;
  ms bigint := now_ms();
  day_begins bigint := ms - 86400000;
BEGIN
  saved := false;
  PERFORM link_keep(of_user);
  INSERT INTO daily_counts AS c (user_id, kind, used, since_ms) VALUES (of_user, 'draft_writes', 1, ms)
  ON CONFLICT (user_id, kind) DO UPDATE
  SET used = CASE WHEN c.since_ms > day_begins THEN c.used + 1 ELSE 1 END, since_ms = CASE WHEN c.since_ms > day_begins THEN c.since_ms ELSE excluded.since_ms END
  WHERE c.used < daily_limit OR c.since_ms <= day_begins;
  counted := FOUND;
  IF NOT counted OR draft_sent(of_user, submission) THEN
    RETURN;
  END IF;
  INSERT INTO drafts (user_id, submission_id, answers, pages) VALUES (of_user, submission, all_answers, all_pages) ON CONFLICT (user_id) DO NOTHING;
  saved := FOUND;
  IF saved THEN
    RETURN;
  END IF;
  SELECT d.version, d.submission_id INTO before FROM drafts d WHERE d.user_id = of_user FOR UPDATE;
  IF FOUND AND (before.version = at_version OR draft_sent(of_user, before.submission_id)) THEN
    UPDATE drafts SET submission_id = submission, answers = all_answers, pages = all_pages, version = version + 1, updated_at_ms = ms WHERE user_id = of_user;
    saved := true;
  END IF;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- draft_add as it was, with the link.
CREATE OR REPLACE FUNCTION draft_add(of_user text, submission text, added jsonb, several text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  before record;
  merged jsonb := added;
  ms bigint := now_ms();
BEGIN
  PERFORM link_keep(of_user);
  IF draft_sent(of_user, submission) THEN
    RETURN;
  END IF;
  INSERT INTO drafts (user_id, submission_id, answers) VALUES (of_user, submission, added) ON CONFLICT (user_id) DO NOTHING;
  IF FOUND THEN
    RETURN;
  END IF;
  SELECT d.submission_id, d.answers INTO before FROM drafts d WHERE d.user_id = of_user FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF NOT draft_sent(of_user, before.submission_id) THEN
    IF several <> '' THEN
      SELECT jsonb_build_object(several, coalesce(jsonb_agg(named.id ORDER BY named.place), '[]')) INTO merged FROM (
        SELECT each.id, min(each.place) AS place FROM (
          SELECT had.id, had.place FROM jsonb_array_elements_text(
            CASE jsonb_typeof(before.answers -> several) WHEN 'array' THEN before.answers -> several ELSE jsonb_build_array(coalesce(before.answers -> several, '""')) END
          ) WITH ORDINALITY AS had (id, place)
          UNION ALL SELECT new.id, 1000 + new.place FROM jsonb_array_elements_text(added -> several) WITH ORDINALITY AS new (id, place)
        ) AS each WHERE each.id <> '' GROUP BY each.id
      ) AS named;
    END IF;
    merged := before.answers || merged;
  END IF;
  UPDATE drafts SET submission_id = submission, answers = merged, version = version + 1, updated_at_ms = ms WHERE user_id = of_user;
END $$;
-- +goose StatementEnd

DROP TRIGGER IF EXISTS drafts_of_link ON drafts;
DROP FUNCTION drafts_of_link();

-- +goose StatementBegin
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION link_keep(text) SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
