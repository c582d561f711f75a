-- +goose Up

-- What a ticket is for, where the form tells approvals of a user apart by that; when its approval ends; and when that was noted. The
-- status stays approved.
ALTER TABLE tickets ADD COLUMN subject text NOT NULL DEFAULT '', ADD COLUMN valid_until_ms bigint, ADD COLUMN expired_at_ms bigint;
ALTER TABLE tickets
  ADD CONSTRAINT tickets_subject CHECK (char_length(subject) <= 200) NOT VALID,
  ADD CONSTRAINT tickets_valid_until CHECK (valid_until_ms IS NULL OR status IN ('approved', 'revoked')) NOT VALID,
  ADD CONSTRAINT tickets_expired CHECK (expired_at_ms IS NULL OR expired_at_ms >= valid_until_ms) NOT VALID;
ALTER TABLE user_tickets ADD COLUMN subject text NOT NULL DEFAULT '', ADD COLUMN valid_until_ms bigint;

-- The latest approved ticket of each user for each subject. Triggers of tickets alone write it.
CREATE TABLE user_subject_tickets (
  user_id        text   NOT NULL CHECK (char_length(user_id) BETWEEN 1 AND 128),
  subject        text   NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 200),
  ticket_id      uuid   NOT NULL REFERENCES tickets (id),
  extra          jsonb  NOT NULL,
  grant_extra    jsonb,
  decided_by     text   NOT NULL,
  valid_until_ms bigint,
  created_at_ms  bigint NOT NULL,
  updated_at_ms  bigint NOT NULL,
  PRIMARY KEY (user_id, subject)
);
CREATE INDEX user_subject_tickets_ticket ON user_subject_tickets (ticket_id);
CREATE INDEX user_subject_tickets_created ON user_subject_tickets (created_at_ms);
CREATE INDEX user_subject_tickets_updated ON user_subject_tickets (updated_at_ms);

-- The version of the latest approval for a subject that was removed, as latest_removed for the user. The subject may be an answer, so
-- it is a hash.
CREATE TABLE subject_removed (
  user_id      text   NOT NULL CHECK (char_length(user_id) BETWEEN 1 AND 128),
  subject_hash bytea  NOT NULL,
  version      bigint NOT NULL,
  at_ms        bigint NOT NULL DEFAULT now_ms(),
  PRIMARY KEY (user_id, subject_hash)
);

-- The approvals that will end, and whether the owner was asked for a new ticket. A row is removed at that time.
CREATE TABLE approval_ends (
  ticket_id uuid    PRIMARY KEY REFERENCES tickets (id),
  due_at_ms bigint  NOT NULL,
  reminded  boolean NOT NULL DEFAULT false
);
CREATE INDEX approval_ends_due ON approval_ends (due_at_ms);
CREATE INDEX approval_ends_reminder ON approval_ends (due_at_ms) WHERE NOT reminded;

