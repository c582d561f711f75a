-- +goose Up

-- When the previews of a picture were begun; NULL: none lie beside it. Their row tells of them before they are there and until they are
-- gone, as it does of the file. NOT VALID: no row of today has any.
ALTER TABLE files
  ADD COLUMN previewed_at_ms bigint,
  ADD CONSTRAINT files_previews CHECK (state <> 'gone' OR previewed_at_ms IS NULL) NOT VALID;

-- The previous release deletes files without their previews: its statements fail for such a file, and an instance of this release deletes it.
-- +goose StatementBegin
CREATE FUNCTION files_keep_previews() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'file % still has previews', OLD.id USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER files_keep_previews BEFORE DELETE ON files FOR EACH ROW WHEN (OLD.previewed_at_ms IS NOT NULL) EXECUTE FUNCTION files_keep_previews();

-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION files_keep_previews() SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
