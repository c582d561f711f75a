-- +goose Up

-- factor_set_own as it was; every other session of the owner has to show a code of the new factor, also one that has shown a code of
-- the factor of before: that may be in other hands.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION factor_set_own(session_hash bytea, secret bytea, first_step bigint, recovery_hashes bytea[], step bigint, recovery_hash bytea)
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
  UPDATE sessions SET factor_at_ms = CASE WHEN token_hash = session_hash THEN now_ms() END WHERE account_id = owner;
  INSERT INTO outbox (account_id, kind) SELECT owner, 'factor_changed' WHERE mail_is_sent();
  RETURN true;
END $$;
-- +goose StatementEnd

-- A temporary table of the caller is not taken for one of these.
-- +goose StatementBegin
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION factor_set_own SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
