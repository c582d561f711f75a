-- Citus takes no volatile function in what it sends to a worker. Each statement may then have one time.
ALTER FUNCTION now_ms() STABLE;

-- A function with a setting of its own is not put into the text of the statement. On a worker it reads reference tables, and the rows of a ticket that is locked.
ALTER FUNCTION open_step(text, uuid, text) SET citus.allow_nested_distributed_execution = on;
ALTER FUNCTION step_suits(text, uuid, uuid, text) SET citus.allow_nested_distributed_execution = on;
ALTER FUNCTION draft_names_file(text, bigint, text, uuid) SET citus.allow_nested_distributed_execution = on;
ALTER FUNCTION account_is_admin(text) SET citus.allow_nested_distributed_execution = on;

-- An erasure says on each server that it is one, and deletes the account after the user's rows, which refer to it.
ALTER FUNCTION erase_user(text, text, text) SET citus.propagate_set_commands = local;
ALTER FUNCTION erase_user(text, text, text) SET citus.multi_shard_modify_mode = sequential;
ALTER FUNCTION erase_tickets(uuid[], text, text) SET citus.propagate_set_commands = local;
ALTER FUNCTION erase_tickets(uuid[], text, text) SET citus.multi_shard_modify_mode = sequential;

-- So does what archives, or deletes a month of the archive. What is kept of a ticket is read where its user is.
ALTER FUNCTION archive_tickets(bigint, bigint, uuid, integer, boolean) SET citus.propagate_set_commands = local;
ALTER FUNCTION archive_tickets(bigint, bigint, uuid, integer, boolean) SET citus.multi_shard_modify_mode = sequential;
ALTER FUNCTION archive_drop(text, boolean) SET citus.propagate_set_commands = local;
ALTER FUNCTION archive_drop(text, boolean) SET citus.multi_shard_modify_mode = sequential;
ALTER FUNCTION archive_words(text, uuid) SET citus.allow_nested_distributed_execution = on;
ALTER FUNCTION archive_history(text, uuid) SET citus.allow_nested_distributed_execution = on;

-- archive_lock is as on one PostgreSQL, but looks on every shard first, and then locks each ticket on that of its user.
CREATE OR REPLACE FUNCTION archive_lock(page uuid[], closed_before_ms bigint, sent_before_ms bigint) RETURNS uuid[] LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  due record;
  locked uuid[];
BEGIN
  FOR due IN
    SELECT t.user_id, t.id FROM tickets t
    WHERE t.id = ANY (page) AND t.created_at_ms < sent_before_ms
      AND EXISTS (SELECT FROM tickets n WHERE n.user_id = t.user_id AND n.subject = t.subject AND n.one_open = t.one_open AND (n.created_at_ms, n.id) > (t.created_at_ms, t.id))
      AND (t.turn IS NULL OR EXISTS (SELECT FROM tickets n WHERE n.user_id = t.user_id AND n.turn > t.turn))
      AND NOT EXISTS (SELECT FROM user_tickets u WHERE u.user_id = t.user_id AND u.ticket_id = t.id)
      AND NOT EXISTS (SELECT FROM user_subject_tickets s WHERE s.user_id = t.user_id AND s.ticket_id = t.id)
  LOOP
    PERFORM FROM tickets t
    WHERE t.user_id = due.user_id AND t.id = due.id AND t.status <> 'processing' AND t.updated_at_ms < closed_before_ms FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
      locked := locked || due.id;
    END IF;
  END LOOP;
  RETURN locked;
END $$;

-- archive_due keeps what has an event without a number, too, and archive_months adds up what the shards take.
DO $$ BEGIN
  EXECUTE replace(pg_get_functiondef('archive_due(uuid[])'::regprocedure), 'e.seq > settled', 'coalesce(e.seq, settled + 1) > settled');
  EXECUTE replace(pg_get_functiondef('archive_months()'::regprocedure), ':= pg_total_relation_size(m.name)', ':= citus_total_relation_size(m.name)');
END $$;

CREATE OR REPLACE FUNCTION tickets_opened_row() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  kind text;
  by_actor text;
  ms bigint;
