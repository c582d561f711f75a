-- +goose Up

-- +goose StatementBegin
-- archive_audit adds to the audit the decisions and reopenings of tickets of the archive, which audit_all has from the tables that they leave.
CREATE FUNCTION archive_audit(moved uuid[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO audit (id, at_ms, actor, action, object)
  SELECT md5('archive' || a.id::text || d.action)::uuid, d.at_ms, d.actor, d.action, 'ticket:' || a.id::text
  FROM archived_tickets a CROSS JOIN LATERAL (
    SELECT CASE a.status WHEN 'revoked' THEN a.decided_at_ms ELSE a.updated_at_ms END AS at_ms, a.decided_by AS actor,
      CASE a.status WHEN 'revoked' THEN 'approved' ELSE a.status END AS action
    WHERE a.status IN ('approved', 'rejected', 'revoked')
    UNION ALL
    SELECT a.updated_at_ms, a.revoked_by, 'revoked' WHERE a.status = 'revoked'
    UNION ALL
    SELECT (a.history -> 'reopening' ->> 'at_ms')::bigint, a.history -> 'reopening' ->> 'reopened_by', 'reopened' WHERE a.history ? 'reopening'
  ) d
  WHERE a.id = ANY (moved)
  ON CONFLICT (id) DO NOTHING
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- archive_tickets as it was, and it keeps in the audit who decided.
CREATE OR REPLACE FUNCTION archive_tickets(before_ms bigint, after_ms bigint, after_id uuid, most integer, dry boolean,
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
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- archive_drop as it was; and nobody is put on hold while a month is deleted.
CREATE OR REPLACE FUNCTION archive_drop(of_month text, dry boolean, OUT tickets bigint, OUT users bigint, OUT files bigint, OUT held bigint)
LANGUAGE plpgsql SET docket.archiving = 'on' AS $$
DECLARE
  name text := 'archived_tickets_' || replace(of_month, '-', '_');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('docket archive'));
  IF of_month !~ '^[0-9]{4}-[0-9]{2}$' OR to_regclass(name) IS NULL THEN
    RETURN;
  END IF;
  IF NOT dry THEN
    LOCK TABLE holds IN SHARE MODE;
  END IF;
  EXECUTE format('SELECT count(*), count(DISTINCT user_id), (SELECT count(*) FROM holds h WHERE EXISTS (SELECT FROM %1$I a WHERE a.user_id = h.user_id)) FROM %1$I', name)
  INTO tickets, users, held;
  EXECUTE format('CREATE TEMPORARY TABLE archive_files ON COMMIT DROP AS SELECT DISTINCT n.file_id FROM %1$I a JOIN ticket_files n ON n.ticket_id = a.id
    WHERE NOT EXISTS (SELECT FROM ticket_files o WHERE o.file_id = n.file_id AND NOT EXISTS (SELECT FROM %1$I b WHERE b.id = o.ticket_id))', name);
  SELECT count(*) INTO files FROM archive_files;
  IF dry OR held > 0 THEN
    DROP TABLE archive_files;
    RETURN;
  END IF;
  EXECUTE format('WITH gone AS (SELECT user_id, status, count(*) AS n FROM %I GROUP BY 1, 2), emptied AS (
      DELETE FROM archived_counts c USING gone g WHERE c.user_id = g.user_id AND c.status = g.status AND c.tickets <= g.n
    ) UPDATE archived_counts c SET tickets = c.tickets - g.n FROM gone g WHERE c.user_id = g.user_id AND c.status = g.status AND c.tickets > g.n', name);
  EXECUTE format('CREATE TEMPORARY TABLE archive_gone ON COMMIT DROP AS SELECT id FROM %I', name);
  EXECUTE format('DROP TABLE %I', name);
  DELETE FROM ticket_files n USING archive_gone g WHERE n.ticket_id = g.id;
  UPDATE files f SET state = 'going', ticket_id = NULL, sha256 = '', phash = NULL, signals = '{}'
  FROM archive_files g WHERE f.id = g.file_id AND f.state <> 'gone';
  UPDATE files f SET ticket_id = NULL FROM archive_gone g WHERE f.ticket_id = g.id;
  DROP TABLE archive_files, archive_gone;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION archive_audit(uuid[]) SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION archive_tickets(bigint, bigint, uuid, integer, boolean) SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION archive_drop(text, boolean) SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION archive_audit FROM PUBLIC;
SELECT archive_audit(array_agg(id)) FROM archived_tickets;
