-- +goose Up

-- A trigger finds only the tables of this schema, and not what the session that fires it has made or named alike: such a table
-- opened the guards.
-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['accounts_mail', 'accounts_sign_out', 'audit_guard', 'erasures_clients', 'files_guard', 'files_named', 'refuse',
    'sessions_confirmed', 'sessions_guard', 'tickets_guard', 'tickets_history'] LOOP
    EXECUTE format('ALTER FUNCTION %I SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
END $$;
-- +goose StatementEnd