-- tickets_guard as it was. That an approval has ended is noted once, and changes nothing else.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION tickets_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'approved' AND OLD.expired_at_ms IS NULL AND NEW.expired_at_ms IS NOT NULL AND OLD.valid_until_ms <= now_ms() AND NEW.version = OLD.version + 1
     AND to_jsonb(NEW) - 'version' - 'expired_at_ms' = to_jsonb(OLD) - 'version' - 'expired_at_ms' THEN
    RETURN NEW;
  END IF;
  IF OLD.status = 'approved' AND NEW.status = 'revoked' AND OLD.erased_at_ms IS NULL AND NEW.version = OLD.version + 1
     AND NEW.updated_at_ms > OLD.updated_at_ms AND NEW.revoked_by IS DISTINCT FROM 'agent:' || OLD.user_id
     AND (NEW.id, NEW.user_id, NEW.extra, NEW.form_version, NEW.language, NEW.queue, NEW.one_open, NEW.submitted_by, NEW.submission_key, NEW.submission_hash,
          NEW.created_at_ms, NEW.attempt, NEW.previous_id, NEW.turn, NEW.decided_by, NEW.decided_at_ms, NEW.rule_hash, NEW.erased_at_ms, NEW.grant_extra)
     IS NOT DISTINCT FROM
         (OLD.id, OLD.user_id, OLD.extra, OLD.form_version, OLD.language, OLD.queue, OLD.one_open, OLD.submitted_by, OLD.submission_key, OLD.submission_hash,
          OLD.created_at_ms, OLD.attempt, OLD.previous_id, OLD.turn, OLD.decided_by, OLD.decided_at_ms, OLD.rule_hash, OLD.erased_at_ms, OLD.grant_extra) THEN
    RETURN NEW;
  END IF;
  IF OLD.status <> 'processing' THEN
    IF erasing(TG_RELID) IS NOT TRUE THEN
      RAISE EXCEPTION 'ticket % is closed and cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.erased_at_ms IS NOT NULL OR NEW.erased_at_ms IS NULL OR NEW.version <> OLD.version + 1 OR NEW.grant_extra IS NOT NULL
       OR (NEW.id, NEW.user_id, NEW.status, NEW.form_version, NEW.language, NEW.queue, NEW.one_open, NEW.submitted_by, NEW.created_at_ms, NEW.updated_at_ms,
           NEW.attempt, NEW.previous_id, NEW.turn, NEW.decided_by, NEW.decided_at_ms, NEW.reject_reason, NEW.reject_reasons, NEW.reject_class, NEW.rule_hash, NEW.revoked_by)
       IS DISTINCT FROM
          (OLD.id, OLD.user_id, OLD.status, OLD.form_version, OLD.language, OLD.queue, OLD.one_open, OLD.submitted_by, OLD.created_at_ms, OLD.updated_at_ms,
           OLD.attempt, OLD.previous_id, OLD.turn, OLD.decided_by, OLD.decided_at_ms, OLD.reject_reason, OLD.reject_reasons, OLD.reject_class, OLD.rule_hash, OLD.revoked_by) THEN
      RAISE EXCEPTION 'an erasure of ticket % changes what stays', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.version <> OLD.version + 1 OR NEW.status IN ('processing', 'revoked') THEN
    RAISE EXCEPTION 'ticket % changes by one version, from open to closed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.id, NEW.user_id, NEW.extra, NEW.form_version, NEW.language, NEW.queue, NEW.one_open, NEW.submitted_by, NEW.submission_key, NEW.submission_hash,
      NEW.created_at_ms, NEW.attempt, NEW.previous_id, NEW.turn, NEW.erased_at_ms)
     IS DISTINCT FROM
     (OLD.id, OLD.user_id, OLD.extra, OLD.form_version, OLD.language, OLD.queue, OLD.one_open, OLD.submitted_by, OLD.submission_key, OLD.submission_hash,
      OLD.created_at_ms, OLD.attempt, OLD.previous_id, OLD.turn, NULL::bigint) THEN
    RAISE EXCEPTION 'what was submitted with ticket % cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- tickets_terms keeps what a closed ticket is for and when its approval ends. An erasure takes what it was for.
CREATE FUNCTION tickets_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.erased_at_ms IS NULL AND NEW.erased_at_ms IS NOT NULL THEN
    NEW.subject := '';
  ELSIF OLD.status <> 'processing' AND NEW.subject <> OLD.subject THEN
    RAISE EXCEPTION 'what ticket % is for cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.status <> 'processing' AND NEW.valid_until_ms IS DISTINCT FROM OLD.valid_until_ms OR OLD.expired_at_ms IS NOT NULL AND NEW.expired_at_ms IS DISTINCT FROM OLD.expired_at_ms THEN
    RAISE EXCEPTION 'when the approval of ticket % ends cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tickets_terms BEFORE UPDATE ON tickets FOR EACH ROW
  WHEN (OLD.subject <> '' OR NEW.subject <> '' OR OLD.valid_until_ms IS NOT NULL OR NEW.valid_until_ms IS NOT NULL) EXECUTE FUNCTION tickets_terms();

-- +goose StatementBegin
-- tickets_approved keeps the latest approval for a subject, and notes when the approval ends. The lock of the user's row of user_tickets,
-- which is written before, orders approvals of one user.
CREATE FUNCTION tickets_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.subject <> '' THEN
    INSERT INTO user_subject_tickets AS s (user_id, subject, ticket_id, extra, grant_extra, decided_by, valid_until_ms, created_at_ms, updated_at_ms)
    SELECT NEW.user_id, NEW.subject, NEW.id, NEW.extra, NEW.grant_extra, NEW.decided_by, NEW.valid_until_ms, NEW.updated_at_ms, NEW.updated_at_ms
    WHERE NOT EXISTS (
      SELECT FROM subject_removed r WHERE r.user_id = NEW.user_id AND r.subject_hash = sha256(convert_to(NEW.subject, 'UTF8')) AND r.version >= NEW.updated_at_ms
    )
    ON CONFLICT (user_id, subject) DO UPDATE
    SET ticket_id = excluded.ticket_id, extra = excluded.extra, grant_extra = excluded.grant_extra, decided_by = excluded.decided_by, valid_until_ms = excluded.valid_until_ms,
        updated_at_ms = excluded.updated_at_ms
    WHERE s.updated_at_ms < excluded.updated_at_ms;
  END IF;
  IF NEW.valid_until_ms IS NOT NULL THEN
    INSERT INTO approval_ends (ticket_id, due_at_ms) VALUES (NEW.id, NEW.valid_until_ms) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tickets_approved AFTER UPDATE OF status ON tickets FOR EACH ROW
  WHEN (NEW.status = 'approved' AND OLD.status = 'processing' AND (NEW.subject <> '' OR NEW.valid_until_ms IS NOT NULL)) EXECUTE FUNCTION tickets_approved();
