-- +goose Up

-- These triggers read and write tables that the previous release does not know, for statements that it sends: they have the rights of
-- the owner. So a role with rights of before works on, until docs/role.sql has run again.
-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['tickets_mail', 'refuse_erased', 'user_tickets_guard', 'user_tickets_version'] LOOP
    EXECUTE format('ALTER FUNCTION %I SECURITY DEFINER SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
END $$;
-- +goose StatementEnd
