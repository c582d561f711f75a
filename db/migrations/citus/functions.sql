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
  IF NEW.previous_id IS NOT NULL AND NOT EXISTS (SELECT FROM tickets t WHERE t.user_id = NEW.user_id AND t.id = NEW.previous_id) THEN
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
