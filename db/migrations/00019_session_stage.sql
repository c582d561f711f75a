-- +goose Up

-- A password that an operator set is to be changed by its owner. False for every password of before.
ALTER TABLE accounts ADD COLUMN must_change_password boolean NOT NULL DEFAULT false;

-- factor_at_ms: when the second factor was last confirmed in this session; null: not yet. browser: the kind of browser and
-- system that began it, such as "Firefox, Windows".
ALTER TABLE sessions ADD COLUMN factor_at_ms bigint, ADD COLUMN browser text NOT NULL DEFAULT '';

-- account_change_own_password gives the owner of a session a new password, ends every other session of the account, and keeps
-- this one. version is that of the account whose old password was compared. False: the session or the account has changed since.
-- +goose StatementBegin
CREATE FUNCTION account_change_own_password(session_hash bytea, version bigint, new_hash text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  own sessions%ROWTYPE;
BEGIN
  SELECT s.* INTO own FROM sessions s JOIN accounts a ON a.id = s.account_id
  WHERE s.token_hash = session_hash AND a.disabled_at_ms IS NULL
    AND a.version = account_change_own_password.version AND (s.account_version IS NULL OR s.account_version = a.version)
  FOR UPDATE OF a;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE accounts a SET password_hash = new_hash, must_change_password = false, version = a.version + 1
  WHERE a.id = own.account_id RETURNING a.version INTO own.account_version; -- a trigger ends every session
  INSERT INTO sessions SELECT own.*;
  RETURN true;
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION account_change_own_password FROM PUBLIC;
-- A temporary table of the caller is not taken for one of these.
-- +goose StatementBegin
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION account_change_own_password SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
