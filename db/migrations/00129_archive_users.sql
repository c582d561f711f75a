-- +goose Up

-- The archive names users, so that it works where the tables are distributed over several servers, too. What is moved is as it was.

-- +goose StatementBegin
-- archive_words are what a ticket is found by when it is given whole, and the warnings of its pictures.
CREATE FUNCTION archive_words(of_user text, of_ticket uuid) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN coalesce((
    SELECT array_to_tsvector(array_agg(l)) FROM ticket_words w CROSS JOIN LATERAL unnest(tsvector_to_array(w.words)) AS l
    WHERE w.user_id = of_user AND w.ticket_id = of_ticket AND left(l, 1) IN ('=', '~', '!')
  ), '');
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- archive_history is what other tables have of a ticket, each row without the id of the ticket and what is null.
CREATE FUNCTION archive_history(of_user text, of_ticket uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN jsonb_strip_nulls(jsonb_build_object(
    'events', (SELECT jsonb_agg(to_jsonb(e) - 'ticket_id' - 'user_id' ORDER BY e.version) FROM ticket_events e WHERE e.user_id = of_user AND e.ticket_id = of_ticket),
    'notes', (SELECT jsonb_agg(to_jsonb(n) - 'ticket_id' - 'user_id' ORDER BY n.at_ms, n.id) FROM ticket_notes n WHERE n.user_id = of_user AND n.ticket_id = of_ticket),
    'steps', (SELECT jsonb_agg(to_jsonb(s) - 'ticket_id' - 'user_id' ORDER BY s.step) FROM approval_steps s WHERE s.user_id = of_user AND s.ticket_id = of_ticket),
    'verdicts', (SELECT jsonb_agg(to_jsonb(v) - 'ticket_id' - 'user_id' ORDER BY v.rule) FROM verdicts v WHERE v.user_id = of_user AND v.ticket_id = of_ticket),
    'reopening', (SELECT to_jsonb(r) - 'ticket_id' - 'user_id' FROM reopenings r WHERE r.user_id = of_user AND r.ticket_id = of_ticket),
    'look', (SELECT to_jsonb(l) - 'ticket_id' - 'user_id' FROM second_looks l WHERE l.user_id = of_user AND l.ticket_id = of_ticket)
  )) || coalesce((
    SELECT jsonb_build_object('opinions', jsonb_agg(to_jsonb(o) - 'ticket_id' - 'user_id' ORDER BY o.step, o.ordinal))
    FROM opinions o WHERE o.user_id = of_user AND o.ticket_id = of_ticket HAVING count(*) > 0
  ), '{}');
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- archive_lock locks those of these closed tickets that are due by their age and of which their user has a newer one, and returns them.
CREATE FUNCTION archive_lock(page uuid[], closed_before_ms bigint, sent_before_ms bigint) RETURNS uuid[] LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT array_agg(f.id) FROM (
    SELECT t.id FROM tickets t
    WHERE t.id = ANY (page) AND t.status <> 'processing' AND t.updated_at_ms < closed_before_ms AND t.created_at_ms < sent_before_ms
      AND EXISTS (SELECT FROM tickets n WHERE n.user_id = t.user_id AND n.subject = t.subject AND n.one_open = t.one_open AND (n.created_at_ms, n.id) > (t.created_at_ms, t.id))
      AND (t.turn IS NULL OR EXISTS (SELECT FROM tickets n WHERE n.user_id = t.user_id AND n.turn > t.turn))
      AND NOT EXISTS (SELECT FROM user_tickets u WHERE u.user_id = t.user_id AND u.ticket_id = t.id)
      AND NOT EXISTS (SELECT FROM user_subject_tickets s WHERE s.user_id = t.user_id AND s.ticket_id = t.id)
    FOR UPDATE OF t SKIP LOCKED
  ) f);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- archive_due is which of these closed tickets, which the transaction has locked, nothing needs where they are: what others can add to one
-- that is closed is looked for once nobody can add to it any more.
CREATE OR REPLACE FUNCTION archive_due(locked uuid[]) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
  settled bigint := coalesce((SELECT m.seq FROM feed_marks m WHERE m.at_ms <= now_ms() - 30 * 86400000::bigint ORDER BY m.at_ms DESC LIMIT 1), -1);
