-- +goose Up

-- A rule of the form or another system may give the first opinion, where the form says so.
ALTER TABLE opinions DROP CONSTRAINT opinions_given_by_check,
  ADD CONSTRAINT opinions_given_by_check CHECK (given_by ~ '^(agent|rule|key):.') NOT VALID;

-- +goose StatementBegin
-- tickets_pending as it was; and of the two who think the same one is a person.
CREATE OR REPLACE FUNCTION tickets_pending() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  due bigint;
BEGIN
  DELETE FROM pending_decisions WHERE ticket_id = NEW.id RETURNING due_at_ms INTO due;
  IF due IS NOT NULL AND NEW.status IN ('approved', 'rejected') THEN
    RAISE EXCEPTION 'ticket % has a decision that is pending', NEW.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tickets_pending';
  END IF;
  UPDATE opinions SET open = false WHERE ticket_id = NEW.id AND open;
  IF FOUND AND NEW.status IN ('approved', 'rejected') AND (
    NOT EXISTS (SELECT FROM opinions o WHERE o.ticket_id = NEW.id AND o.verdict = NEW.status AND o.given_by <> NEW.decided_by
      AND (o.given_by LIKE 'agent:%' OR NEW.decided_by LIKE 'agent:%'))
    OR EXISTS (SELECT FROM opinions o WHERE o.ticket_id = NEW.id AND o.ordinal = 2) AND NOT account_is_admin(NEW.decided_by)
  ) THEN
    RAISE EXCEPTION 'nobody else thinks that ticket % is %', NEW.id, NEW.status
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tickets_opinions';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION tickets_pending() SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
