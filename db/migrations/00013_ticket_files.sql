-- +goose Up

-- Which files a ticket names. A file may be named by several attempts of its user one after the other; files.ticket_id is
-- the last of them, and NULL while there is none.
CREATE TABLE ticket_files (
  ticket_id uuid NOT NULL,
  field     text NOT NULL,
  file_id   uuid NOT NULL,
  PRIMARY KEY (ticket_id, field)
);
CREATE INDEX ticket_files_file ON ticket_files (file_id);

-- +goose StatementBegin
-- files_named writes the row when a ticket gets a file, whichever release assigns it. It runs as the owner of the table:
-- the role of the previous release has no right to it.
CREATE FUNCTION files_named() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM 1 FROM tickets WHERE id = NEW.ticket_id AND user_id = NEW.user_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'file % is not of the user of ticket %', NEW.id, NEW.ticket_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  INSERT INTO ticket_files (ticket_id, field, file_id) VALUES (NEW.ticket_id, NEW.field, NEW.id);
  RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER files_named AFTER INSERT OR UPDATE OF ticket_id ON files
  FOR EACH ROW WHEN (NEW.ticket_id IS NOT NULL) EXECUTE FUNCTION files_named();
