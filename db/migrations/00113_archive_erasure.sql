-- +goose Up

-- +goose StatementBegin
-- archive_erased is the history of an archived ticket after an erasure: without what people wrote and whom steps asked, and with its event.
CREATE FUNCTION archive_erased(history jsonb, erased_version bigint, by_actor text, erasure_ms bigint, for_reason text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_strip_nulls(history || jsonb_build_object(
    'events', (SELECT jsonb_agg(CASE WHEN e ? 'comment' THEN (e - 'note') || '{"comment": ""}' ELSE e - 'note' END) FROM jsonb_array_elements(history -> 'events') AS e)
      || jsonb_build_object('version', erased_version, 'kind', 'erased', 'actor', by_actor, 'at_ms', erasure_ms, 'reason', for_reason),
    'notes', (SELECT jsonb_agg(n || '{"text": ""}') FROM jsonb_array_elements(history -> 'notes') AS n),
    'opinions', (SELECT jsonb_agg((o - 'grant_extra') || '{"comment": "", "note": ""}') FROM jsonb_array_elements(history -> 'opinions') AS o),
    'steps', (SELECT jsonb_agg(CASE WHEN s ? 'email' THEN s || '{"email": ""}' ELSE s END) FROM jsonb_array_elements(history -> 'steps') AS s),
    'reopening', (history -> 'reopening') || '{"note": "-"}',
    'look', (history -> 'look') || '{"note": ""}'
  ))
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- erase_content as it was; and what is in the archive.
CREATE OR REPLACE FUNCTION erase_content(erased uuid[], by_actor text, for_reason text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  erasure_ms bigint := now_ms();
  unnamed uuid[];
BEGIN
  UPDATE tickets SET extra = '{}', submission_hash = '', reject_comment = CASE WHEN reject_comment IS NOT NULL THEN '' END, note = NULL, grant_extra = NULL,
    submission_key = CASE WHEN submission_key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN submission_key ELSE gen_random_uuid()::text END,
    version = version + 1, erased_at_ms = erasure_ms
  WHERE id = ANY (erased);
  UPDATE archived_tickets a SET extra = '{}', submission_hash = '', reject_comment = CASE WHEN a.reject_comment IS NOT NULL THEN '' END, note = NULL, grant_extra = NULL,
    submission_key = CASE WHEN a.submission_key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN a.submission_key ELSE gen_random_uuid()::text END,
    subject = '', words = '', version = a.version + 1, erased_at_ms = erasure_ms,
    history = archive_erased(a.history, a.version + 1, by_actor, erasure_ms, for_reason)
  WHERE a.id = ANY (erased);
  UPDATE ticket_events SET comment = CASE WHEN comment IS NOT NULL THEN '' END, note = NULL
  WHERE ticket_id = ANY (erased) AND (comment <> '' OR note IS NOT NULL);
  INSERT INTO ticket_events (user_id, ticket_id, version, kind, actor, at_ms, reason)
  SELECT user_id, id, version, 'erased', by_actor, erasure_ms, for_reason FROM tickets WHERE id = ANY (erased);
  UPDATE reopenings SET note = '-' WHERE ticket_id = ANY (erased);
  -- No ticket is given one of these files from here on; one that was given one just now is seen by the statement after this.
  PERFORM 1 FROM files WHERE id IN (SELECT file_id FROM ticket_files WHERE ticket_id = ANY (erased)) ORDER BY id FOR UPDATE;
  SELECT array_agg(DISTINCT d.file_id) INTO unnamed FROM ticket_files d
  WHERE d.ticket_id = ANY (erased)
    AND NOT EXISTS (SELECT FROM ticket_files n JOIN tickets t ON t.id = n.ticket_id WHERE n.file_id = d.file_id AND t.erased_at_ms IS NULL)
    AND NOT EXISTS (SELECT FROM ticket_files n JOIN archived_tickets a ON a.id = n.ticket_id WHERE n.file_id = d.file_id AND a.erased_at_ms IS NULL);
  RETURN erase_files(unnamed);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- erase_user as it was; and the user's tickets in the archive. They are looked for after the others are locked: what is archived meanwhile is
-- found there.
CREATE OR REPLACE FUNCTION erase_user(of_user text, by_actor text, for_reason text,
  OUT outcome text, OUT tickets_erased bigint, OUT files_erased bigint, OUT at_ms bigint)
LANGUAGE plpgsql SECURITY DEFINER SET docket.erasing = 'on' AS $$
DECLARE
  account uuid;
  account_role text;
  closing uuid[];
  archived uuid[];
  loose uuid[];
  removed bigint;
  drafts_erased bigint;
  notes_erased bigint;
  links_erased bigint;
BEGIN
  PERFORM check_eraser(by_actor);
  PERFORM pg_advisory_xact_lock(user_lock(of_user));
  tickets_erased := 0;
  files_erased := 0;
  SELECT max(e.at_ms) INTO at_ms FROM erasures e WHERE e.user_id = of_user;
  SELECT a.id, a.role INTO account, account_role FROM provider_identities i JOIN accounts a ON a.id = i.account_id WHERE i.user_id = of_user;
  IF account IS NULL AND of_user ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
    SELECT a.id, a.role INTO account, account_role FROM accounts a
    WHERE a.id = of_user::uuid AND NOT EXISTS (SELECT FROM provider_identities i WHERE i.account_id = a.id AND i.user_id IS NOT NULL);
  END IF;
  outcome := CASE WHEN EXISTS (SELECT FROM holds h WHERE h.user_id = of_user) THEN 'held' WHEN account_role <> 'customer' THEN 'staff' END;
  IF outcome IS NOT NULL THEN
    RETURN;
  END IF;

  SELECT array_agg(t.id) INTO closing FROM (
    SELECT id FROM tickets WHERE user_id = of_user AND erased_at_ms IS NULL ORDER BY id FOR UPDATE
  ) t;
  SELECT array_agg(t.id) INTO archived FROM (
    SELECT id FROM archived_tickets WHERE user_id = of_user AND erased_at_ms IS NULL ORDER BY id FOR UPDATE
  ) t;
  DELETE FROM claims WHERE ticket_id = ANY (closing);
  UPDATE tickets SET status = 'withdrawn', version = version + 1, updated_at_ms = greatest(now_ms(), created_at_ms)
  WHERE id = ANY (closing) AND status = 'processing';
  DELETE FROM user_tickets WHERE user_id = of_user RETURNING updated_at_ms INTO removed;
  IF removed IS NOT NULL THEN
    INSERT INTO latest_removed AS l (user_id, version) VALUES (of_user, removed)
    ON CONFLICT (user_id) DO UPDATE SET version = excluded.version, at_ms = excluded.at_ms;
  END IF;
  closing := coalesce(closing || archived, archived);
  tickets_erased := coalesce(cardinality(closing), 0);
  files_erased := erase_content(closing, by_actor, for_reason);
  UPDATE reopenings SET note = '-' WHERE user_id = of_user AND note <> '-';
  GET DIAGNOSTICS notes_erased = ROW_COUNT;

  SELECT array_agg(f.id) INTO loose FROM (
    SELECT id FROM files WHERE user_id = of_user AND sha256 <> '' ORDER BY id FOR UPDATE
  ) f;
  files_erased := files_erased + erase_files(loose);
  DELETE FROM drafts WHERE user_id = of_user;
  GET DIAGNOSTICS drafts_erased = ROW_COUNT;
  DELETE FROM submission_links WHERE user_id = of_user;
  GET DIAGNOSTICS links_erased = ROW_COUNT;
  DELETE FROM accounts WHERE id = account AND role = 'customer'; -- after the tickets, as a decision writes to the outbox

  IF tickets_erased + files_erased + drafts_erased + notes_erased + links_erased = 0 AND account IS NULL THEN
    outcome := CASE WHEN at_ms IS NULL THEN 'unknown' ELSE 'nothing' END;
    RETURN;
  END IF;
  INSERT INTO erasures AS e (user_id, actor, reason, had_account, tickets, files)
  VALUES (of_user, by_actor, for_reason, account IS NOT NULL, tickets_erased, files_erased)
  RETURNING e.at_ms INTO at_ms;
  PERFORM pg_notify('docket_change', of_user), pg_notify('docket_erased', of_user);
  outcome := 'erased';
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- erase_tickets as it was; and those in the archive, none of which is a latest approval or was closed within a day.
CREATE OR REPLACE FUNCTION erase_tickets(candidates uuid[], by_actor text, for_reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET docket.erasing = 'on' AS $$
DECLARE
  due uuid[];
  archived uuid[];
BEGIN
  SELECT array_agg(t.id) INTO due FROM (
    SELECT t.id FROM tickets t
    WHERE t.id = ANY (candidates) AND t.status <> 'processing' AND t.erased_at_ms IS NULL
      AND (t.expired_at_ms IS NOT NULL
        OR NOT EXISTS (SELECT FROM user_tickets u WHERE u.ticket_id = t.id) AND NOT EXISTS (SELECT FROM user_subject_tickets s WHERE s.ticket_id = t.id))
      AND (greatest(t.updated_at_ms, t.expired_at_ms) < now_ms() - 86400000 OR owner_calls())
      AND may_erase(t.user_id)
    ORDER BY t.id
    FOR UPDATE OF t SKIP LOCKED
  ) t;
  SELECT array_agg(t.id) INTO archived FROM (
    SELECT a.id FROM archived_tickets a WHERE a.id = ANY (candidates) AND a.erased_at_ms IS NULL AND may_erase(a.user_id)
    ORDER BY a.id
    FOR UPDATE OF a SKIP LOCKED
  ) t;
  DELETE FROM user_tickets WHERE ticket_id = ANY (due);
  PERFORM erase_content(coalesce(due || archived, archived), by_actor, for_reason);
  PERFORM pg_notify('docket_change', u.user_id) FROM (SELECT DISTINCT user_id FROM tickets WHERE id = ANY (due)) u;
  RETURN coalesce(cardinality(due), 0) + coalesce(cardinality(archived), 0);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- archive_drop deletes a month of the archive, such as 2024-03, with the files that no other ticket names; their bytes are deleted after that.
-- Nothing is deleted while held is not 0: so many of the users are on hold. tickets is null when there is no such month. With dry it only
-- counts.
CREATE FUNCTION archive_drop(of_month text, dry boolean, OUT tickets bigint, OUT users bigint, OUT files bigint, OUT held bigint)
LANGUAGE plpgsql SET docket.archiving = 'on' AS $$
DECLARE
  name text := 'archived_tickets_' || replace(of_month, '-', '_');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('docket archive'));
  IF of_month !~ '^[0-9]{4}-[0-9]{2}$' OR to_regclass(name) IS NULL THEN
    RETURN;
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
REVOKE EXECUTE ON FUNCTION archive_drop(text, boolean) FROM PUBLIC;

-- +goose StatementBegin
-- archive_months lists the months of the archive, the oldest first: how many tickets each has, and how many bytes it takes with its indexes.
CREATE FUNCTION archive_months() RETURNS TABLE (month text, tickets bigint, bytes bigint) LANGUAGE sql STABLE AS $$
  SELECT right(c.relname, 7), coalesce(n.tickets, 0), pg_total_relation_size(c.oid)
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  LEFT JOIN (SELECT a.tableoid AS of_table, count(*) AS tickets FROM archived_tickets a GROUP BY 1) n ON n.of_table = c.oid
  WHERE i.inhparent = 'archived_tickets'::regclass
  ORDER BY 1
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- rollup_note_late as it was, but for a half hour of which the archive has tickets: to count it anew would leave these out.
CREATE OR REPLACE FUNCTION rollup_note_late() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  slot bigint := NEW.at_ms - NEW.at_ms % 1800000;
BEGIN
  IF EXISTS (SELECT FROM archived_tickets a WHERE a.updated_at_ms >= slot AND a.created_at_ms < slot + 1800000) THEN
    RETURN NULL;
  END IF;
  PERFORM FROM rollup_late WHERE at_ms = slot LIMIT 1 FOR KEY SHARE SKIP LOCKED;
  IF NOT FOUND THEN
    INSERT INTO rollup_late (at_ms) VALUES (slot);
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION erase_content(uuid[], text, text) SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION erase_user(text, text, text) SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION erase_tickets(uuid[], text, text) SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION rollup_note_late() SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION archive_drop(text, boolean) SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
