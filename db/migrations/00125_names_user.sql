-- +goose Up

-- An erasure names the user in each of its statements: where the tables are distributed over several servers, it runs on the server of that user. All
-- functions are as they were beside that.

-- +goose StatementBegin
-- erase_files has the bytes of a user's files deleted, and erases what was measured of them.
CREATE FUNCTION erase_files(of_user text, erased uuid[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  files_erased bigint;
BEGIN
  UPDATE files SET state = 'going', ticket_id = NULL, sha256 = '', phash = NULL, signals = '{}'
  WHERE user_id = of_user AND id = ANY (erased) AND state <> 'gone';
  GET DIAGNOSTICS files_erased = ROW_COUNT;
  RETURN files_erased;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- erase_content erases what was sent with tickets of a user, and returns how many files that were. A key of theirs that may say something is replaced; the
-- table of keys has it no more, where one has them. So do what receivers of webhooks answered.
CREATE FUNCTION erase_content(of_user text, erased uuid[], by_actor text, for_reason text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  erasure_ms bigint := now_ms();
  seed text := gen_random_uuid()::text;
  senders text[];
  keys text[];
  named uuid[];
  unnamed uuid[];
  archived uuid[];
BEGIN
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
    submission_key = CASE WHEN a.submission_key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN a.submission_key ELSE gen_random_uuid()::text END,
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
-- erase_user as it was. What is submitted for the user waits on the server that has the user's rows.
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
  ms bigint := now_ms();
BEGIN
  SET LOCAL docket.erasing = on; -- said where Citus sends it on to the servers
  PERFORM check_eraser(by_actor);
  PERFORM pg_advisory_xact_lock(user_lock(of_user));
  PERFORM pg_advisory_xact_lock(user_lock(of_user)) FROM (SELECT count(*) FROM daily_counts d WHERE d.user_id = of_user) one;
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
  DELETE FROM claims WHERE user_id = of_user AND ticket_id = ANY (closing);
  UPDATE tickets SET status = 'withdrawn', version = version + 1, updated_at_ms = greatest(ms, created_at_ms)
  WHERE user_id = of_user AND id = ANY (closing) AND status = 'processing';
  DELETE FROM user_tickets WHERE user_id = of_user RETURNING updated_at_ms INTO removed;
  IF removed IS NOT NULL THEN
    INSERT INTO latest_removed AS l (user_id, version) VALUES (of_user, removed)
    ON CONFLICT (user_id) DO UPDATE SET version = excluded.version, at_ms = excluded.at_ms;
  END IF;
  closing := coalesce(closing || archived, archived);
  tickets_erased := coalesce(cardinality(closing), 0);
  files_erased := erase_content(of_user, closing, by_actor, for_reason);
  UPDATE reopenings SET note = '-' WHERE user_id = of_user AND note <> '-';
  GET DIAGNOSTICS notes_erased = ROW_COUNT;

  SELECT array_agg(f.id) INTO loose FROM (
    SELECT id FROM files WHERE user_id = of_user AND sha256 <> '' ORDER BY id FOR UPDATE
  ) f;
  files_erased := files_erased + erase_files(of_user, loose);
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
-- erase_tickets as it was, one user after the other.
CREATE OR REPLACE FUNCTION erase_tickets(candidates uuid[], by_actor text, for_reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET docket.erasing = 'on' AS $$
DECLARE
  of record;
  due uuid[];
  archived uuid[];
  erased bigint := 0;
  before_ms bigint := CASE WHEN owner_calls() THEN 9223372036854775807 ELSE now_ms() - 86400000 END;
BEGIN
  SET LOCAL docket.erasing = on;
  FOR of IN
    SELECT t.user_id FROM tickets t WHERE t.id = ANY (candidates) UNION SELECT a.user_id FROM archived_tickets a WHERE a.id = ANY (candidates) ORDER BY 1
  LOOP
    CONTINUE WHEN NOT may_erase(of.user_id);
    SELECT array_agg(t.id) INTO due FROM (
      SELECT t.id FROM tickets t
      WHERE t.user_id = of.user_id AND t.id = ANY (candidates) AND t.status <> 'processing' AND t.erased_at_ms IS NULL
        AND (t.expired_at_ms IS NOT NULL OR NOT EXISTS (SELECT FROM user_tickets u WHERE u.user_id = t.user_id AND u.ticket_id = t.id)
          AND NOT EXISTS (SELECT FROM user_subject_tickets s WHERE s.user_id = t.user_id AND s.ticket_id = t.id))
        AND greatest(t.updated_at_ms, t.expired_at_ms) < before_ms
      ORDER BY t.id
      FOR UPDATE OF t SKIP LOCKED
    ) t;
    SELECT array_agg(t.id) INTO archived FROM (
      SELECT a.id FROM archived_tickets a WHERE a.user_id = of.user_id AND a.id = ANY (candidates) AND a.erased_at_ms IS NULL
      ORDER BY a.id
      FOR UPDATE OF a SKIP LOCKED
    ) t;
    DELETE FROM user_tickets WHERE user_id = of.user_id AND ticket_id = ANY (due);
    due := coalesce(due || archived, archived);
    CONTINUE WHEN due IS NULL;
    PERFORM erase_content(of.user_id, due, by_actor, for_reason);
    PERFORM pg_notify('docket_change', of.user_id);
    erased := erased + cardinality(due);
  END LOOP;
  RETURN erased;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- rollup_count as it was, with users in its joins.
CREATE OR REPLACE FUNCTION rollup_count(from_ms bigint, to_ms bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  WITH happened AS MATERIALIZED (
    SELECT e.ticket_id, e.kind, e.at_ms, e.reason, e.reasons, t.attempt,
      e.at_ms - e.at_ms % 1800000 AS slot, split_part(e.actor, ':', 1) AS by_kind, substr(e.actor, strpos(e.actor, ':') + 1) AS by_id,
      rollup_bucket(e.at_ms - t.created_at_ms) AS wait,
      CASE WHEN e.kind = 'revoked' THEN (
        SELECT d.actor FROM ticket_events d
        WHERE d.user_id = e.user_id AND d.ticket_id = e.ticket_id AND d.version < e.version AND d.kind = 'approved' ORDER BY d.version DESC LIMIT 1) END AS approver
    FROM ticket_events e JOIN tickets t ON t.user_id = e.user_id AND t.id = e.ticket_id
    WHERE e.at_ms >= from_ms AND e.at_ms < to_ms AND e.kind IN ('submitted', 'approved', 'rejected', 'withdrawn', 'revoked')
  ), opened AS (
    SELECT h.slot, h.by_id, rollup_bucket(h.at_ms - o.at_ms) AS took
    FROM happened h CROSS JOIN LATERAL (
      SELECT min(a.at_ms) AS at_ms FROM audit a
      WHERE a.object = 'ticket:' || h.ticket_id::text AND a.object <> '' AND a.at_ms >= h.at_ms - 3600000 AND a.at_ms <= h.at_ms
        AND a.actor = 'agent:' || h.by_id AND a.action IN ('ticket_opened', 'unclaimed_ticket_opened')
    ) o
    WHERE h.by_kind = 'agent' AND h.kind IN ('approved', 'rejected') AND o.at_ms IS NOT NULL
  ), looked AS MATERIALIZED (
    SELECT l.given_at_ms - l.given_at_ms % 1800000 AS slot, l.status, l.reasons, coalesce(t.reject_reasons, ARRAY[t.reject_reason]) AS first_reasons,
      split_part(l.decided_by, ':', 1) AS by_kind, substr(l.decided_by, strpos(l.decided_by, ':') + 1) AS by_id,
      CASE WHEN l.verdict = l.status THEN 'look_agreed' ELSE 'look_differed' END AS result
    FROM second_looks l JOIN tickets t ON t.user_id = l.user_id AND t.id = l.ticket_id
    WHERE l.given_at_ms >= from_ms AND l.given_at_ms < to_ms AND l.given_by IS NOT NULL
  ), overruled AS MATERIALIZED (
    SELECT e.at_ms - e.at_ms % 1800000 AS slot, substr(o.given_by, 7) AS agent
    FROM ticket_events e JOIN opinions o ON o.user_id = e.user_id AND o.ticket_id = e.ticket_id
    WHERE e.at_ms >= from_ms AND e.at_ms < to_ms AND e.kind IN ('approved', 'rejected') AND o.verdict <> e.kind
  ), reopened AS MATERIALIZED (
    SELECT r.at_ms - r.at_ms % 1800000 AS slot, substr(t.decided_by, 7) AS agent
    FROM reopenings r JOIN tickets t ON t.user_id = r.user_id AND t.id = r.ticket_id
    WHERE r.at_ms >= from_ms AND r.at_ms < to_ms AND t.decided_by LIKE 'agent:%'
  ), counted AS (
    SELECT h.slot, c.what, c.key, c.bucket FROM happened h CROSS JOIN LATERAL (VALUES
      ('submitted', '', 0, h.kind = 'submitted'),
      ('approved', h.by_kind, 0, h.kind = 'approved'),
      ('rejected', h.by_kind, 0, h.kind = 'rejected'),
      ('withdrawn', '', 0, h.kind = 'withdrawn'),
      ('revoked', '', 0, h.kind = 'revoked'),
      ('wait', h.by_kind, h.wait, h.kind IN ('approved', 'rejected')),
      ('attempts', h.attempt::text, 0, h.kind = 'approved'),
      ('agent_approved', h.by_id, 0, h.kind = 'approved' AND h.by_kind = 'agent'),
      ('agent_rejected', h.by_id, 0, h.kind = 'rejected' AND h.by_kind = 'agent'),
      ('rule_approved', h.by_id, 0, h.kind = 'approved' AND h.by_kind = 'rule'),
      ('rule_rejected', h.by_id, 0, h.kind = 'rejected' AND h.by_kind = 'rule'),
      ('agent_revoked', substr(h.approver, 7), 0, h.approver LIKE 'agent:%')
    ) AS c (what, key, bucket, counts)
    WHERE c.counts
    UNION ALL
    SELECT h.slot, 'reason', r.code, 0 FROM happened h CROSS JOIN LATERAL unnest(coalesce(h.reasons, ARRAY[h.reason])) AS r (code)
    WHERE h.kind = 'rejected' AND r.code IS NOT NULL
    UNION ALL
    SELECT o.slot, 'agent_time', o.by_id, o.took FROM opened o
    UNION ALL
    SELECT o.slot, 'agent_overruled', o.agent, 0 FROM overruled o
    UNION ALL
    SELECT r.slot, 'agent_reopened', r.agent, 0 FROM reopened r
    UNION ALL
    SELECT l.slot, c.prefix || l.result, c.key, 0 FROM looked l CROSS JOIN LATERAL (VALUES
      ('', l.by_kind, true), ('agent_', l.by_id, l.by_kind = 'agent'), ('rule_', l.by_id, l.by_kind = 'rule')
    ) AS c (prefix, key, counts)
    WHERE c.counts
    UNION ALL
    SELECT l.slot, CASE WHEN r.code = ANY (l.reasons) THEN 'reason_look_agreed' ELSE 'reason_look_differed' END, r.code, 0
    FROM looked l CROSS JOIN LATERAL unnest(l.first_reasons) AS r (code)
    WHERE l.status = 'rejected' AND r.code IS NOT NULL
  ), fresh AS (
    SELECT slot AS at_ms, what, key, bucket, count(*) AS n FROM counted GROUP BY 1, 2, 3, 4
  ), gone AS (
    DELETE FROM rollup_slots s
    WHERE s.at_ms >= from_ms AND s.at_ms < to_ms
      AND NOT EXISTS (SELECT FROM fresh f WHERE (f.what, f.at_ms, f.key, f.bucket) = (s.what, s.at_ms, s.key, s.bucket))
  )
  INSERT INTO rollup_slots AS s (what, at_ms, key, bucket, n)
  SELECT what, at_ms, key, bucket, n FROM fresh
  ON CONFLICT (what, at_ms, key, bucket) DO UPDATE SET n = excluded.n WHERE s.n <> excluded.n;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- files_guard as it was. On a server that has a part of the distributed tables there is no archive.
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
        SELECT FROM ticket_files n JOIN archived_tickets a ON a.id = n.ticket_id
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
CREATE OR REPLACE FUNCTION user_tickets_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF erasing(TG_RELID) IS NOT TRUE AND NOT EXISTS (SELECT FROM tickets t WHERE t.user_id = OLD.user_id AND t.id = OLD.ticket_id AND t.status = 'revoked') THEN
    RAISE EXCEPTION '% on % is not allowed: the latest approval of a user goes with its ticket', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  INSERT INTO latest_removed AS l (user_id, version) VALUES (OLD.user_id, OLD.updated_at_ms)
  ON CONFLICT (user_id) DO UPDATE SET version = excluded.version, at_ms = excluded.at_ms;
  PERFORM pg_notify('docket_change', OLD.user_id), pg_notify('docket_removed', OLD.updated_at_ms || ' ' || OLD.user_id);
  RETURN OLD;
END $$;
-- +goose StatementEnd

DROP FUNCTION erase_content(uuid[], text, text);
DROP FUNCTION erase_files(uuid[]);
DROP TRIGGER IF EXISTS webhook_deliveries_erase ON ticket_events;
DROP FUNCTION webhook_deliveries_erase();

-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['erase_files(text, uuid[])', 'erase_content(text, uuid[], text, text)', 'erase_user(text, text, text)', 'erase_tickets(uuid[], text, text)',
    'files_guard()', 'user_tickets_removal()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION erase_files(text, uuid[]), erase_content(text, uuid[], text, text) FROM PUBLIC;
