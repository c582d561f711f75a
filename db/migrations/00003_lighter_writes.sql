-- +goose Up

-- +goose StatementBegin
-- tickets_history writes the event of every change, so that no change can be without one, and refuses an approval that
-- did not become, or was not overtaken as, its user's latest. What wrote the user's row did so in the same statement or
-- before it, and that row is never deleted nor goes back: so what holds now holds at the commit.
CREATE OR REPLACE FUNCTION tickets_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.version > 1 THEN -- a closed ticket from elsewhere: it was submitted before it was closed
    INSERT INTO ticket_events (ticket_id, version, kind, actor, at_ms)
    VALUES (NEW.id, NEW.version - 1, 'submitted', NEW.submitted_by, NEW.created_at_ms);
  END IF;
  INSERT INTO ticket_events (ticket_id, version, kind, actor, at_ms, reason, comment, note)
  VALUES (NEW.id, NEW.version,
    CASE NEW.status WHEN 'processing' THEN 'submitted' ELSE NEW.status END,
    CASE NEW.status WHEN 'processing' THEN NEW.submitted_by WHEN 'withdrawn' THEN 'user:' || NEW.user_id ELSE NEW.decided_by END,
    NEW.updated_at_ms, NEW.reject_reason, NEW.reject_comment, NEW.note);
  IF NEW.status = 'approved' THEN
    PERFORM 1 FROM user_tickets WHERE user_id = NEW.user_id AND updated_at_ms >= NEW.updated_at_ms;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'ticket % is approved but user_tickets does not know', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

DROP TRIGGER tickets_latest ON tickets;
DROP FUNCTION tickets_latest();

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is not allowed: history is only ever added to, and by the change itself', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd

-- Only tickets_history writes events. So each is of a ticket, which stays, and of a status that a ticket can have: that
-- need not be looked up for every event.
CREATE TRIGGER ticket_events_own BEFORE INSERT ON ticket_events FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse();
ALTER TABLE ticket_events DROP CONSTRAINT ticket_events_ticket_id_fkey, DROP CONSTRAINT ticket_events_kind_check;