BEGIN
  IF NEW.status = 'revoked' THEN
    RAISE EXCEPTION 'ticket % is revoked but was not approved', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.version > 1 THEN
    INSERT INTO ticket_events (user_id, ticket_id, version, kind, actor, at_ms)
    VALUES (NEW.user_id, NEW.id, NEW.version - 1, 'submitted', NEW.submitted_by, NEW.created_at_ms);
  END IF;
  kind := CASE WHEN NEW.status = 'processing' THEN 'submitted' ELSE NEW.status END;
  by_actor := CASE WHEN NEW.status = 'processing' THEN NEW.submitted_by WHEN NEW.status = 'withdrawn' THEN 'user:' || NEW.user_id ELSE NEW.decided_by END;
  ms := CASE WHEN NEW.status = 'processing' THEN NEW.created_at_ms ELSE NEW.updated_at_ms END;
  INSERT INTO ticket_events (user_id, ticket_id, version, kind, actor, at_ms, reason, reasons, class, comment, note, rule_hash)
  VALUES (NEW.user_id, NEW.id, NEW.version, kind, by_actor, ms, NEW.reject_reason, NEW.reject_reasons, NEW.reject_class, NEW.reject_comment, NEW.note, NEW.rule_hash);
  IF NEW.status = 'approved' AND NOT EXISTS (SELECT FROM user_tickets u WHERE u.user_id = NEW.user_id AND u.updated_at_ms >= NEW.updated_at_ms) THEN
    RAISE EXCEPTION 'ticket % is approved but user_tickets does not know', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.previous_id IS NOT NULL AND NOT EXISTS (SELECT FROM tickets t WHERE t.user_id = NEW.user_id AND t.id = NEW.previous_id)
    AND NOT EXISTS (SELECT FROM archived_tickets a WHERE a.user_id = NEW.user_id AND a.id = NEW.previous_id) THEN
    RAISE EXCEPTION 'the previous ticket of % is not there', NEW.id USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'tickets_previous';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION tickets_closed_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  by_actor text;
  rule text;
BEGIN
  by_actor := CASE WHEN NEW.status = 'withdrawn' THEN 'user:' || NEW.user_id WHEN NEW.status = 'revoked' THEN NEW.revoked_by ELSE NEW.decided_by END;
  rule := CASE WHEN NEW.status <> 'revoked' THEN NEW.rule_hash END;
  INSERT INTO ticket_events (user_id, ticket_id, version, kind, actor, at_ms, reason, reasons, class, comment, note, rule_hash)
  VALUES (NEW.user_id, NEW.id, NEW.version, NEW.status, by_actor, NEW.updated_at_ms, NEW.reject_reason, NEW.reject_reasons, NEW.reject_class, NEW.reject_comment, NEW.note, rule);
  IF NEW.status = 'approved' AND NOT EXISTS (SELECT FROM user_tickets u WHERE u.user_id = NEW.user_id AND u.updated_at_ms >= NEW.updated_at_ms) THEN
    RAISE EXCEPTION 'ticket % is approved but user_tickets does not know', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.status = 'processing' THEN
    PERFORM tickets_leave(NEW.user_id, NEW.id, NEW.status, NEW.decided_by);
  END IF;
  RETURN NULL;
END $$;

-- account_of is the account of a user; NULL when there is none.
CREATE OR REPLACE FUNCTION account_of(of_user text) RETURNS uuid LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
  found_id uuid;
BEGIN
  SELECT a.id INTO found_id FROM accounts a
  WHERE a.id = coalesce((SELECT i.account_id FROM provider_identities i WHERE i.user_id = of_user),
    CASE WHEN of_user ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN of_user::uuid END);
  RETURN found_id;
END $$;

