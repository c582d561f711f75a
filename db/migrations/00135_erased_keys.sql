-- +goose Up

-- A submission that is sent again after its ticket was erased is known by its key: it is refused, and brings nothing back. A key that is no UUID may say who
-- the user is, so an erasure keeps a hash of it.

-- +goose StatementBegin
-- erased_key is what an erasure makes of a submission key.
CREATE FUNCTION erased_key(of_user text, sender text, sender_key text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN sender_key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN sender_key
    ELSE md5(of_user || E'\n' || sender || E'\n' || sender_key)::uuid::text END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- tickets_erased_key has a ticket not added, as ON CONFLICT DO NOTHING does, whose submission made one that was erased. It waits for an erasure of that
-- which is under way.
CREATE FUNCTION tickets_erased_key() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM FROM tickets t WHERE t.user_id = NEW.user_id AND t.submitted_by = NEW.submitted_by AND t.submission_key = NEW.submission_key FOR KEY SHARE;
  IF EXISTS (SELECT FROM tickets t WHERE t.user_id = NEW.user_id AND t.submitted_by = NEW.submitted_by
      AND t.submission_key = erased_key(NEW.user_id, NEW.submitted_by, NEW.submission_key)) THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- erase_content as it was, but a key that is no UUID becomes its erased_key. That is written out: it runs where the rows are, of
-- functions that are immutable.
CREATE OR REPLACE FUNCTION erase_content(of_user text, erased uuid[], by_actor text, for_reason text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  erasure_ms bigint := now_ms();
  senders text[];
  keys text[];
  named uuid[];
  unnamed uuid[];
  archived uuid[];
BEGIN
  SET LOCAL docket.erasing = on; -- said where Citus sends it on to the servers
  SELECT array_agg(t.submitted_by), array_agg(t.submission_key) INTO senders, keys FROM tickets t
  WHERE t.user_id = of_user AND t.id = ANY (erased) AND t.submission_key !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
  UPDATE tickets SET extra = '{}', submission_hash = '', reject_comment = CASE WHEN reject_comment IS NOT NULL THEN '' END, note = NULL, grant_extra = NULL,
    submission_key = CASE WHEN submission_key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN submission_key ELSE md5(user_id || E'\n' || submitted_by || E'\n' || submission_key)::uuid::text END,
    version = version + 1, erased_at_ms = erasure_ms
  WHERE user_id = of_user AND id = ANY (erased);
  IF keys IS NOT NULL THEN
    DELETE FROM submissions s WHERE s.submitted_by = ANY (senders) AND s.submission_key = ANY (keys) AND s.ticket_id = ANY (erased);
  END IF;
  UPDATE archived_tickets a SET extra = '{}', submission_hash = '', reject_comment = CASE WHEN a.reject_comment IS NOT NULL THEN '' END, note = NULL, grant_extra = NULL,
    submission_key = CASE WHEN a.submission_key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN a.submission_key ELSE md5(a.user_id || E'\n' || a.submitted_by || E'\n' || a.submission_key)::uuid::text END,
    subject = '', words = '', version = a.version + 1, erased_at_ms = erasure_ms,
    history = archive_erased(a.history, a.version + 1, by_actor, erasure_ms, for_reason)
  WHERE a.user_id = of_user AND a.id = ANY (erased);
  UPDATE ticket_events SET comment = CASE WHEN comment IS NOT NULL THEN '' END, note = NULL
  WHERE user_id = of_user AND ticket_id = ANY (erased) AND (comment <> '' OR note IS NOT NULL);
  INSERT INTO ticket_events (user_id, ticket_id, version, kind, actor, at_ms, reason)
  SELECT user_id, id, version, 'erased', by_actor, erasure_ms, for_reason FROM tickets WHERE user_id = of_user AND id = ANY (erased);
  UPDATE reopenings SET note = '-' WHERE user_id = of_user AND ticket_id = ANY (erased);
  UPDATE webhook_deliveries SET answer = '' WHERE ticket_id = ANY (erased) AND answer <> '';
  -- No ticket is given one of these files from here on; one that was given one just now is seen by the statement after this.
  PERFORM 1 FROM files f WHERE f.user_id = of_user AND f.id IN (SELECT n.file_id FROM ticket_files n WHERE n.user_id = of_user AND n.ticket_id = ANY (erased)) ORDER BY f.id FOR UPDATE;
  SELECT array_agg(DISTINCT d.file_id) INTO unnamed FROM ticket_files d
  WHERE d.user_id = of_user AND d.ticket_id = ANY (erased) AND NOT EXISTS (
    SELECT FROM ticket_files n JOIN tickets t ON t.user_id = n.user_id AND t.id = n.ticket_id WHERE n.user_id = d.user_id AND n.file_id = d.file_id AND t.erased_at_ms IS NULL);
  IF unnamed IS NOT NULL THEN
    SELECT array_agg(a.id) INTO archived FROM archived_tickets a WHERE a.user_id = of_user AND a.erased_at_ms IS NULL;
    SELECT array_agg(n.file_id) INTO named FROM ticket_files n WHERE n.user_id = of_user AND n.file_id = ANY (unnamed) AND n.ticket_id = ANY (archived);
    unnamed := ARRAY(SELECT unnest(unnamed) EXCEPT SELECT unnest(named));
  END IF;
  RETURN erase_files(of_user, unnamed);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- ticket_submit as it was, and it refuses a repetition of what was erased.
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
  SELECT count(*) INTO erased FROM tickets t WHERE t.user_id = of_user AND t.submitted_by = sender AND t.submission_key = erased_key(of_user, sender, sender_key);
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
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['tickets_erased_key()', 'erase_content(text, uuid[], text, text)',
    'ticket_submit(uuid, text, jsonb, text, text, text, boolean, integer, text, text, bytea, text, text, text, integer)'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
END $$;
-- +goose StatementEnd

CREATE TRIGGER tickets_erased_key BEFORE INSERT ON tickets FOR EACH ROW
  WHEN (NEW.submission_key !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$') EXECUTE FUNCTION tickets_erased_key();
