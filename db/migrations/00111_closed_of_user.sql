-- +goose Up

-- +goose StatementBegin
-- tickets_closed as it was; and the events say whose ticket it is.
CREATE OR REPLACE FUNCTION tickets_closed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  unknown uuid;
BEGIN
  INSERT INTO ticket_events (user_id, ticket_id, version, kind, actor, at_ms, reason, reasons, class, comment, note, rule_hash)
  SELECT n.user_id, n.id, n.version, n.status,
    CASE WHEN n.status = 'withdrawn' THEN 'user:' || n.user_id WHEN n.status = 'revoked' THEN n.revoked_by ELSE n.decided_by END,
    n.updated_at_ms, n.reject_reason, n.reject_reasons, n.reject_class, n.reject_comment, n.note, CASE WHEN n.status <> 'revoked' THEN n.rule_hash END
  FROM after_update n JOIN before_update o ON o.id = n.id
  WHERE n.status <> o.status;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  SELECT n.id INTO unknown FROM after_update n JOIN before_update o ON o.id = n.id
  WHERE n.status = 'approved' AND o.status <> 'approved'
    AND (SELECT true FROM user_tickets u WHERE u.user_id = n.user_id AND u.updated_at_ms >= n.updated_at_ms) IS NULL
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'ticket % is approved but user_tickets does not know', unknown USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  PERFORM tickets_leave(n.id, n.status, n.decided_by) FROM after_update n JOIN before_update o ON o.id = n.id
  WHERE o.status = 'processing' AND n.status <> 'processing' AND coalesce(
    (SELECT true FROM placements p WHERE p.ticket_id = n.id),
    (SELECT true FROM pending_decisions p WHERE p.ticket_id = n.id),
    (SELECT true FROM approval_steps s WHERE s.ticket_id = n.id LIMIT 1),
    (SELECT true FROM opinions p WHERE p.ticket_id = n.id AND p.open LIMIT 1)
  );
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- submissions_take as it was; and it refuses a closed ticket from elsewhere whose key is used.
CREATE OR REPLACE FUNCTION submissions_take() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
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
      IF NEW.status <> 'processing' THEN
        RAISE EXCEPTION '% has used the submission key of ticket % before', NEW.submitted_by, NEW.id
          USING ERRCODE = 'unique_violation', TABLE = 'tickets', CONSTRAINT = 'tickets_submission';
      END IF;
      RETURN NULL;
    END IF;
    UPDATE submissions s SET user_id = NEW.user_id, ticket_id = NEW.id WHERE s.submitted_by = NEW.submitted_by AND s.submission_key = NEW.submission_key;
    RETURN NEW;
  END LOOP;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION submissions_take() SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION tickets_closed() SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