-- follow_events notes the half hours of events that come late, as rollup_note_late does on one PostgreSQL, and writes the e-mails about those of the last
-- hour, as tickets_mail does there.
CREATE OR REPLACE FUNCTION follow_events(users text[], ids uuid[], versions bigint[], times bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  event record;
  owner uuid;
BEGIN
  INSERT INTO rollup_late (at_ms) SELECT DISTINCT n.ms - n.ms % 1800000 FROM unnest(times) AS n (ms)
  WHERE n.ms < now_ms() - 3600000 AND NOT EXISTS (SELECT FROM archived_slots a WHERE a.at_ms = n.ms - n.ms % 1800000);
  IF NOT mail_is_sent() THEN
    RETURN;
  END IF;
  FOR event IN
    SELECT e.user_id, e.ticket_id, e.kind FROM ticket_events e
    JOIN unnest(users, ids, versions) AS n (user_id, ticket_id, version) ON e.user_id = n.user_id AND e.ticket_id = n.ticket_id AND e.version = n.version
    JOIN tickets t ON t.user_id = e.user_id AND t.id = e.ticket_id
    WHERE e.kind IN ('submitted', 'approved', 'rejected', 'revoked') AND e.at_ms >= now_ms() - 3600000 AND t.submitted_by = 'user:' || t.user_id AND t.erased_at_ms IS NULL
    ORDER BY e.at_ms, e.ticket_id, e.version
  LOOP
    owner := account_of(event.user_id);
    CONTINUE WHEN owner IS NULL;
    IF event.kind <> 'submitted' THEN
      DELETE FROM outbox o WHERE o.account_id = owner AND o.ticket_id = event.ticket_id AND o.kind IN ('received', 'approved') AND o.attempts = 0;
    END IF;
    INSERT INTO outbox (account_id, kind, ticket_id) VALUES (owner, CASE WHEN event.kind = 'submitted' THEN 'received' ELSE event.kind END, event.ticket_id);
  END LOOP;
END $$;

-- feed_state numbers the events that a worker has written, in the order of a user's changes, and then says what it says on one PostgreSQL. A number is
-- taken here alone, one look after the other. A look that has numbered events is a holder itself, so the next one shows them: until the workers have
-- committed them, that one waits for their rows. What follows an event on the coordinator follows then: see
-- follow_events.
CREATE OR REPLACE FUNCTION feed_state(OUT taken bigint, OUT holders text[]) LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT AS $$
DECLARE
  users text[];
  ids uuid[];
  versions bigint[];
  times bigint[];
  numbers bigint[];
BEGIN
  PERFORM pg_advisory_xact_lock('feed_numbers'::regclass::oid::bigint);
  SELECT array_agg(e.user_id ORDER BY e.at_ms, e.ticket_id, e.version), array_agg(e.ticket_id ORDER BY e.at_ms, e.ticket_id, e.version), array_agg(e.version ORDER BY e.at_ms, e.ticket_id, e.version),
    array_agg(e.at_ms ORDER BY e.at_ms, e.ticket_id, e.version)
  INTO users, ids, versions, times
  FROM (SELECT n.user_id, n.ticket_id, n.version, n.at_ms FROM ticket_events n WHERE n.seq IS NULL ORDER BY n.at_ms, n.ticket_id, n.version LIMIT 1000) e;
  IF users IS NOT NULL THEN
    SELECT array_agg(nextval('feed_numbers')) INTO numbers FROM generate_series(1, cardinality(users));
    UPDATE ticket_events e SET seq = n.seq FROM unnest(users, ids, versions, numbers) AS n (user_id, ticket_id, version, seq)
    WHERE e.user_id = n.user_id AND e.ticket_id = n.ticket_id AND e.version = n.version AND e.seq IS NULL;
    PERFORM follow_events(users, ids, versions, times);
  END IF;
  SELECT CASE WHEN s.is_called THEN s.last_value ELSE s.last_value - 1 END INTO taken FROM feed_numbers s;
  SELECT coalesce(array_agg(l.virtualtransaction), '{}') INTO holders FROM pg_locks l
  WHERE l.locktype = 'relation' AND l.relation = 'feed_numbers'::regclass AND l.mode = 'RowExclusiveLock' AND l.granted
    AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database());
END $$;

-- expire_approvals notes the ends that are due: it looks on every shard, and then takes each on the shard of its user, unless another instance has it.
CREATE OR REPLACE FUNCTION expire_approvals(most integer, OUT ticket_id uuid, OUT user_id text) RETURNS SETOF record LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path FROM CURRENT AS $$
DECLARE
  due record;
  ms bigint := now_ms();
