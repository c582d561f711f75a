-- +goose Up

-- +goose StatementBegin
-- archive_due is which of these closed tickets, which the transaction has locked, nothing needs where they are: what others can add to one
-- that is closed is looked for once nobody can add to it any more.
CREATE FUNCTION archive_due(locked uuid[]) RETURNS uuid[] LANGUAGE sql AS $$
  SELECT array_agg(t.id) FROM tickets t
  WHERE t.id = ANY (locked)
    AND NOT EXISTS (SELECT FROM tickets n WHERE n.user_id = t.user_id AND n.previous_id = t.id AND n.status = 'processing')
    AND NOT EXISTS (SELECT FROM pending_decisions d WHERE d.ticket_id = t.id)
    AND NOT EXISTS (SELECT FROM second_looks l WHERE l.ticket_id = t.id AND l.given_by IS NULL)
    AND NOT EXISTS (SELECT FROM ticket_events e WHERE e.ticket_id = t.id AND e.seq > coalesce((
      SELECT m.seq FROM feed_marks m WHERE m.at_ms <= now_ms() - 30 * 86400000::bigint ORDER BY m.at_ms DESC LIMIT 1
    ), -1))
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- archive_move moves these tickets, which the transaction has locked, to the archive.
CREATE FUNCTION archive_move(due uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  names text;
BEGIN
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
-- archive_try moves these tickets, or none of them, and returns why none: empty if they are moved. What is due to the machine, another
-- transaction or an operator is an error.
CREATE FUNCTION archive_try(due uuid[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM archive_move(due);
  RETURN '';
EXCEPTION WHEN OTHERS THEN
  IF SQLSTATE ~ '^(08|40|53|55|57|58)' THEN
    RAISE;
  END IF;
  RETURN SQLSTATE || ': ' || SQLERRM;
END $$;
-- +goose StatementEnd

DROP FUNCTION archive_tickets(bigint, bigint, uuid, integer, boolean);
-- +goose StatementBegin
-- archive_tickets moves the next tickets to the archive that were closed before a time, after a place in the order in which they were closed:
-- of so many it moves those that nothing needs where they are. It never moves what was closed or submitted within 90 days, has events
-- that the feed still keeps, is the newest of its user and subject or the last whose turn was counted, a latest approval, or before an open
-- ticket. One that another transaction has locked is left for the next time, and so is one that cannot be moved: refused says how many these
-- were, refused_id and refused_why are of the last of them. busy: another transaction is archiving.
CREATE FUNCTION archive_tickets(before_ms bigint, after_ms bigint, after_id uuid, most integer, dry boolean,
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
    FOR UPDATE OF t SKIP LOCKED
  )
  SELECT e.n, coalesce(e.ms, after_ms), coalesce(e.id, after_id), (SELECT array_agg(f.id) FROM free f) INTO seen, last_ms, last_id, due FROM ends e;
  due := archive_due(due);
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
DO $$
DECLARE
  name text;
  writer text;
BEGIN
  FOREACH name IN ARRAY ARRAY['archive_due(uuid[])', 'archive_move(uuid[])', 'archive_try(uuid[])', 'archive_tickets(bigint, bigint, uuid, integer, boolean)'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', name);
  END LOOP;
  FOR writer IN
    SELECT DISTINCT a.grantee::regrole::text FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
    WHERE c.oid = 'tickets'::regclass AND a.privilege_type = 'INSERT' AND a.grantee NOT IN (0, c.relowner)
  LOOP
    EXECUTE 'GRANT EXECUTE ON FUNCTION archive_tickets TO ' || writer;
  END LOOP;
END $$;
-- +goose StatementEnd
