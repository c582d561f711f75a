-- +goose Up

-- Closed tickets that are out of the way: each with the columns of tickets, by what it is found whole, and, in history, its rows of the
-- other tables. A table of its own holds those that were created in a month of UTC. Their files stay where they are.
CREATE TABLE archived_tickets (
  LIKE tickets,
  words          tsvector NOT NULL,
  history        jsonb    NOT NULL,
  archived_at_ms bigint   NOT NULL DEFAULT now_ms(),
  PRIMARY KEY (id, created_at_ms),
  CONSTRAINT archived_tickets_closed CHECK (status <> 'processing')
) PARTITION BY RANGE (created_at_ms);
CREATE INDEX archived_tickets_user ON archived_tickets (user_id, created_at_ms, id);
CREATE INDEX archived_tickets_kept ON archived_tickets (status, updated_at_ms, id) WHERE erased_at_ms IS NULL;
CREATE INDEX archived_tickets_closed ON archived_tickets USING brin (updated_at_ms, created_at_ms) WITH (pages_per_range = 32);
CREATE INDEX archived_tickets_words ON archived_tickets USING gin (words) WITH (fastupdate = off);

-- The columns that a ticket has, in their order.
CREATE VIEW archived_rows AS
SELECT id, user_id, status, version, extra, form_version, one_open, submitted_by, submission_key, submission_hash, decided_by, decided_at_ms,
  reject_reason, reject_comment, note, created_at_ms, updated_at_ms, language, reject_reasons, reject_class, attempt, previous_id, turn, rule_hash, erased_at_ms,
  queue, revoked_by, grant_extra, subject, valid_until_ms, expired_at_ms, reject_rows
FROM archived_tickets;

-- How many tickets of each user are in the archive.
CREATE TABLE archived_counts (
  user_id text   NOT NULL,
  status  text   NOT NULL,
  tickets bigint NOT NULL,
  PRIMARY KEY (user_id, status)
);

-- What these referred to may be in the archive. Triggers see to it that a file is of a ticket of its user, that an attempt follows a
-- ticket, and that a ticket is not deleted but archived.
ALTER TABLE tickets DROP CONSTRAINT IF EXISTS tickets_previous;
ALTER TABLE files DROP CONSTRAINT IF EXISTS files_ticket_id_fkey;
ALTER TABLE ticket_files DROP CONSTRAINT IF EXISTS ticket_files_ticket;
-- +goose StatementBegin
-- tickets_previous refuses an attempt that follows no ticket.
CREATE FUNCTION tickets_previous() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM tickets t WHERE t.id = NEW.previous_id) AND NOT EXISTS (SELECT FROM archived_tickets a WHERE a.id = NEW.previous_id) THEN
    RAISE EXCEPTION 'the previous ticket of % is not there', NEW.id USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'tickets_previous';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tickets_previous AFTER INSERT ON tickets FOR EACH ROW WHEN (NEW.previous_id IS NOT NULL) EXECUTE FUNCTION tickets_previous();

-- +goose StatementBegin
-- archiving reports whether rows of a table are deleted by archive_tickets: it alone sets docket.archiving, and runs as the owner.
CREATE FUNCTION archiving(changed oid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT current_setting('docket.archiving', true) = 'on'
    AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = changed), 'USAGE')
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- refuse as it was, except for rows that are archived.
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_LEVEL = 'ROW' AND erasing(TG_RELID) THEN
    IF TG_OP = 'DELETE' THEN
      RETURN OLD;
    END IF;
    RETURN NEW;
  END IF;
  IF TG_LEVEL = 'ROW' AND TG_OP = 'DELETE' AND archiving(TG_RELID) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% on % is not allowed: history is only ever added to, and by the change itself', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd

CREATE TRIGGER archived_tickets_keep BEFORE UPDATE OR DELETE ON archived_tickets FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER archived_tickets_keep_all BEFORE TRUNCATE ON archived_tickets FOR EACH STATEMENT EXECUTE FUNCTION refuse();

-- +goose StatementBegin
-- ticket_notes_guard as it was, except for rows that are archived.
CREATE OR REPLACE FUNCTION ticket_notes_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND archiving(TG_RELID) THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'UPDATE' AND erasing(TG_RELID) AND NEW.text = ''
    AND (NEW.id, NEW.ticket_id, NEW.kind, NEW.actor, NEW.at_ms, NEW.target, NEW.until_ms)
      IS NOT DISTINCT FROM (OLD.id, OLD.ticket_id, OLD.kind, OLD.actor, OLD.at_ms, OLD.target, OLD.until_ms) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% on ticket_notes is not allowed: it is only ever added to', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- second_looks_guard as it was, except for rows that are archived.