BEGIN
  FOR due IN SELECT e.user_id, e.ticket_id FROM approval_ends e WHERE e.due_at_ms <= ms ORDER BY e.due_at_ms LIMIT most LOOP
    PERFORM FROM approval_ends e WHERE e.user_id = due.user_id AND e.ticket_id = due.ticket_id FOR UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    PERFORM FROM tickets t WHERE t.user_id = due.user_id AND t.id = due.ticket_id AND t.status = 'approved' AND t.erased_at_ms IS NULL AND t.expired_at_ms IS NULL FOR UPDATE;
    IF FOUND THEN
      PERFORM FROM user_tickets u WHERE u.user_id = due.user_id FOR SHARE;
      IF EXISTS (SELECT FROM user_tickets u WHERE u.user_id = due.user_id AND u.ticket_id = due.ticket_id)
        OR EXISTS (SELECT FROM user_subject_tickets s WHERE s.user_id = due.user_id AND s.ticket_id = due.ticket_id) THEN
        UPDATE tickets t SET version = t.version + 1, expired_at_ms = ms WHERE t.user_id = due.user_id AND t.id = due.ticket_id;
        ticket_id := due.ticket_id;
        user_id := due.user_id;
        RETURN NEXT;
      END IF;
    END IF;
    DELETE FROM approval_ends e WHERE e.user_id = due.user_id AND e.ticket_id = due.ticket_id;
  END LOOP;
END $$;

-- second_look_open_to reads the audit log on the coordinator, and is called there.
CREATE OR REPLACE FUNCTION second_look_open_to(of_ticket uuid, agent uuid) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
  decided_ms bigint;
BEGIN
  SELECT l.decided_at_ms INTO decided_ms FROM second_looks l JOIN tickets t ON t.user_id = l.user_id AND t.id = l.ticket_id
  WHERE l.ticket_id = of_ticket AND l.given_by IS NULL AND l.decided_by <> 'agent:' || agent
    AND t.erased_at_ms IS NULL AND t.user_id <> agent::text
    AND NOT EXISTS (SELECT FROM opinions o WHERE o.user_id = l.user_id AND o.ticket_id = l.ticket_id AND o.given_by = 'agent:' || agent);
  RETURN FOUND AND NOT EXISTS (
    SELECT FROM audit a WHERE a.object = 'ticket:' || of_ticket AND a.object <> '' AND a.at_ms >= decided_ms - 60000
      AND a.actor = 'agent:' || agent AND a.action IN ('ticket_opened', 'unclaimed_ticket_opened'));
END $$;

