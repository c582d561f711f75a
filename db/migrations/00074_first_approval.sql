-- +goose Up

-- user_tickets_guard as it was; and a ticket from elsewhere may say that the user was first approved earlier.
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
    AND extra = NEW.extra AND decided_by = NEW.decided_by;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'user_tickets points at ticket %, which is not an approved one of that user', NEW.ticket_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION user_tickets_guard() SECURITY DEFINER SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