CREATE OR REPLACE FUNCTION second_looks_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND archiving(TG_RELID) THEN
    RETURN OLD;
  END IF;
  IF OLD.given_by IS NOT NULL AND (TG_OP = 'DELETE' OR NEW.note <> '' OR NEW.note IS NULL
     OR (NEW.ticket_id, NEW.decided_by, NEW.status, NEW.decided_at_ms, NEW.drawn_at_ms, NEW.given_by, NEW.verdict, NEW.reasons, NEW.given_at_ms)
     IS DISTINCT FROM (OLD.ticket_id, OLD.decided_by, OLD.status, OLD.decided_at_ms, OLD.drawn_at_ms, OLD.given_by, OLD.verdict, OLD.reasons, OLD.given_at_ms)) THEN
    RAISE EXCEPTION 'the second look at ticket % was given and cannot change', OLD.ticket_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  IF (NEW.ticket_id, NEW.decided_by, NEW.status, NEW.decided_at_ms) IS DISTINCT FROM (OLD.ticket_id, OLD.decided_by, OLD.status, OLD.decided_at_ms)
     OR OLD.given_by IS NULL AND NEW.given_by IS NOT NULL AND NOT second_look_open_to(NEW.ticket_id, substr(NEW.given_by, 7)::uuid) THEN
    RAISE EXCEPTION 'the second look at ticket % is not open to %', NEW.ticket_id, NEW.given_by USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- approval_steps_guard as it was, except for rows that are archived.
CREATE OR REPLACE FUNCTION approval_steps_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND archiving(TG_RELID) THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'DELETE' OR (NEW.ticket_id, NEW.step, NEW.turn, NEW.name, NEW.team, NEW.key, NEW.remind_ms, NEW.stand_in_ms, NEW.stand_in_team)
     IS DISTINCT FROM (OLD.ticket_id, OLD.step, OLD.turn, OLD.name, OLD.team, OLD.key, OLD.remind_ms, OLD.stand_in_ms, OLD.stand_in_team)
     OR NEW.email <> OLD.email AND NEW.email <> '' OR (NEW.email IS NULL) <> (OLD.email IS NULL) THEN
    RAISE EXCEPTION 'the steps of ticket % cannot change', OLD.ticket_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- files_guard as it was; and an archived ticket needs its files as any other does.
CREATE OR REPLACE FUNCTION files_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state IN ('going', 'gone') THEN
    NEW.readings := '{}';
  END IF;
  IF (NEW.id, NEW.user_id, NEW.field, NEW.blob, NEW.media_type, NEW.size, NEW.uploaded_by)
     IS DISTINCT FROM (OLD.id, OLD.user_id, OLD.field, OLD.blob, OLD.media_type, OLD.size, OLD.uploaded_by)
     OR NEW.state NOT IN ('going', 'gone') AND (NEW.sha256, NEW.phash, NEW.signals, NEW.readings) IS DISTINCT FROM (OLD.sha256, OLD.phash, OLD.signals, OLD.readings) THEN
    RAISE EXCEPTION 'what is stored of file % cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.state IN ('going', 'gone') OR NEW.ticket_id IS DISTINCT FROM OLD.ticket_id) AND EXISTS (
    SELECT FROM ticket_files n CROSS JOIN LATERAL (
      SELECT t.status FROM tickets t WHERE t.id = n.ticket_id AND t.erased_at_ms IS NULL
      UNION ALL
      SELECT a.status FROM archived_tickets a WHERE a.id = n.ticket_id AND a.erased_at_ms IS NULL
    ) t
    WHERE n.file_id = OLD.id AND (NEW.state IN ('going', 'gone') AND t.status <> 'withdrawn'
      OR NEW.ticket_id IS DISTINCT FROM OLD.ticket_id AND n.ticket_id = OLD.ticket_id
        AND (t.status IN ('processing', 'approved', 'revoked') OR t.status = 'rejected' AND NEW.ticket_id IS NULL))
  ) THEN
    RAISE EXCEPTION 'file % is named by a ticket that needs it', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- archive_month makes the table of a month, which begins at a time, unless it is there.
