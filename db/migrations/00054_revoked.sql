-- +goose Up

-- An approval that was taken back later. decided_by and decided_at_ms stay those of the approval; the reason, its class and its
-- text are those of the revocation, and so are the note and updated_at_ms. What was noted at the approval is in its event.
ALTER TABLE tickets ADD COLUMN revoked_by text;

-- NOT VALID: the rows from before keep what the former constraints said, so nobody need wait for them to be read.
ALTER TABLE tickets
  DROP CONSTRAINT tickets_status_check, DROP CONSTRAINT tickets_decision, DROP CONSTRAINT tickets_reject_class, DROP CONSTRAINT tickets_reject_reasons,
  ADD CONSTRAINT tickets_status_check CHECK (status IN ('processing', 'approved', 'rejected', 'withdrawn', 'revoked')) NOT VALID,
  ADD CONSTRAINT tickets_decision CHECK (
    CASE status
      WHEN 'approved' THEN decided_by IS NOT NULL AND decided_at_ms IS NOT NULL AND reject_reason IS NULL AND reject_comment IS NULL
      WHEN 'rejected' THEN decided_by IS NOT NULL AND decided_at_ms IS NOT NULL AND reject_reason IS NOT NULL AND reject_comment IS NOT NULL
      WHEN 'revoked' THEN decided_by IS NOT NULL AND decided_at_ms IS NOT NULL AND reject_reason IS NOT NULL AND reject_comment IS NOT NULL
        AND reject_class IS NOT NULL AND decided_at_ms < updated_at_ms
      ELSE decided_by IS NULL AND decided_at_ms IS NULL AND reject_reason IS NULL AND reject_comment IS NULL AND note IS NULL
    END) NOT VALID,
  ADD CONSTRAINT tickets_revoked CHECK ((revoked_by IS NOT NULL) = (status = 'revoked') AND (revoked_by IS NULL OR revoked_by ~ '^agent:.')) NOT VALID,
  ADD CONSTRAINT tickets_reject_class CHECK (
    reject_class IS NULL OR status IN ('rejected', 'revoked') AND reject_class IN ('retry', 'final')) NOT VALID,
  ADD CONSTRAINT tickets_reject_reasons CHECK (
    reject_reasons IS NULL OR status IN ('rejected', 'revoked') AND reject_reasons[1] = reject_reason AND array_position(reject_reasons, NULL) IS NULL) NOT VALID;

-- +goose StatementBegin
-- tickets_guard as it was. An approval may be taken back, which changes nothing of what was sent and of who approved.
CREATE OR REPLACE FUNCTION tickets_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'approved' AND NEW.status = 'revoked' AND OLD.erased_at_ms IS NULL AND NEW.version = OLD.version + 1
     AND NEW.updated_at_ms > OLD.updated_at_ms AND NEW.revoked_by IS DISTINCT FROM 'agent:' || OLD.user_id
     AND (NEW.id, NEW.user_id, NEW.extra, NEW.form_version, NEW.language, NEW.queue, NEW.one_open, NEW.submitted_by, NEW.submission_key, NEW.submission_hash,
          NEW.created_at_ms, NEW.attempt, NEW.previous_id, NEW.turn, NEW.decided_by, NEW.decided_at_ms, NEW.rule_hash, NEW.erased_at_ms)
     IS NOT DISTINCT FROM
         (OLD.id, OLD.user_id, OLD.extra, OLD.form_version, OLD.language, OLD.queue, OLD.one_open, OLD.submitted_by, OLD.submission_key, OLD.submission_hash,
          OLD.created_at_ms, OLD.attempt, OLD.previous_id, OLD.turn, OLD.decided_by, OLD.decided_at_ms, OLD.rule_hash, OLD.erased_at_ms) THEN
    RETURN NEW;
  END IF;
  IF OLD.status <> 'processing' THEN
    IF erasing(TG_RELID) IS NOT TRUE THEN
      RAISE EXCEPTION 'ticket % is closed and cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.erased_at_ms IS NOT NULL OR NEW.erased_at_ms IS NULL OR NEW.version <> OLD.version + 1
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
-- tickets_history as it was, with revocations. The submission of an open ticket was when the ticket was created. A ticket is
-- never added as revoked: its approval has to be known first.
CREATE OR REPLACE FUNCTION tickets_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.status = OLD.status THEN -- the event of an erasure is written by erase_content
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.status = 'revoked' THEN
    RAISE EXCEPTION 'ticket % is revoked but was not approved', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'INSERT' AND NEW.version > 1 THEN -- a closed ticket from elsewhere: it was submitted before it was closed
    INSERT INTO ticket_events (ticket_id, version, kind, actor, at_ms)
    VALUES (NEW.id, NEW.version - 1, 'submitted', NEW.submitted_by, NEW.created_at_ms);
  END IF;
  INSERT INTO ticket_events (ticket_id, version, kind, actor, at_ms, reason, reasons, class, comment, note, rule_hash)
  VALUES (NEW.id, NEW.version,
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
-- tickets_revoke removes the latest approval of a user when that is the one that is taken back. One that was overtaken is
-- nobody's latest.
CREATE FUNCTION tickets_revoke() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  DELETE FROM user_tickets WHERE user_id = NEW.user_id AND ticket_id = NEW.id;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tickets_revoke AFTER UPDATE OF status ON tickets FOR EACH ROW
  WHEN (NEW.status = 'revoked') EXECUTE FUNCTION tickets_revoke();

-- +goose StatementBegin
-- user_tickets_removal lets the latest approval of a user be removed by an erasure, and when it is taken back. It keeps the
-- version, which is never the latest again, and tells every instance of it: its payload is "<version> <user>".
CREATE FUNCTION user_tickets_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF erasing(TG_RELID) IS NOT TRUE AND NOT EXISTS (SELECT FROM tickets t WHERE t.id = OLD.ticket_id AND t.status = 'revoked') THEN
    RAISE EXCEPTION '% on % is not allowed: the latest approval of a user goes with its ticket', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  INSERT INTO latest_removed AS l (user_id, version) VALUES (OLD.user_id, OLD.updated_at_ms)
  ON CONFLICT (user_id) DO UPDATE SET version = excluded.version, at_ms = excluded.at_ms;
  PERFORM pg_notify('docket_change', OLD.user_id), pg_notify('docket_removed', OLD.updated_at_ms || ' ' || OLD.user_id);
  RETURN OLD;
END $$;
-- +goose StatementEnd
DROP TRIGGER user_tickets_keep ON user_tickets;
CREATE TRIGGER user_tickets_keep BEFORE DELETE ON user_tickets FOR EACH ROW EXECUTE FUNCTION user_tickets_removal();

-- +goose StatementBegin
-- files_guard as it was; a ticket that is revoked needs its files as an approved one does.
CREATE OR REPLACE FUNCTION files_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.user_id, NEW.field, NEW.blob, NEW.media_type, NEW.size, NEW.uploaded_by)
     IS DISTINCT FROM (OLD.id, OLD.user_id, OLD.field, OLD.blob, OLD.media_type, OLD.size, OLD.uploaded_by)
     OR NEW.state NOT IN ('going', 'gone') AND (NEW.sha256, NEW.phash, NEW.signals) IS DISTINCT FROM (OLD.sha256, OLD.phash, OLD.signals) THEN
    RAISE EXCEPTION 'what is stored of file % cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.state IN ('going', 'gone') AND EXISTS (
    SELECT FROM ticket_files n JOIN tickets t ON t.id = n.ticket_id WHERE n.file_id = OLD.id AND t.status <> 'withdrawn' AND t.erased_at_ms IS NULL
  ) OR NEW.ticket_id IS DISTINCT FROM OLD.ticket_id AND EXISTS (
    SELECT FROM ticket_files n JOIN tickets t ON t.id = n.ticket_id
    WHERE n.file_id = OLD.id AND n.ticket_id = OLD.ticket_id AND t.erased_at_ms IS NULL
      AND (t.status IN ('processing', 'approved', 'revoked') OR t.status = 'rejected' AND NEW.ticket_id IS NULL)
  ) THEN
    RAISE EXCEPTION 'file % is named by a ticket that needs it', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- A trigger function finds only the tables of this schema. One that is replaced loses what ALTER FUNCTION said of it.
