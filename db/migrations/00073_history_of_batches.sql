-- +goose Up

-- Submissions of the same moment are added by one statement, and so are their events. What is added as closed, or with more than one
-- event behind it, has its own rules in tickets_history.
-- +goose StatementBegin
CREATE FUNCTION tickets_history_opened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ticket_events (ticket_id, version, kind, actor, at_ms)
  SELECT o.id, 1, 'submitted', o.submitted_by, o.created_at_ms FROM opened o WHERE o.status = 'processing' AND o.version = 1;
  RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION tickets_history_opened() SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
DROP TRIGGER tickets_history ON tickets;
CREATE TRIGGER tickets_history AFTER UPDATE ON tickets FOR EACH ROW EXECUTE FUNCTION tickets_history();
CREATE TRIGGER tickets_history_closed AFTER INSERT ON tickets FOR EACH ROW
  WHEN (NEW.status <> 'processing' OR NEW.version > 1) EXECUTE FUNCTION tickets_history();
CREATE TRIGGER tickets_history_opened AFTER INSERT ON tickets REFERENCING NEW TABLE AS opened
  FOR EACH STATEMENT EXECUTE FUNCTION tickets_history_opened();