CREATE FUNCTION archive_month(begins timestamp) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name text := 'archived_tickets_' || to_char(begins, 'YYYY_MM');
  from_ms bigint := 1000 * extract(epoch FROM begins);
  until_ms bigint := 1000 * extract(epoch FROM begins + interval '1 month');
BEGIN
  IF to_regclass(name) IS NOT NULL THEN
    RETURN;
  END IF;
  -- A table that is attached takes a lighter lock than one that is made as a partition: readers of the archive go on.
  EXECUTE format('CREATE TABLE %I (LIKE archived_tickets INCLUDING DEFAULTS INCLUDING CONSTRAINTS, CONSTRAINT month CHECK (created_at_ms >= %s AND created_at_ms < %s))',
    name, from_ms, until_ms);
  EXECUTE format('ALTER TABLE archived_tickets ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', name, from_ms, until_ms);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- archive_tickets moves the next tickets to the archive that were closed before a time, after a place in the order in which they were closed:
-- of so many it moves those that nothing needs where they are. It never moves what was closed or submitted within 90 days, has events
-- that the feed still keeps, is the newest of its user and subject or the last whose turn was counted, a latest approval, or before an open
-- ticket. One that another transaction has locked is left for the next time. busy: another transaction is archiving.
CREATE FUNCTION archive_tickets(before_ms bigint, after_ms bigint, after_id uuid, most integer, dry boolean,
  OUT busy boolean, OUT seen bigint, OUT moved bigint, OUT last_ms bigint, OUT last_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET docket.archiving = 'on' AS $$
DECLARE
  day_ms CONSTANT bigint := 86400000;
  young_ms CONSTANT bigint := now_ms() - 90 * day_ms;
  settled bigint;
  due uuid[];
  names text;
BEGIN
  busy := NOT pg_try_advisory_xact_lock(hashtext('docket archive'));
  seen := 0;
  moved := 0;
  last_ms := after_ms;
  last_id := after_id;
  IF busy THEN
    RETURN;
  END IF;
  SELECT m.seq INTO settled FROM feed_marks m WHERE m.at_ms <= now_ms() - 30 * day_ms ORDER BY m.at_ms DESC LIMIT 1;
  WITH page AS MATERIALIZED (
    SELECT t.id, t.updated_at_ms FROM tickets t
    WHERE t.status <> 'processing' AND t.updated_at_ms < least(before_ms, young_ms) AND (t.updated_at_ms, t.id) > (after_ms, after_id)
    ORDER BY t.updated_at_ms, t.id LIMIT most
  ), ends AS (
    SELECT count(*) AS n, (array_agg(p.updated_at_ms ORDER BY p.updated_at_ms DESC, p.id DESC))[1] AS ms,
      (array_agg(p.id ORDER BY p.updated_at_ms DESC, p.id DESC))[1] AS id FROM page p
  ), free AS (
    SELECT t.id FROM tickets t
    WHERE t.id IN (SELECT p.id FROM page p) AND t.status <> 'processing' AND t.updated_at_ms < least(before_ms, young_ms) AND t.created_at_ms < young_ms
      AND EXISTS (SELECT FROM tickets n WHERE n.user_id = t.user_id AND n.subject = t.subject AND n.one_open = t.one_open AND (n.created_at_ms, n.id) > (t.created_at_ms, t.id))
      AND (t.turn IS NULL OR EXISTS (SELECT FROM tickets n WHERE n.user_id = t.user_id AND n.turn > t.turn))
      AND NOT EXISTS (SELECT FROM user_tickets u WHERE u.ticket_id = t.id)
      AND NOT EXISTS (SELECT FROM user_subject_tickets s WHERE s.ticket_id = t.id)
      AND NOT EXISTS (SELECT FROM tickets n WHERE n.user_id = t.user_id AND n.previous_id = t.id AND n.status = 'processing')
      AND NOT EXISTS (SELECT FROM pending_decisions d WHERE d.ticket_id = t.id)
      AND NOT EXISTS (SELECT FROM second_looks l WHERE l.ticket_id = t.id AND l.given_by IS NULL)
      AND NOT EXISTS (SELECT FROM ticket_events e WHERE e.ticket_id = t.id AND e.seq > coalesce(settled, -1))
    FOR UPDATE OF t SKIP LOCKED
  )
  SELECT e.n, coalesce(e.ms, after_ms), coalesce(e.id, after_id), (SELECT array_agg(f.id) FROM free f) INTO seen, last_ms, last_id, due FROM ends e;
  moved := coalesce(cardinality(due), 0);
  IF dry OR moved = 0 THEN
    RETURN;
  END IF;

  PERFORM archive_month(m.begins) FROM (
    SELECT DISTINCT date_trunc('month', to_timestamp(t.created_at_ms / 1000) AT TIME ZONE 'UTC') AS begins FROM tickets t WHERE t.id = ANY (due)
  ) m;
  SELECT string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum) INTO names FROM pg_attribute a
  WHERE a.attrelid = 'tickets'::regclass AND a.attnum > 0 AND NOT a.attisdropped;
  EXECUTE format('INSERT INTO archived_tickets (%1$s, words, history) SELECT %1$s, archive_words(t.id), archive_history(t.id) FROM tickets t WHERE t.id = ANY ($1)', names)
  USING due;
  INSERT INTO archived_counts AS c (user_id, status, tickets)
  SELECT t.user_id, t.status, count(*) FROM tickets t WHERE t.id = ANY (due) GROUP BY 1, 2
  ON CONFLICT (user_id, status) DO UPDATE SET tickets = c.tickets + excluded.tickets;

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
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- archive_words are what a ticket is found by when it is given whole, and the warnings of its pictures.
CREATE FUNCTION archive_words(of_ticket uuid) RETURNS tsvector LANGUAGE sql STABLE AS $$
  SELECT coalesce((
    SELECT array_to_tsvector(array_agg(l)) FROM ticket_words w CROSS JOIN LATERAL unnest(tsvector_to_array(w.words)) AS l
    WHERE w.ticket_id = of_ticket AND left(l, 1) IN ('=', '~', '!')
  ), '')
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- archive_history is what other tables have of a ticket, each row without the id of the ticket and what is null.
CREATE FUNCTION archive_history(of_ticket uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_strip_nulls(jsonb_build_object(
    'events', (SELECT jsonb_agg(to_jsonb(e) - 'ticket_id' - 'user_id' ORDER BY e.version) FROM ticket_events e WHERE e.ticket_id = of_ticket),
    'notes', (SELECT jsonb_agg(to_jsonb(n) - 'ticket_id' - 'user_id' ORDER BY n.at_ms, n.id) FROM ticket_notes n WHERE n.ticket_id = of_ticket),
    'steps', (SELECT jsonb_agg(to_jsonb(s) - 'ticket_id' - 'user_id' ORDER BY s.step) FROM approval_steps s WHERE s.ticket_id = of_ticket),
    'verdicts', (SELECT jsonb_agg(to_jsonb(v) - 'ticket_id' - 'user_id' ORDER BY v.rule) FROM verdicts v WHERE v.ticket_id = of_ticket),
    'reopening', (SELECT to_jsonb(r) - 'ticket_id' - 'user_id' FROM reopenings r WHERE r.ticket_id = of_ticket),
    'look', (SELECT to_jsonb(l) - 'ticket_id' - 'user_id' FROM second_looks l WHERE l.ticket_id = of_ticket)
  )) || coalesce((
    SELECT jsonb_build_object('opinions', jsonb_agg(to_jsonb(o) - 'ticket_id' - 'user_id' ORDER BY o.step, o.ordinal)) FROM opinions o WHERE o.ticket_id = of_ticket HAVING count(*) > 0
  ), '{}')
$$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
  name text;
  writer text;
BEGIN
  FOREACH name IN ARRAY ARRAY['refuse()', 'tickets_previous()', 'ticket_notes_guard()', 'second_looks_guard()', 'approval_steps_guard()', 'files_guard()', 'archive_month(timestamp)',
    'archive_tickets(bigint, bigint, uuid, integer, boolean)'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
  REVOKE EXECUTE ON FUNCTION archive_tickets, archive_month FROM PUBLIC;
  FOR writer IN
    SELECT DISTINCT a.grantee::regrole::text FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
    WHERE c.oid = 'tickets'::regclass AND a.privilege_type = 'INSERT' AND a.grantee NOT IN (0, c.relowner)
  LOOP
    EXECUTE 'GRANT SELECT ON archived_tickets, archived_rows, archived_counts TO ' || writer;
    EXECUTE 'GRANT EXECUTE ON FUNCTION archive_tickets TO ' || writer;
  END LOOP;
END $$;
-- +goose StatementEnd
