-- +goose Up

-- Placements say when their ticket was submitted: so the snoozed ones are listed in that order by an index, however many there are.
ALTER TABLE placements ADD COLUMN submitted_ms bigint;

-- +goose StatementBegin
-- placements_submitted notes when the ticket was submitted.
CREATE FUNCTION placements_submitted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.submitted_ms := (SELECT t.created_at_ms FROM tickets t WHERE t.id = NEW.ticket_id);
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER placements_submitted BEFORE INSERT ON placements FOR EACH ROW EXECUTE FUNCTION placements_submitted();

UPDATE placements SET submitted_ms = t.created_at_ms FROM tickets t WHERE t.id = placements.ticket_id;
CREATE INDEX placements_snoozed_oldest ON placements (submitted_ms, ticket_id) WHERE snoozed_until_ms IS NOT NULL;

-- +goose StatementBegin
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION placements_submitted SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