BEGIN
  RETURN (SELECT array_agg(t.id) FROM tickets t
    WHERE t.id = ANY (locked)
      AND NOT EXISTS (SELECT FROM tickets n WHERE n.user_id = t.user_id AND n.previous_id = t.id AND n.status = 'processing')
      AND NOT EXISTS (SELECT FROM pending_decisions d WHERE d.user_id = t.user_id AND d.ticket_id = t.id)
      AND NOT EXISTS (SELECT FROM second_looks l WHERE l.user_id = t.user_id AND l.ticket_id = t.id AND l.given_by IS NULL)
      AND NOT EXISTS (SELECT FROM ticket_events e WHERE e.user_id = t.user_id AND e.ticket_id = t.id AND e.seq > settled));
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- archive_audit as it was, in a language that Citus takes.
CREATE OR REPLACE FUNCTION archive_audit(moved uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  WITH a AS MATERIALIZED (
    SELECT t.id, t.status, t.decided_by, t.decided_at_ms, t.revoked_by, t.updated_at_ms, t.history -> 'reopening' AS reopening FROM archived_tickets t WHERE t.id = ANY (moved)
  ), d AS (
    SELECT a.id, CASE a.status WHEN 'revoked' THEN a.decided_at_ms ELSE a.updated_at_ms END AS at_ms, a.decided_by AS actor, CASE a.status WHEN 'revoked' THEN 'approved' ELSE a.status END AS action
    FROM a WHERE a.status IN ('approved', 'rejected', 'revoked')
    UNION ALL
    SELECT a.id, a.updated_at_ms, a.revoked_by, 'revoked' FROM a WHERE a.status = 'revoked'
    UNION ALL
    SELECT a.id, (a.reopening ->> 'at_ms')::bigint, a.reopening ->> 'reopened_by', 'reopened' FROM a WHERE a.reopening IS NOT NULL
  )
  INSERT INTO audit (id, at_ms, actor, action, object)
  SELECT md5('archive' || d.id::text || d.action)::uuid, d.at_ms, d.actor, d.action, 'ticket:' || d.id::text FROM d
  ON CONFLICT (id) DO NOTHING;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- archive_move moves these tickets, which the transaction has locked, to the archive, and gives back their submission keys. The half hours of what is moved
-- are not counted again.
CREATE OR REPLACE FUNCTION archive_move(due uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  names text;
  senders text[];
  keys text[];
BEGIN
  SET LOCAL docket.archiving = on; -- said where Citus sends it on to the servers
  SELECT array_agg(t.submitted_by), array_agg(t.submission_key) INTO senders, keys FROM tickets t WHERE t.id = ANY (due);
  PERFORM archive_month(m.begins) FROM (
    SELECT DISTINCT date_trunc('month', to_timestamp(t.created_at_ms / 1000) AT TIME ZONE 'UTC') AS begins FROM tickets t WHERE t.id = ANY (due)
  ) m;
  SELECT string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum) INTO names FROM pg_attribute a
  WHERE a.attrelid = 'tickets'::regclass AND a.attnum > 0 AND NOT a.attisdropped;
  EXECUTE format('INSERT INTO archived_tickets (%1$s, words, history) SELECT %1$s, archive_words(t.user_id, t.id), archive_history(t.user_id, t.id) FROM tickets t WHERE t.id = ANY ($1)', names)
  USING due;
  INSERT INTO archived_counts AS c (user_id, status, tickets)
  SELECT t.user_id, t.status, count(*) FROM tickets t WHERE t.id = ANY (due) GROUP BY 1, 2
  ON CONFLICT (user_id, status) DO UPDATE SET tickets = c.tickets + excluded.tickets;

  INSERT INTO archived_slots (at_ms)
  SELECT DISTINCT s.ms FROM archived_tickets a CROSS JOIN LATERAL archived_slots_of(a.created_at_ms, a.decided_at_ms, a.updated_at_ms, a.history) AS s (ms)
  WHERE a.id = ANY (due)
  ON CONFLICT DO NOTHING;
  PERFORM archive_audit(due);
  DELETE FROM ticket_events WHERE ticket_id = ANY (due);
  DELETE FROM ticket_words WHERE ticket_id = ANY (due);
  DELETE FROM ticket_notes WHERE ticket_id = ANY (due);
  DELETE FROM opinions WHERE ticket_id = ANY (due);
  DELETE FROM approval_steps WHERE ticket_id = ANY (due);
  DELETE FROM verdicts WHERE ticket_id = ANY (due);
  DELETE FROM reopenings WHERE ticket_id = ANY (due);
  DELETE FROM second_looks WHERE ticket_id = ANY (due);
  DELETE FROM approval_ends WHERE ticket_id = ANY (due);
  DELETE FROM claims WHERE ticket_id = ANY (due);
  DELETE FROM tickets WHERE id = ANY (due);
  DELETE FROM submissions s WHERE s.submitted_by = ANY (senders) AND s.submission_key = ANY (keys) AND s.ticket_id = ANY (due);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- archive_tickets as it was, in functions of its own.
CREATE OR REPLACE FUNCTION archive_tickets(before_ms bigint, after_ms bigint, after_id uuid, most integer, dry boolean,
  OUT busy boolean, OUT seen bigint, OUT moved bigint, OUT last_ms bigint, OUT last_id uuid, OUT refused bigint, OUT refused_id uuid, OUT refused_why text)
LANGUAGE plpgsql SECURITY DEFINER SET docket.archiving = 'on' AS $$
DECLARE
  young_ms CONSTANT bigint := now_ms() - 90 * 86400000::bigint;
  due uuid[];
  one uuid;
  why text;
BEGIN
  busy := NOT pg_try_advisory_xact_lock(hashtext('docket archive'));
  seen := 0;
  moved := 0;
  last_ms := after_ms;
  last_id := after_id;
  refused := 0;
  IF busy THEN
    RETURN;
  END IF;
  SELECT count(*), coalesce((array_agg(p.updated_at_ms ORDER BY p.updated_at_ms DESC, p.id DESC))[1], after_ms), coalesce((array_agg(p.id ORDER BY p.updated_at_ms DESC, p.id DESC))[1], after_id),
    array_agg(p.id)
  INTO seen, last_ms, last_id, due
  FROM (
    SELECT t.id, t.updated_at_ms FROM tickets t
    WHERE t.status <> 'processing' AND t.updated_at_ms < least(before_ms, young_ms) AND (t.updated_at_ms, t.id) > (after_ms, after_id)
    ORDER BY t.updated_at_ms, t.id LIMIT most
  ) p;
  due := archive_due(archive_lock(due, least(before_ms, young_ms), young_ms));
  moved := coalesce(cardinality(due), 0);
  IF dry OR moved = 0 OR archive_try(due) = '' THEN
    RETURN;
  END IF;
  moved := 0;
  FOREACH one IN ARRAY due LOOP
    why := archive_try(ARRAY[one]);
    IF why = '' THEN
      moved := moved + 1;
    ELSE
      refused := refused + 1;
      refused_id := one;
      refused_why := why;
    END IF;
  END LOOP;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- archive_drop as it was, with users in its joins.
CREATE OR REPLACE FUNCTION archive_drop(of_month text, dry boolean, OUT tickets bigint, OUT users bigint, OUT files bigint, OUT held bigint)
LANGUAGE plpgsql SET docket.archiving = 'on' AS $$
DECLARE
  name text := 'archived_tickets_' || replace(of_month, '-', '_');
BEGIN
  SET LOCAL docket.archiving = on;
  PERFORM pg_advisory_xact_lock(hashtext('docket archive'));
  IF of_month !~ '^[0-9]{4}-[0-9]{2}$' OR to_regclass(name) IS NULL THEN
    RETURN;
  END IF;
  IF NOT dry THEN
    LOCK TABLE holds IN SHARE MODE;
  END IF;
  EXECUTE format('SELECT count(*), count(DISTINCT user_id) FROM %I', name) INTO tickets, users;
  EXECUTE format('SELECT count(DISTINCT a.user_id) FROM %I a JOIN holds h ON h.user_id = a.user_id', name) INTO held;
  EXECUTE format('CREATE TEMPORARY TABLE archive_files ON COMMIT DROP AS SELECT DISTINCT n.user_id, n.file_id FROM %1$I a JOIN ticket_files n ON n.user_id = a.user_id AND n.ticket_id = a.id
    WHERE NOT EXISTS (SELECT FROM ticket_files o WHERE o.user_id = n.user_id AND o.file_id = n.file_id
      AND NOT EXISTS (SELECT FROM %1$I b WHERE b.user_id = o.user_id AND b.id = o.ticket_id))', name);
  SELECT count(*) INTO files FROM archive_files;
  IF dry OR held > 0 THEN
    DROP TABLE archive_files;
    RETURN;
  END IF;
  EXECUTE format('DELETE FROM archived_counts c USING (SELECT user_id, status, count(*) AS n FROM %I GROUP BY 1, 2) g
    WHERE c.user_id = g.user_id AND c.status = g.status AND c.tickets <= g.n', name);
  EXECUTE format('UPDATE archived_counts c SET tickets = c.tickets - g.n FROM (SELECT user_id, status, count(*) AS n FROM %I GROUP BY 1, 2) g
    WHERE c.user_id = g.user_id AND c.status = g.status', name);
  EXECUTE format('CREATE TEMPORARY TABLE archive_gone ON COMMIT DROP AS SELECT user_id, id FROM %I', name);
  EXECUTE format('DROP TABLE %I', name);
  DELETE FROM ticket_files n USING archive_gone g WHERE n.user_id = g.user_id AND n.ticket_id = g.id;
  UPDATE files f SET state = 'going', ticket_id = NULL, sha256 = '', phash = NULL, signals = '{}'
  FROM archive_files g WHERE f.user_id = g.user_id AND f.id = g.file_id AND f.state <> 'gone';
  UPDATE files f SET ticket_id = NULL FROM archive_gone g WHERE f.user_id = g.user_id AND f.ticket_id = g.id;
  DROP TABLE archive_files, archive_gone;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- files_guard as it was, with the user in its join.
CREATE OR REPLACE FUNCTION files_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  named boolean := false;
BEGIN
  IF NEW.state IN ('going', 'gone') THEN
    NEW.readings := '{}';
  END IF;
  IF (NEW.id, NEW.user_id, NEW.field, NEW.blob, NEW.media_type, NEW.size, NEW.uploaded_by)
     IS DISTINCT FROM (OLD.id, OLD.user_id, OLD.field, OLD.blob, OLD.media_type, OLD.size, OLD.uploaded_by)
     OR NEW.state NOT IN ('going', 'gone') AND (NEW.sha256, NEW.phash, NEW.signals, NEW.readings) IS DISTINCT FROM (OLD.sha256, OLD.phash, OLD.signals, OLD.readings) THEN
    RAISE EXCEPTION 'what is stored of file % cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.state IN ('going', 'gone') OR NEW.ticket_id IS DISTINCT FROM OLD.ticket_id THEN
    named := EXISTS (
      SELECT FROM ticket_files n JOIN tickets t ON t.user_id = n.user_id AND t.id = n.ticket_id
      WHERE n.user_id = OLD.user_id AND n.file_id = OLD.id AND t.erased_at_ms IS NULL AND (NEW.state IN ('going', 'gone') AND t.status <> 'withdrawn'
        OR NEW.ticket_id IS DISTINCT FROM OLD.ticket_id AND n.ticket_id = OLD.ticket_id
          AND (t.status IN ('processing', 'approved', 'revoked') OR t.status = 'rejected' AND NEW.ticket_id IS NULL))
    );
    IF NOT named AND to_regclass('archived_tickets') IS NOT NULL THEN
      named := EXISTS (
        SELECT FROM ticket_files n JOIN archived_tickets a ON a.user_id = n.user_id AND a.id = n.ticket_id
        WHERE n.user_id = OLD.user_id AND n.file_id = OLD.id AND a.erased_at_ms IS NULL AND (NEW.state IN ('going', 'gone') AND a.status <> 'withdrawn'
          OR NEW.ticket_id IS DISTINCT FROM OLD.ticket_id AND n.ticket_id = OLD.ticket_id
            AND (a.status IN ('processing', 'approved', 'revoked') OR a.status = 'rejected' AND NEW.ticket_id IS NULL))
      );
    END IF;
  END IF;
  IF named THEN
    RAISE EXCEPTION 'file % is named by a ticket that needs it', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- erase_content as it was, without a value for each row that is random.
CREATE OR REPLACE FUNCTION erase_content(of_user text, erased uuid[], by_actor text, for_reason text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  erasure_ms bigint := now_ms();
  seed text := gen_random_uuid()::text;
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
    submission_key = CASE WHEN submission_key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN submission_key ELSE md5(seed || id::text)::uuid::text END,
    version = version + 1, erased_at_ms = erasure_ms
  WHERE user_id = of_user AND id = ANY (erased);
  IF keys IS NOT NULL THEN
    DELETE FROM submissions s WHERE s.submitted_by = ANY (senders) AND s.submission_key = ANY (keys) AND s.ticket_id = ANY (erased);
  END IF;
  UPDATE archived_tickets a SET extra = '{}', submission_hash = '', reject_comment = CASE WHEN a.reject_comment IS NOT NULL THEN '' END, note = NULL, grant_extra = NULL,
    submission_key = CASE WHEN a.submission_key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN a.submission_key ELSE md5(seed || a.id::text)::uuid::text END,
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
-- erase_tickets as it was, but it looks for latest approvals once the tickets are locked.
CREATE OR REPLACE FUNCTION erase_tickets(candidates uuid[], by_actor text, for_reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET docket.erasing = 'on' AS $$
DECLARE
  of record;
  due uuid[];
  archived uuid[];
  erased bigint := 0;
  before_ms bigint := CASE WHEN owner_calls() THEN 9223372036854775807 ELSE now_ms() - 86400000 END;
BEGIN
  FOR of IN
    SELECT t.user_id FROM tickets t WHERE t.id = ANY (candidates) UNION SELECT a.user_id FROM archived_tickets a WHERE a.id = ANY (candidates) ORDER BY 1
  LOOP
    CONTINUE WHEN NOT may_erase(of.user_id);
    SELECT array_agg(t.id) INTO due FROM (
      SELECT t.id FROM tickets t
      WHERE t.user_id = of.user_id AND t.id = ANY (candidates) AND t.status <> 'processing' AND t.erased_at_ms IS NULL
        AND greatest(t.updated_at_ms, t.expired_at_ms) < before_ms
      ORDER BY t.id
      FOR UPDATE OF t SKIP LOCKED
    ) t;
    SELECT array_agg(t.id) INTO due FROM tickets t
    WHERE t.user_id = of.user_id AND t.id = ANY (due) AND (t.expired_at_ms IS NOT NULL
      OR NOT EXISTS (SELECT FROM user_tickets u WHERE u.user_id = t.user_id AND u.ticket_id = t.id)
        AND NOT EXISTS (SELECT FROM user_subject_tickets s WHERE s.user_id = t.user_id AND s.ticket_id = t.id));
    SELECT array_agg(t.id) INTO archived FROM (
      SELECT a.id FROM archived_tickets a WHERE a.user_id = of.user_id AND a.id = ANY (candidates) AND a.erased_at_ms IS NULL
      ORDER BY a.id
      FOR UPDATE OF a SKIP LOCKED
    ) t;
    due := coalesce(due || archived, archived);
    CONTINUE WHEN due IS NULL;
    PERFORM erase_content(of.user_id, due, by_actor, for_reason);
    DELETE FROM user_tickets WHERE user_id = of.user_id AND ticket_id = ANY (due);
    PERFORM pg_notify('docket_change', of.user_id);
    erased := erased + cardinality(due);
  END LOOP;
  RETURN erased;
END $$;
-- +goose StatementEnd

DROP FUNCTION archive_words(uuid);
DROP FUNCTION archive_history(uuid);
DROP TRIGGER archived_slots ON archived_tickets;
DROP FUNCTION archived_slots_add();
DROP TRIGGER IF EXISTS tickets_give_back ON tickets;
DROP FUNCTION submissions_give_back();

-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['archive_lock(uuid[], bigint, bigint)', 'archive_due(uuid[])', 'archive_audit(uuid[])', 'archive_move(uuid[])', 'archive_tickets(bigint, bigint, uuid, integer, boolean)',
    'archive_drop(text, boolean)', 'files_guard()', 'erase_content(text, uuid[], text, text)', 'erase_tickets(uuid[], text, text)'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION archive_lock(uuid[], bigint, bigint) FROM PUBLIC;
