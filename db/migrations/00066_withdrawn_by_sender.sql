-- +goose Up

-- A system that takes back what it has submitted says so by a setting of its transaction: the event then names it, and not the user.
-- +goose StatementBegin
CREATE FUNCTION ticket_events_sender() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('docket.withdrawn_by_sender', true) = 'yes' THEN
    NEW.actor := (SELECT t.submitted_by FROM tickets t WHERE t.id = NEW.ticket_id);
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION ticket_events_sender() SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
CREATE TRIGGER ticket_events_sender BEFORE INSERT ON ticket_events FOR EACH ROW
  WHEN (NEW.kind = 'withdrawn') EXECUTE FUNCTION ticket_events_sender();
