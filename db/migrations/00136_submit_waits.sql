-- +goose Up

-- A cluster commits an erasure on one worker after the other: the submission key of what is erased is free before the ticket is seen to be erased. So what is sent
-- again waits for the ticket.

-- +goose StatementBegin
-- ticket_submit as it was, but it waits for an erasure of what the submission made.
CREATE OR REPLACE FUNCTION ticket_submit(new_id uuid, of_user text, answers jsonb, under_version text, in_language text, in_queue text, single boolean, most_attempts integer,
  sender text, sender_key text, content_hash bytea, about text, whole text, words text, daily_limit integer) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  before record;
  erased bigint;
  reopened boolean := false;
  next_attempt integer := 1;
  follows uuid;
  next_turn integer;
  day_begins bigint;
  lexemes tsvector;
  ms bigint := now_ms();
BEGIN
  INSERT INTO submissions (submitted_by, submission_key, user_id, ticket_id) VALUES (sender, sender_key, of_user, new_id) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  SELECT count(*) INTO erased FROM (
    SELECT FROM tickets t WHERE t.user_id = of_user AND t.submitted_by = sender AND t.submission_key IN (sender_key, erased_key(of_user, sender, sender_key)) FOR KEY SHARE
  ) t;
  IF erased > 0 THEN
    DELETE FROM submissions WHERE submitted_by = sender AND submission_key = sender_key;
    RETURN false;
  END IF;
  IF single THEN
    SELECT t.id, t.status, t.attempt, t.previous_id, t.created_at_ms, t.reject_class INTO before FROM tickets t
    WHERE t.user_id = of_user AND t.one_open AND t.subject = about ORDER BY t.created_at_ms DESC, t.id DESC LIMIT 1;
    IF FOUND THEN
      SELECT count(*) > 0 INTO reopened FROM reopenings r WHERE r.user_id = of_user AND r.ticket_id = before.id;
      IF (before.status IN ('approved', 'withdrawn') OR before.status = 'rejected' AND (reopened OR before.reject_class IS DISTINCT FROM 'final' AND before.attempt < most_attempts)
        OR before.status = 'revoked' AND (reopened OR before.reject_class = 'retry')) IS NOT TRUE THEN
        DELETE FROM submissions WHERE submitted_by = sender AND submission_key = sender_key;
        RETURN false;
      END IF;
      IF before.status = 'rejected' THEN
        follows := before.id;
        next_attempt := CASE WHEN reopened THEN 1 ELSE before.attempt + 1 END;
      ELSIF before.status = 'withdrawn' THEN
        follows := before.previous_id;
        next_attempt := before.attempt;
      END IF;
      ms := greatest(ms, before.created_at_ms + 1);
    END IF;
    SELECT 1 + coalesce(max(o.turn), 0) INTO next_turn FROM tickets o WHERE o.user_id = of_user AND o.turn IS NOT NULL;
  END IF;
  IF daily_limit > 0 THEN
    day_begins := now_ms() - 86400000;
    INSERT INTO daily_counts AS d (user_id, kind, used, since_ms) VALUES (of_user, 'submissions', 1, day_begins + 86400000)
    ON CONFLICT (user_id, kind) DO UPDATE
    SET used = CASE WHEN d.since_ms > day_begins THEN d.used + 1 ELSE 1 END, since_ms = CASE WHEN d.since_ms > day_begins THEN d.since_ms ELSE excluded.since_ms END
    WHERE d.used < daily_limit OR d.since_ms <= day_begins;
    IF NOT FOUND THEN
      DELETE FROM submissions WHERE submitted_by = sender AND submission_key = sender_key;
      RETURN false;
    END IF;
  END IF;
  INSERT INTO tickets (id, user_id, status, extra, form_version, language, queue, one_open, submitted_by, submission_key, submission_hash,
    subject, attempt, previous_id, turn, created_at_ms, updated_at_ms)
  VALUES (new_id, of_user, 'processing', answers, under_version, in_language, in_queue, single, sender, sender_key, content_hash,
    about, next_attempt, follows, next_turn, ms, ms)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    DELETE FROM submissions WHERE submitted_by = sender AND submission_key = sender_key;
    RETURN false;
  END IF;
  lexemes := array_to_tsvector(string_to_array(whole || replace(words, E'\n', E'\n' || (ms / 86400000)::text || ' '), E'\n'));
  INSERT INTO ticket_words (user_id, ticket_id, words, created_at_ms) VALUES (of_user, new_id, lexemes, ms);
  RETURN true;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION ticket_submit(uuid, text, jsonb, text, text, text, boolean, integer, text, text, bytea, text, text, text, integer) SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
