-- +goose Up

-- +goose StatementBegin
-- check_eraser raises an exception unless the owner of the tables calls, or the actor is an admin who is signed in; then it says who erases, to
-- ticket_events_sender: by a statement, which Citus sends on to the servers.
CREATE OR REPLACE FUNCTION check_eraser(by_actor text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('SET LOCAL docket.erased_by = %L', by_actor);
  IF owner_calls() THEN
    RETURN;
  END IF;
  PERFORM 1 FROM accounts a JOIN sessions s ON s.account_id = a.id
  WHERE 'agent:' || a.id = by_actor AND a.role = 'admin' AND a.disabled_at_ms IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'only an admin who is signed in may erase' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- ticket_events_sender names who withdrew a ticket, where that was not its user: an erasure, or the system that sent it in, which says so by a
-- setting of its transaction.
CREATE OR REPLACE FUNCTION ticket_events_sender() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('docket.withdrawn_by_sender', true) = 'yes' THEN
    NEW.actor := (SELECT t.submitted_by FROM tickets t WHERE t.user_id = NEW.user_id AND t.id = NEW.ticket_id);
  ELSIF erasing(TG_RELID) THEN
    NEW.actor := current_setting('docket.erased_by');
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
  path text := format('SET search_path = %I, pg_temp', current_schema());
BEGIN
  EXECUTE 'ALTER FUNCTION check_eraser(text) ' || path;
  EXECUTE 'ALTER FUNCTION ticket_events_sender() ' || path;
END $$;
-- +goose StatementEnd
