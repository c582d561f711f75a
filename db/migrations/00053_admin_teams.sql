-- +goose Up

-- +goose StatementBegin
-- account_set_teams puts an account into teams and takes it out of all others, for the admin of a session who has confirmed it in the
-- last ten minutes. Outcome: done, unconfirmed, or unknown.
CREATE FUNCTION account_set_teams(session_hash bytea, other uuid, new_teams text[], mac bytea) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'account set teams', session_hash, uuid_send(other), convert_to(array_to_string(new_teams, ' '), 'UTF8'));
  IF session_admin(session_hash, true) IS NULL THEN
    RETURN 'unconfirmed';
  END IF;
  PERFORM FROM accounts a WHERE a.id = other FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN 'unknown';
  END IF;
  DELETE FROM team_members m WHERE m.account_id = other AND m.team <> ALL (new_teams);
  INSERT INTO team_members (team, account_id) SELECT unnest(new_teams), other ON CONFLICT DO NOTHING;
  RETURN 'done';
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION account_set_teams FROM PUBLIC;
-- +goose StatementBegin
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION account_set_teams SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
