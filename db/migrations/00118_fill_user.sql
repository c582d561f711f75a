-- +goose Up

-- +goose StatementBegin
-- fill_user has a row say whose ticket or file it belongs to, where the previous release does not.
CREATE FUNCTION fill_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF TG_ARGV[0] = 'file_id' THEN
    NEW.user_id := (SELECT f.user_id FROM files f WHERE f.id = NEW.file_id);
  ELSE
    NEW.user_id := (SELECT t.user_id FROM tickets t WHERE t.id = NEW.ticket_id);
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

CREATE TRIGGER ticket_events_fill_user BEFORE INSERT ON ticket_events FOR EACH ROW WHEN (NEW.user_id IS NULL) EXECUTE FUNCTION fill_user('ticket_id');
CREATE TRIGGER ticket_files_fill_user BEFORE INSERT ON ticket_files FOR EACH ROW WHEN (NEW.user_id IS NULL) EXECUTE FUNCTION fill_user('file_id');
CREATE TRIGGER file_views_fill_user BEFORE INSERT ON file_views FOR EACH ROW WHEN (NEW.user_id IS NULL) EXECUTE FUNCTION fill_user('file_id');
CREATE TRIGGER ticket_words_fill_user BEFORE INSERT ON ticket_words FOR EACH ROW WHEN (NEW.user_id IS NULL) EXECUTE FUNCTION fill_user('ticket_id');
CREATE TRIGGER claims_fill_user BEFORE INSERT ON claims FOR EACH ROW WHEN (NEW.user_id IS NULL) EXECUTE FUNCTION fill_user('ticket_id');
CREATE TRIGGER placements_fill_user BEFORE INSERT ON placements FOR EACH ROW WHEN (NEW.user_id IS NULL) EXECUTE FUNCTION fill_user('ticket_id');
CREATE TRIGGER pending_decisions_fill_user BEFORE INSERT ON pending_decisions FOR EACH ROW WHEN (NEW.user_id IS NULL) EXECUTE FUNCTION fill_user('ticket_id');
CREATE TRIGGER opinions_fill_user BEFORE INSERT ON opinions FOR EACH ROW WHEN (NEW.user_id IS NULL) EXECUTE FUNCTION fill_user('ticket_id');
CREATE TRIGGER approval_steps_fill_user BEFORE INSERT ON approval_steps FOR EACH ROW WHEN (NEW.user_id IS NULL) EXECUTE FUNCTION fill_user('ticket_id');
CREATE TRIGGER approval_ends_fill_user BEFORE INSERT ON approval_ends FOR EACH ROW WHEN (NEW.user_id IS NULL) EXECUTE FUNCTION fill_user('ticket_id');
CREATE TRIGGER second_looks_fill_user BEFORE INSERT ON second_looks FOR EACH ROW WHEN (NEW.user_id IS NULL) EXECUTE FUNCTION fill_user('ticket_id');
CREATE TRIGGER verdicts_fill_user BEFORE INSERT ON verdicts FOR EACH ROW WHEN (NEW.user_id IS NULL) EXECUTE FUNCTION fill_user('ticket_id');
CREATE TRIGGER ticket_notes_fill_user BEFORE INSERT ON ticket_notes FOR EACH ROW WHEN (NEW.user_id IS NULL) EXECUTE FUNCTION fill_user('ticket_id');

-- +goose StatementBegin
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION fill_user() SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION fill_user() FROM PUBLIC;
