-- +goose Up

-- Why a ticket was rejected, in full: every reason, and whether the user may submit again. What was rejected before has
-- reject_reason alone, which stays the first of the reasons.
ALTER TABLE tickets
  ADD COLUMN language       text NOT NULL DEFAULT '',
  ADD COLUMN reject_reasons text[],
  ADD COLUMN reject_class   text;
ALTER TABLE ticket_events
  ADD COLUMN reasons text[],
  ADD COLUMN class   text;

-- NOT VALID: the rows from before have none of it, so nobody need wait for them to be read.
ALTER TABLE tickets ADD CONSTRAINT tickets_reject_class CHECK (
  reject_class IS NULL OR status = 'rejected' AND reject_class IN ('retry', 'final')) NOT VALID;
ALTER TABLE tickets ADD CONSTRAINT tickets_reject_reasons CHECK (
  reject_reasons IS NULL OR status = 'rejected' AND reject_reasons[1] = reject_reason AND array_position(reject_reasons, NULL) IS NULL) NOT VALID;

-- +goose StatementBegin
-- tickets_history as it was, with every reason and the class.
CREATE OR REPLACE FUNCTION tickets_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.version > 1 THEN -- a closed ticket from elsewhere: it was submitted before it was closed
    INSERT INTO ticket_events (ticket_id, version, kind, actor, at_ms)
    VALUES (NEW.id, NEW.version - 1, 'submitted', NEW.submitted_by, NEW.created_at_ms);
  END IF;
  INSERT INTO ticket_events (ticket_id, version, kind, actor, at_ms, reason, reasons, class, comment, note)
  VALUES (NEW.id, NEW.version,
    CASE NEW.status WHEN 'processing' THEN 'submitted' ELSE NEW.status END,
    CASE NEW.status WHEN 'processing' THEN NEW.submitted_by WHEN 'withdrawn' THEN 'user:' || NEW.user_id ELSE NEW.decided_by END,
    NEW.updated_at_ms, NEW.reject_reason, NEW.reject_reasons, NEW.reject_class, NEW.reject_comment, NEW.note);
  IF NEW.status = 'approved' THEN
    PERFORM 1 FROM user_tickets WHERE user_id = NEW.user_id AND updated_at_ms >= NEW.updated_at_ms;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'ticket % is approved but user_tickets does not know', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