CREATE TRIGGER tickets_approved_added AFTER INSERT ON tickets FOR EACH ROW
  WHEN (NEW.status = 'approved' AND (NEW.subject <> '' OR NEW.valid_until_ms IS NOT NULL)) EXECUTE FUNCTION tickets_approved();

-- +goose StatementBegin
-- tickets_expired writes the event of an approval that has ended: what the form says of approvals ended it.
CREATE FUNCTION tickets_expired() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ticket_events (ticket_id, version, kind, actor, at_ms) VALUES (NEW.id, NEW.version, 'expired', 'rule:approval', NEW.expired_at_ms);
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tickets_expired AFTER UPDATE OF expired_at_ms ON tickets FOR EACH ROW
  WHEN (OLD.expired_at_ms IS NULL AND NEW.expired_at_ms IS NOT NULL) EXECUTE FUNCTION tickets_expired();

-- +goose StatementBegin
-- tickets_revoke as it was; and the latest approval for a subject.
CREATE OR REPLACE FUNCTION tickets_revoke() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM user_tickets WHERE user_id = NEW.user_id AND ticket_id = NEW.id;
  DELETE FROM user_subject_tickets WHERE user_id = NEW.user_id AND ticket_id = NEW.id;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- tickets_erased removes the latest approval for a subject with its ticket.
CREATE FUNCTION tickets_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM user_subject_tickets WHERE user_id = NEW.user_id AND ticket_id = NEW.id;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tickets_erased AFTER UPDATE OF erased_at_ms ON tickets FOR EACH ROW
  WHEN (OLD.subject <> '' AND OLD.erased_at_ms IS NULL AND NEW.erased_at_ms IS NOT NULL) EXECUTE FUNCTION tickets_erased();

CREATE TRIGGER user_subject_tickets_own BEFORE INSERT OR UPDATE OR DELETE ON user_subject_tickets FOR EACH ROW
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse();
-- +goose StatementBegin
-- user_subject_tickets_removal keeps the version of the latest approval for a subject that is removed, and tells every instance: its
-- payload is "<version> <user>", a line end, and the subject.
CREATE FUNCTION user_subject_tickets_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO subject_removed AS r (user_id, subject_hash, version) VALUES (OLD.user_id, sha256(convert_to(OLD.subject, 'UTF8')), OLD.updated_at_ms)
  ON CONFLICT (user_id, subject_hash) DO UPDATE SET version = greatest(r.version, excluded.version), at_ms = excluded.at_ms;
  PERFORM pg_notify('docket_change', OLD.user_id), pg_notify('docket_subject_removed', OLD.updated_at_ms || ' ' || OLD.user_id || E'\n' || OLD.subject);
  RETURN OLD;
END $$;
-- +goose StatementEnd
CREATE TRIGGER user_subject_tickets_removal BEFORE DELETE ON user_subject_tickets FOR EACH ROW EXECUTE FUNCTION user_subject_tickets_removal();