-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['tickets_guard', 'tickets_history', 'tickets_revoke', 'user_tickets_removal', 'files_guard'] LOOP
    EXECUTE format('ALTER FUNCTION %I SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
END $$;
-- +goose StatementEnd

-- The owner of a ticket is told that its approval was taken back; an e-mail about the approval that was not sent yet is then none.
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN (
  'received', 'approved', 'rejected', 'revoked', 'confirm', 'taken', 'reset', 'new_device', 'password_changed', 'factor_changed', 'invited')) NOT VALID;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION tickets_mail() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  owner uuid;
BEGIN
  IF NOT mail_is_sent() THEN
    RETURN NULL;
  END IF;
  SELECT a.id INTO owner FROM accounts a
  WHERE a.id = CASE WHEN NEW.user_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN NEW.user_id::uuid END;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM outbox WHERE account_id = owner AND ticket_id = NEW.id AND kind IN ('received', 'approved') AND attempts = 0;
  END IF;
  INSERT INTO outbox (account_id, kind, ticket_id)
  VALUES (owner, CASE NEW.status WHEN 'processing' THEN 'received' ELSE NEW.status END, NEW.id);
  RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION tickets_mail() SECURITY DEFINER SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
DROP TRIGGER tickets_mail_decided ON tickets;
CREATE TRIGGER tickets_mail_decided AFTER UPDATE OF status ON tickets FOR EACH ROW
  WHEN (NEW.submitted_by = 'user:' || NEW.user_id AND NEW.status <> OLD.status AND NEW.status IN ('approved', 'rejected', 'revoked'))
  EXECUTE FUNCTION tickets_mail();

-- An approval that was taken back was an approval, too.
CREATE OR REPLACE VIEW audit_all AS
SELECT id, at_ms, actor, action, object, count, client, request_id FROM audit
UNION ALL
SELECT id, updated_at_ms, decided_by, status, 'ticket:' || id::text, NULL::bigint, NULL::inet, ''::text FROM tickets WHERE status IN ('approved', 'rejected')
UNION ALL
SELECT id, decided_at_ms, decided_by, 'approved'::text, 'ticket:' || id::text, NULL::bigint, NULL::inet, ''::text FROM tickets WHERE status = 'revoked'
UNION ALL
SELECT id, updated_at_ms, revoked_by, 'revoked'::text, 'ticket:' || id::text, NULL::bigint, NULL::inet, ''::text FROM tickets WHERE status = 'revoked'
UNION ALL
SELECT ticket_id, at_ms, reopened_by, 'reopened'::text, 'ticket:' || ticket_id::text, NULL::bigint, NULL::inet, ''::text FROM reopenings
UNION ALL
SELECT md5('file_views' || id::text)::uuid, at_ms, actor, 'file_seen'::text, 'file:' || file_id::text, NULL::bigint, NULL::inet, ''::text FROM file_views;
