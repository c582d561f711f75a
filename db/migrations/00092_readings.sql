-- +goose Up

-- What was read of a picture: values with their places, and faces. It goes with the bytes: a file that is to be deleted has none,
-- whichever statement marks it.
ALTER TABLE files ADD COLUMN readings jsonb NOT NULL DEFAULT '{}';

-- +goose StatementBegin
-- files_guard as it was, and for what was read.
CREATE OR REPLACE FUNCTION files_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state IN ('going', 'gone') THEN
    NEW.readings := '{}';
  END IF;
  IF (NEW.id, NEW.user_id, NEW.field, NEW.blob, NEW.media_type, NEW.size, NEW.uploaded_by)
     IS DISTINCT FROM (OLD.id, OLD.user_id, OLD.field, OLD.blob, OLD.media_type, OLD.size, OLD.uploaded_by)
     OR NEW.state NOT IN ('going', 'gone') AND (NEW.sha256, NEW.phash, NEW.signals, NEW.readings) IS DISTINCT FROM (OLD.sha256, OLD.phash, OLD.signals, OLD.readings) THEN
    RAISE EXCEPTION 'what is stored of file % cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.state IN ('going', 'gone') AND EXISTS (
    SELECT FROM ticket_files n JOIN tickets t ON t.id = n.ticket_id WHERE n.file_id = OLD.id AND t.status <> 'withdrawn' AND t.erased_at_ms IS NULL
  ) OR NEW.ticket_id IS DISTINCT FROM OLD.ticket_id AND EXISTS (
    SELECT FROM ticket_files n JOIN tickets t ON t.id = n.ticket_id
    WHERE n.file_id = OLD.id AND n.ticket_id = OLD.ticket_id AND t.erased_at_ms IS NULL
      AND (t.status IN ('processing', 'approved', 'revoked') OR t.status = 'rejected' AND NEW.ticket_id IS NULL)
  ) THEN
    RAISE EXCEPTION 'file % is named by a ticket that needs it', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- A trigger function that is replaced loses what ALTER FUNCTION said of it.
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION files_guard SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
