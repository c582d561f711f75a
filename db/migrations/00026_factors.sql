-- +goose Up

-- The second factor of an account: the secret of an authenticator app, encrypted with a key that is not in the database.
-- last_step is the 30 seconds of the last code that was used: each code is used once.
CREATE TABLE factors (
  account_id    uuid   PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
  secret        bytea  NOT NULL,
  last_step     bigint NOT NULL,
  created_at_ms bigint NOT NULL DEFAULT now_ms()
);

-- The recovery codes that are left. Each is deleted when it is used.
CREATE TABLE recovery_codes (
  account_id uuid  NOT NULL REFERENCES factors (account_id) ON DELETE CASCADE,
  code_hash  bytea NOT NULL CHECK (octet_length(code_hash) = 32),
  PRIMARY KEY (account_id, code_hash)
);

-- session_owner is the account of a session; null when the session has ended, or its account has changed or is disabled.
-- +goose StatementBegin
CREATE FUNCTION session_owner(session_hash bytea) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT a.id FROM sessions s JOIN accounts a ON a.id = s.account_id
  WHERE s.token_hash = session_hash AND a.disabled_at_ms IS NULL AND (s.account_version IS NULL OR s.account_version = a.version)
$$;
-- +goose StatementEnd

-- factor_use uses a code up: the step of a code of the app, or else a recovery code. False: it was used before, or is unknown.
-- +goose StatementBegin
CREATE FUNCTION factor_use(owner uuid, step bigint, recovery_hash bytea) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF recovery_hash IS NOT NULL THEN
    DELETE FROM recovery_codes WHERE account_id = owner AND code_hash = recovery_hash;
  ELSE
    UPDATE factors SET last_step = step WHERE account_id = owner AND last_step < step;
  END IF;
  RETURN FOUND;
END $$;
-- +goose StatementEnd

-- factor_confirm_session notes that the owner of a session has shown a code.
-- +goose StatementBegin
CREATE FUNCTION factor_confirm_session(session_hash bytea, step bigint, recovery_hash bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF NOT factor_use(session_owner(session_hash), step, recovery_hash) THEN
    RETURN false;
  END IF;
  UPDATE sessions SET factor_at_ms = now_ms() WHERE token_hash = session_hash;
  RETURN FOUND;
END $$;
-- +goose StatementEnd

-- factor_set_own gives the owner of a session a second factor, whose first code was of first_step, and its recovery codes. If there
-- is a factor, a code of it is used up.
-- +goose StatementBegin
CREATE FUNCTION factor_set_own(session_hash bytea, secret bytea, first_step bigint, recovery_hashes bytea[], step bigint, recovery_hash bytea)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  owner uuid := session_owner(session_hash);
BEGIN
  IF EXISTS (SELECT FROM factors WHERE account_id = owner) THEN
    IF NOT factor_use(owner, step, recovery_hash) THEN
      RETURN false;
    END IF;
    DELETE FROM factors WHERE account_id = owner;
  END IF;
  INSERT INTO factors (account_id, secret, last_step)
  SELECT owner, factor_set_own.secret, first_step WHERE owner IS NOT NULL ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO recovery_codes (account_id, code_hash) SELECT owner, unnest(recovery_hashes);
  UPDATE sessions SET factor_at_ms = now_ms() WHERE token_hash = session_hash;
  INSERT INTO outbox (account_id, kind) SELECT owner, 'factor_changed' WHERE mail_is_sent();
  RETURN true;
END $$;
-- +goose StatementEnd

-- factor_remove_own takes the second factor from the owner of a session, who has shown a code.
-- +goose StatementBegin
CREATE FUNCTION factor_remove_own(session_hash bytea, step bigint, recovery_hash bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  owner uuid := session_owner(session_hash);
BEGIN
  IF NOT factor_use(owner, step, recovery_hash) THEN
    RETURN false;
  END IF;
  DELETE FROM factors WHERE account_id = owner;
  INSERT INTO outbox (account_id, kind) SELECT owner, 'factor_changed' WHERE mail_is_sent();
  RETURN true;
END $$;
-- +goose StatementEnd

-- recovery_codes_renew_own replaces the recovery codes of the owner of a session, who has shown a code.
-- +goose StatementBegin
CREATE FUNCTION recovery_codes_renew_own(session_hash bytea, recovery_hashes bytea[], step bigint, recovery_hash bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  owner uuid := session_owner(session_hash);
BEGIN
  IF NOT factor_use(owner, step, recovery_hash) THEN
    RETURN false;
  END IF;
  DELETE FROM recovery_codes WHERE account_id = owner;
  INSERT INTO recovery_codes (account_id, code_hash) SELECT owner, unnest(recovery_hashes);
  RETURN true;
END $$;
-- +goose StatementEnd

REVOKE EXECUTE ON FUNCTION session_owner, factor_use, factor_confirm_session, factor_set_own, factor_remove_own, recovery_codes_renew_own
  FROM PUBLIC;
-- A temporary table of the caller is not taken for one of these.
-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['factor_confirm_session', 'factor_set_own', 'factor_remove_own', 'recovery_codes_renew_own'] LOOP
    EXECUTE format('ALTER FUNCTION %I SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
END $$;
-- +goose StatementEnd