-- user_tickets_guard as it was; and when the approval ends has to be the ticket's, too. A release from before this does not say what it is for.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION user_tickets_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.user_id, NEW.ticket_id, NEW.updated_at_ms) = (OLD.user_id, OLD.ticket_id, OLD.updated_at_ms)
     AND NEW.created_at_ms < OLD.created_at_ms AND EXISTS (
       SELECT FROM tickets t WHERE t.user_id = NEW.user_id AND t.status IN ('approved', 'revoked') AND t.decided_at_ms = NEW.created_at_ms
     ) THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.user_id <> OLD.user_id OR NEW.updated_at_ms <= OLD.updated_at_ms) THEN
    RAISE EXCEPTION 'the latest approval of a user only moves forward' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM latest_removed r WHERE r.user_id = NEW.user_id AND r.version >= NEW.updated_at_ms) THEN
    RAISE EXCEPTION 'the latest approval of a user was removed at the same time'
      USING ERRCODE = 'serialization_failure', CONSTRAINT = 'user_tickets_removed';
  END IF;
  PERFORM 1 FROM tickets
  WHERE id = NEW.ticket_id AND user_id = NEW.user_id AND status = 'approved' AND updated_at_ms = NEW.updated_at_ms
    AND extra = NEW.extra AND decided_by = NEW.decided_by
    AND valid_until_ms IS NOT DISTINCT FROM NEW.valid_until_ms AND NEW.subject IN ('', subject);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'user_tickets points at ticket %, which is not an approved one of that user', NEW.ticket_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- erase_tickets as it was. An approval that has ended goes with its ticket.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION erase_tickets(candidates uuid[], by_actor text, for_reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET docket.erasing = 'on' AS $$
DECLARE
  due uuid[];
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
  DELETE FROM user_tickets WHERE ticket_id = ANY (due);
  PERFORM erase_content(due, by_actor, for_reason);
  PERFORM pg_notify('docket_change', u.user_id) FROM (SELECT DISTINCT user_id FROM tickets WHERE id = ANY (due)) u;
  RETURN coalesce(cardinality(due), 0);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- expire_approvals writes the event of approvals that have ended and are the latest of their user, or for their subject, and returns
-- these tickets. Of approvals that end at the same time it takes so many. An approval that is decided meanwhile is waited for: after
-- it, the one before is not the latest.
CREATE FUNCTION expire_approvals(most integer, OUT ticket_id uuid, OUT user_id text) RETURNS SETOF record LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  due uuid;
BEGIN
  FOR due IN
    SELECT e.ticket_id FROM approval_ends e WHERE e.due_at_ms <= now_ms() ORDER BY e.due_at_ms LIMIT most FOR UPDATE SKIP LOCKED
  LOOP
    SELECT t.id, t.user_id INTO ticket_id, user_id FROM tickets t
    WHERE t.id = due AND t.status = 'approved' AND t.erased_at_ms IS NULL AND t.expired_at_ms IS NULL FOR UPDATE;
    IF FOUND THEN
      PERFORM FROM user_tickets u WHERE u.user_id = expire_approvals.user_id FOR SHARE;
      IF EXISTS (SELECT FROM user_tickets u WHERE u.ticket_id = due) OR EXISTS (SELECT FROM user_subject_tickets s WHERE s.ticket_id = due) THEN
        UPDATE tickets t SET version = t.version + 1, expired_at_ms = now_ms() WHERE t.id = due;
        RETURN NEXT;
      END IF;
    END IF;
    DELETE FROM approval_ends e WHERE e.ticket_id = due;
  END LOOP;
END $$;
-- +goose StatementEnd

-- A trigger function finds only the tables of this schema. One that is replaced loses what ALTER FUNCTION said of it.
-- +goose StatementBegin
DO $$
DECLARE
  name text;
  writer text;
BEGIN
  FOREACH name IN ARRAY ARRAY['tickets_guard', 'tickets_terms', 'tickets_expired'] LOOP
    EXECUTE format('ALTER FUNCTION %I SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
  FOREACH name IN ARRAY ARRAY['tickets_approved', 'tickets_revoke', 'tickets_erased', 'user_subject_tickets_removal', 'user_tickets_guard'] LOOP
    EXECUTE format('ALTER FUNCTION %I SECURITY DEFINER SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
  EXECUTE format('ALTER FUNCTION erase_tickets(uuid[], text, text) SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION expire_approvals(integer) SECURITY DEFINER SET search_path = %I, pg_temp', current_schema());
  EXECUTE 'REVOKE EXECUTE ON FUNCTION expire_approvals(integer) FROM PUBLIC';
  FOR writer IN
    SELECT DISTINCT a.grantee::regrole::text FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
    WHERE c.oid = 'tickets'::regclass AND a.privilege_type = 'INSERT' AND a.grantee NOT IN (0, c.relowner)
  LOOP
    EXECUTE 'GRANT SELECT ON user_subject_tickets, subject_removed TO ' || writer;
    EXECUTE 'GRANT EXECUTE ON FUNCTION expire_approvals(integer) TO ' || writer;
  END LOOP;
END $$;
-- +goose StatementEnd
