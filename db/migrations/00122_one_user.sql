-- +goose Up

-- Where the tables are distributed over several servers, a ticket is submitted and decided by these functions: each statement of theirs names one user,
-- so it runs on the server of that user. They do what the statements TicketSubmit and TicketDecide do elsewhere.

-- +goose StatementBegin
-- ticket_submit adds a ticket and says whether it did. The table submissions keeps the key, whoever it was used for.
CREATE FUNCTION ticket_submit(new_id uuid, of_user text, answers jsonb, under_version text, in_language text, in_queue text, single boolean, most_attempts integer,
  sender text, sender_key text, content_hash bytea, about text, whole text, words text, daily_limit integer) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  before record;
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
-- ticket_decide closes an open ticket and returns its user; NULL where TicketDecide returns no row.
CREATE FUNCTION ticket_decide(of_ticket uuid, at_version bigint, to_status text, by_actor text, ignore_placed boolean, about text, until_ms bigint, granted jsonb,
  reasons text, bad_rows text, class text, said text, noted text, rule text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  of_user text;
  open record;
  placed record;
  ms bigint := now_ms();
  reason_list text[] := string_to_array(nullif(reasons, ''), E'\n');
  row_list text[] := string_to_array(nullif(bad_rows, ''), E'\n');
  first_reason text := nullif(split_part(reasons, E'\n', 1), '');
  comment_text text := CASE WHEN to_status = 'rejected' THEN said END;
  class_text text := nullif(class, '');
  rule_text text := nullif(rule, '');
  ends bigint := nullif(until_ms, 0);
  found_rows integer;
BEGIN
  SELECT t.user_id INTO of_user FROM tickets t WHERE t.id = of_ticket;
  IF NOT FOUND OR 'agent:' || of_user = by_actor THEN
    RETURN NULL;
  END IF;
  SELECT t.extra, t.created_at_ms, t.subject INTO open FROM tickets t
  WHERE t.user_id = of_user AND t.id = of_ticket AND t.version = at_version AND t.status = 'processing' FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  SELECT count(*) INTO found_rows FROM claims c WHERE c.user_id = of_user AND c.ticket_id = of_ticket AND c.until_ms > ms AND 'agent:' || c.account_id <> by_actor;
  IF found_rows > 0 THEN
    RETURN NULL;
  END IF;
  SELECT count(*) INTO found_rows FROM pending_decisions p WHERE p.user_id = of_user AND p.ticket_id = of_ticket AND p.due_at_ms IS NOT NULL;
  IF found_rows > 0 THEN
    RETURN NULL;
  END IF;
  IF NOT ignore_placed THEN
    SELECT p.account_id, p.team INTO placed FROM placements p WHERE p.user_id = of_user AND p.ticket_id = of_ticket;
    IF FOUND AND ('agent:' || placed.account_id <> by_actor OR placed.team IS NOT NULL
      AND NOT EXISTS (SELECT FROM team_members m WHERE m.team = placed.team AND 'agent:' || m.account_id = by_actor)) AND NOT account_is_admin(by_actor) THEN
      RETURN NULL;
    END IF;
  END IF;
  DELETE FROM claims WHERE user_id = of_user AND ticket_id = of_ticket;
  ms := greatest(now_ms(), open.created_at_ms);
  about := coalesce(nullif(about, ''), open.subject);
  IF to_status = 'approved' THEN
    INSERT INTO user_tickets AS u (user_id, ticket_id, extra, grant_extra, decided_by, subject, valid_until_ms, created_at_ms, updated_at_ms)
    VALUES (of_user, of_ticket, open.extra, granted, by_actor, about, ends, ms, ms)
    ON CONFLICT (user_id) DO UPDATE
    SET ticket_id = excluded.ticket_id, extra = excluded.extra, grant_extra = excluded.grant_extra, decided_by = excluded.decided_by,
        subject = excluded.subject, valid_until_ms = excluded.valid_until_ms, updated_at_ms = greatest(excluded.updated_at_ms, u.updated_at_ms + 1)
    RETURNING updated_at_ms INTO ms;
  END IF;
  UPDATE tickets
  SET status = to_status, version = at_version + 1, decided_by = by_actor, decided_at_ms = ms, updated_at_ms = ms, reject_reason = first_reason, reject_reasons = reason_list,
      reject_class = class_text, reject_rows = row_list, reject_comment = comment_text, note = noted, rule_hash = rule_text, grant_extra = granted, subject = about, valid_until_ms = ends
  WHERE user_id = of_user AND id = of_ticket;
  RETURN of_user;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.proname IN ('ticket_submit', 'ticket_decide') AND p.pronamespace = current_schema()::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', name);
  END LOOP;
END $$;
-- +goose StatementEnd
