-- +goose Up

-- What belongs to a ticket says whose ticket it is. Rows from before, and those that the previous release adds, do not: the partitions of
-- docket migrate up --partitions fill them in.
ALTER TABLE ticket_events ADD COLUMN user_id text;
ALTER TABLE ticket_files ADD COLUMN user_id text;
ALTER TABLE file_views ADD COLUMN user_id text;
ALTER TABLE ticket_words ADD COLUMN user_id text;
ALTER TABLE claims ADD COLUMN user_id text;
ALTER TABLE placements ADD COLUMN user_id text;
ALTER TABLE pending_decisions ADD COLUMN user_id text;
ALTER TABLE opinions ADD COLUMN user_id text;
ALTER TABLE approval_steps ADD COLUMN user_id text;
ALTER TABLE approval_ends ADD COLUMN user_id text;
ALTER TABLE second_looks ADD COLUMN user_id text;
ALTER TABLE verdicts ADD COLUMN user_id text;
ALTER TABLE ticket_notes ADD COLUMN user_id text;

-- Where tickets are partitioned by user, no index of theirs can say that a sender uses a key once: keys have this table there. Elsewhere it is
-- empty, and no trigger calls the functions.
CREATE TABLE submissions (
  submitted_by   text NOT NULL,
  submission_key text NOT NULL,
  user_id        text NOT NULL,
  ticket_id      uuid NOT NULL,
  PRIMARY KEY (submitted_by, submission_key)
);

-- +goose StatementBegin
-- submissions_take takes the key of a new ticket, or has the ticket not added, as ON CONFLICT DO NOTHING does. A key whose ticket is not there was
-- taken by one that was not added for another reason.
CREATE FUNCTION submissions_take() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  holder submissions%ROWTYPE;
BEGIN
  LOOP
    INSERT INTO submissions (submitted_by, submission_key, user_id, ticket_id) VALUES (NEW.submitted_by, NEW.submission_key, NEW.user_id, NEW.id)
    ON CONFLICT DO NOTHING;
    IF FOUND THEN
      RETURN NEW;
    END IF;
    SELECT s.* INTO holder FROM submissions s WHERE s.submitted_by = NEW.submitted_by AND s.submission_key = NEW.submission_key FOR UPDATE;
    IF NOT FOUND THEN
      CONTINUE; -- its ticket was given another key
    END IF;
    IF EXISTS (SELECT FROM tickets t WHERE t.user_id = holder.user_id AND t.id = holder.ticket_id) THEN
      RETURN NULL;
    END IF;
    UPDATE submissions s SET user_id = NEW.user_id, ticket_id = NEW.id WHERE s.submitted_by = NEW.submitted_by AND s.submission_key = NEW.submission_key;
    RETURN NEW;
  END LOOP;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- submissions_change keeps the key of a ticket that gets another one, by an erasure.
CREATE FUNCTION submissions_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  UPDATE submissions s SET submission_key = NEW.submission_key WHERE s.submitted_by = OLD.submitted_by AND s.submission_key = OLD.submission_key;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION erase_content(erased uuid[], by_actor text, for_reason text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  erasure_ms bigint := now_ms();
  unnamed uuid[];
BEGIN
  UPDATE tickets SET extra = '{}', submission_hash = '', reject_comment = CASE WHEN reject_comment IS NOT NULL THEN '' END, note = NULL, grant_extra = NULL,
    submission_key = CASE WHEN submission_key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN submission_key ELSE gen_random_uuid()::text END,
    version = version + 1, erased_at_ms = erasure_ms
  WHERE id = ANY (erased);
  UPDATE ticket_events SET comment = CASE WHEN comment IS NOT NULL THEN '' END, note = NULL
  WHERE ticket_id = ANY (erased) AND (comment <> '' OR note IS NOT NULL);
  INSERT INTO ticket_events (user_id, ticket_id, version, kind, actor, at_ms, reason)
  SELECT user_id, id, version, 'erased', by_actor, erasure_ms, for_reason FROM tickets WHERE id = ANY (erased);
  UPDATE reopenings SET note = '-' WHERE ticket_id = ANY (erased);
  -- No ticket is given one of these files from here on; one that was given one just now is seen by the statement after this.
  PERFORM 1 FROM files WHERE id IN (SELECT file_id FROM ticket_files WHERE ticket_id = ANY (erased)) ORDER BY id FOR UPDATE;
  SELECT array_agg(DISTINCT d.file_id) INTO unnamed FROM ticket_files d
  WHERE d.ticket_id = ANY (erased)
    AND NOT EXISTS (SELECT FROM ticket_files n JOIN tickets t ON t.id = n.ticket_id WHERE n.file_id = d.file_id AND t.erased_at_ms IS NULL);
  RETURN erase_files(unnamed);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION files_named() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM 1 FROM tickets WHERE id = NEW.ticket_id AND user_id = NEW.user_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'file % is not of the user of ticket %', NEW.id, NEW.ticket_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  INSERT INTO ticket_files (user_id, ticket_id, field, file_id) VALUES (NEW.user_id, NEW.ticket_id, NEW.field, NEW.id);
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION tickets_approved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
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
    INSERT INTO approval_ends (user_id, ticket_id, due_at_ms) VALUES (NEW.user_id, NEW.id, NEW.valid_until_ms) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION tickets_expired() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ticket_events (user_id, ticket_id, version, kind, actor, at_ms) VALUES (NEW.user_id, NEW.id, NEW.version, 'expired', 'rule:approval', NEW.expired_at_ms);
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION tickets_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.status = OLD.status THEN -- the event of an erasure is written by erase_content
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.status = 'revoked' THEN
    RAISE EXCEPTION 'ticket % is revoked but was not approved', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'INSERT' AND NEW.version > 1 THEN -- a closed ticket from elsewhere: it was submitted before it was closed
    INSERT INTO ticket_events (user_id, ticket_id, version, kind, actor, at_ms)
    VALUES (NEW.user_id, NEW.id, NEW.version - 1, 'submitted', NEW.submitted_by, NEW.created_at_ms);
  END IF;
  INSERT INTO ticket_events (user_id, ticket_id, version, kind, actor, at_ms, reason, reasons, class, comment, note, rule_hash)
  VALUES (NEW.user_id, NEW.id, NEW.version,
    CASE NEW.status WHEN 'processing' THEN 'submitted' ELSE NEW.status END,
    CASE NEW.status WHEN 'processing' THEN NEW.submitted_by WHEN 'withdrawn' THEN 'user:' || NEW.user_id WHEN 'revoked' THEN NEW.revoked_by ELSE NEW.decided_by END,
    CASE NEW.status WHEN 'processing' THEN NEW.created_at_ms ELSE NEW.updated_at_ms END,
    NEW.reject_reason, NEW.reject_reasons, NEW.reject_class, NEW.reject_comment, NEW.note, CASE WHEN NEW.status <> 'revoked' THEN NEW.rule_hash END);
  IF NEW.status = 'approved' THEN
    PERFORM 1 FROM user_tickets WHERE user_id = NEW.user_id AND updated_at_ms >= NEW.updated_at_ms;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'ticket % is approved but user_tickets does not know', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION tickets_history_opened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ticket_events (user_id, ticket_id, version, kind, actor, at_ms)
  SELECT o.user_id, o.id, 1, 'submitted', o.submitted_by, o.created_at_ms FROM opened o WHERE o.status = 'processing' AND o.version = 1;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION submissions_take SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION submissions_change SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION erase_content SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION files_named SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION tickets_approved SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION tickets_expired SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION tickets_history SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION tickets_history_opened SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