-- remind_approvals looks on every shard, and then takes each end on the shard of its user, unless another instance has it.
CREATE OR REPLACE FUNCTION remind_approvals(lead_ms bigint, most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  due record;
  ms bigint := now_ms();
  sent boolean := mail_is_sent();
  owner uuid;
  seen bigint := 0;
BEGIN
  FOR due IN
    SELECT e.user_id, e.ticket_id FROM approval_ends e
    WHERE NOT e.reminded AND e.due_at_ms <= ms + lead_ms AND e.due_at_ms > ms ORDER BY e.due_at_ms LIMIT most
  LOOP
    PERFORM FROM approval_ends e WHERE e.user_id = due.user_id AND e.ticket_id = due.ticket_id AND NOT e.reminded FOR UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    seen := seen + 1;
    UPDATE approval_ends e SET reminded = true WHERE e.user_id = due.user_id AND e.ticket_id = due.ticket_id;
    CONTINUE WHEN NOT sent;
    PERFORM t.id FROM tickets t
    WHERE t.user_id = due.user_id AND t.id = due.ticket_id AND t.status = 'approved' AND t.erased_at_ms IS NULL AND t.submitted_by = 'user:' || due.user_id
      AND (EXISTS (SELECT 1 FROM user_tickets u WHERE u.user_id = due.user_id AND u.ticket_id = due.ticket_id)
        OR EXISTS (SELECT 1 FROM user_subject_tickets s WHERE s.user_id = due.user_id AND s.ticket_id = due.ticket_id))
      AND NOT EXISTS (SELECT 1 FROM tickets o WHERE o.user_id = due.user_id AND o.subject = t.subject AND o.status = 'processing');
    IF FOUND THEN
      owner := account_of(due.user_id);
      IF owner IS NOT NULL THEN
        INSERT INTO outbox (account_id, kind, ticket_id) VALUES (owner, 'approval_ends', due.ticket_id);
      END IF;
    END IF;
  END LOOP;
  RETURN seen;
END $$;

-- second_looks_guard is as on one PostgreSQL, but for whether the agent has opened the ticket: the audit log is not where this runs, and the statement has
-- asked second_look_open_to on the coordinator.
CREATE OR REPLACE FUNCTION second_looks_guard() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT SET citus.allow_nested_distributed_execution = on AS $$
BEGIN
  IF OLD.given_by IS NOT NULL AND (TG_OP = 'DELETE' OR NEW.note <> '' OR NEW.note IS NULL
     OR (NEW.ticket_id, NEW.decided_by, NEW.status, NEW.decided_at_ms, NEW.drawn_at_ms, NEW.given_by, NEW.verdict, NEW.reasons, NEW.given_at_ms)
     IS DISTINCT FROM (OLD.ticket_id, OLD.decided_by, OLD.status, OLD.decided_at_ms, OLD.drawn_at_ms, OLD.given_by, OLD.verdict, OLD.reasons, OLD.given_at_ms)) THEN
    RAISE EXCEPTION 'the second look at ticket % was given and cannot change', OLD.ticket_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  IF (NEW.ticket_id, NEW.decided_by, NEW.status, NEW.decided_at_ms) IS DISTINCT FROM (OLD.ticket_id, OLD.decided_by, OLD.status, OLD.decided_at_ms)
     OR OLD.given_by IS NULL AND NEW.given_by IS NOT NULL AND (
       NOT EXISTS (SELECT FROM tickets t WHERE t.user_id = OLD.user_id AND t.id = OLD.ticket_id AND t.erased_at_ms IS NULL AND 'agent:' || t.user_id <> NEW.given_by)
       OR EXISTS (SELECT FROM opinions o WHERE o.user_id = OLD.user_id AND o.ticket_id = OLD.ticket_id AND o.given_by = NEW.given_by)) THEN
    RAISE EXCEPTION 'the second look at ticket % is not open to %', NEW.ticket_id, NEW.given_by USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

-- account_invite is as on one PostgreSQL, but looks first whether the account is one of a provider: Citus takes no sub-select in what follows a conflict.
CREATE OR REPLACE FUNCTION account_invite(session_hash bytea, new_id uuid, new_email text, new_role text, link_hash bytea, expiry_ms bigint, mac bytea,
  OUT outcome text, OUT owner uuid) LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM check_mac(mac, 'account invite', session_hash, uuid_send(new_id), convert_to(new_email, 'UTF8'), convert_to(new_role, 'UTF8'), link_hash, int8send(expiry_ms));
  IF session_admin(session_hash, true) IS NULL THEN
    outcome := 'unconfirmed';
    RETURN;
  END IF;
  outcome := 'taken';
  IF EXISTS (SELECT FROM provider_identities i JOIN accounts a ON a.id = i.account_id WHERE a.email = new_email) THEN
    RETURN;
  END IF;
  INSERT INTO accounts AS a (id, email, role, password_hash) VALUES (new_id, new_email, new_role, '')
  ON CONFLICT (email) DO UPDATE SET role = excluded.role, version = a.version + 1 WHERE a.password_hash = '' AND a.disabled_at_ms IS NULL
  RETURNING a.id INTO owner;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  DELETE FROM account_links l WHERE l.account_id = owner;
  IF link_hash IS NULL THEN
    INSERT INTO outbox (account_id, kind) VALUES (owner, 'invited');
  ELSE
    INSERT INTO account_links (token_hash, account_id, kind, expires_at_ms) VALUES (link_hash, owner, 'reset', expiry_ms);
  END IF;
  outcome := 'done';
END $$;

-- account_change and factor_set_own are as on one PostgreSQL, but for a function in a coalesce and in a CASE, which Citus refuses.
DO $$ BEGIN
  EXECUTE replace(pg_get_functiondef('account_change(bytea, uuid, bigint, text, bytea)'::regprocedure),
    'disabled_at_ms = coalesce(disabled_at_ms, now_ms()) WHERE id = other', 'disabled_at_ms = now_ms() WHERE id = other AND disabled_at_ms IS NULL');
  EXECUTE replace(pg_get_functiondef('factor_set_own(bytea, bytea, bigint, bytea[], bigint, bytea)'::regprocedure),
    'WHEN token_hash = session_hash THEN now_ms() END', 'WHEN token_hash = session_hash THEN (SELECT now_ms()) END');
END $$;

-- The triggers of latest approvals do not notify: on a worker nobody listens, and a transaction on several workers cannot be committed after that. The instance
-- that takes an approval back, erases or notes an end notifies on the coordinator.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['user_tickets_removal()', 'user_subject_tickets_removal()'] LOOP
    EXECUTE regexp_replace(pg_get_functiondef(name::regprocedure), 'PERFORM pg_notify\([^;]*;', '', 'g');
  END LOOP;
END $$;
