-- +goose Up

-- What an approval grants: answers of its own, one JSON object keyed by the fields that the form asks for in decisions.approve.asks.
-- Nothing is granted by anything but an approval.
ALTER TABLE tickets ADD COLUMN grant_extra jsonb,
  ADD CONSTRAINT tickets_grant CHECK (grant_extra IS NULL OR status IN ('approved', 'revoked')) NOT VALID;
ALTER TABLE user_tickets ADD COLUMN grant_extra jsonb;
ALTER TABLE pending_decisions ADD COLUMN grant_extra jsonb,
  ADD CONSTRAINT pending_decisions_grant CHECK (grant_extra IS NULL OR status = 'approved') NOT VALID;
ALTER TABLE opinions ADD COLUMN grant_extra jsonb,
  ADD CONSTRAINT opinions_grant CHECK (grant_extra IS NULL OR verdict = 'approved') NOT VALID;

-- +goose StatementBegin
-- tickets_guard as it was. A revocation changes nothing of what was granted, and an erasure removes it.
CREATE OR REPLACE FUNCTION tickets_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
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
-- erase_content as it was; and it removes what was granted.
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
  INSERT INTO ticket_events (ticket_id, version, kind, actor, at_ms, reason)
  SELECT id, version, 'erased', by_actor, erasure_ms, for_reason FROM tickets WHERE id = ANY (erased);
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
-- opinions_erase takes out what agents wrote of a ticket that is erased, and what they would have granted.
CREATE OR REPLACE FUNCTION opinions_erase() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  UPDATE opinions SET comment = '', note = '', grant_extra = NULL WHERE ticket_id = NEW.ticket_id;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['tickets_guard()', 'erase_content(uuid[], text, text)', 'opinions_erase()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
END $$;
-- +goose StatementEnd
