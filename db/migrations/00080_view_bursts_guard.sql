-- +goose Up

-- A burst is noted for the minute after it was found, and only of an agent who has just seen so much: else whoever may write the table
-- could keep an alert from being given, in advance and for ever.
-- +goose StatementBegin
CREATE FUNCTION view_bursts_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.until_ms > now_ms() + 60000 OR NEW.until_ms > now_ms() AND 30 >= (
    SELECT count(*) FROM audit a
    WHERE a.actor = NEW.actor AND a.at_ms > now_ms() - 120000 AND a.action IN ('ticket_opened', 'unclaimed_ticket_opened', 'file_seen')
  ) THEN
    RAISE EXCEPTION '% has not seen that much in the last minute', NEW.actor USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION view_bursts_guard() SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
CREATE TRIGGER view_bursts_guard BEFORE INSERT OR UPDATE ON view_bursts FOR EACH ROW EXECUTE FUNCTION view_bursts_guard();
