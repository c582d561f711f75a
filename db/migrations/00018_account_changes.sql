-- +goose Up

-- An account that is disabled cannot sign in. version counts the changes that end its sessions.
ALTER TABLE accounts
  ADD COLUMN disabled_at_ms bigint,
  ADD COLUMN version        bigint NOT NULL DEFAULT 1;

-- The version of the account that signed in: a sign-in that was checked before a change begins no session after it. Null in
-- sessions that the previous release adds.
ALTER TABLE sessions ADD COLUMN account_version bigint;

DROP TRIGGER accounts_sign_out ON accounts;
-- A change of the password, the role or whether an account is disabled ends every session of the account.
CREATE TRIGGER accounts_sign_out AFTER UPDATE OF password_hash, role, disabled_at_ms ON accounts
  FOR EACH ROW EXECUTE FUNCTION accounts_sign_out();

-- +goose StatementBegin
CREATE FUNCTION sessions_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM accounts WHERE id = NEW.account_id AND disabled_at_ms IS NOT NULL) THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
-- The previous release does not know that an account is disabled: the session that it adds is left out.
CREATE TRIGGER sessions_guard BEFORE INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION sessions_guard();
