-- +goose Up

-- invited: the owner of a new account gets a link that sets its first password.
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check
  CHECK (kind IN ('received', 'approved', 'rejected', 'confirm', 'taken', 'reset', 'new_device', 'password_changed', 'factor_changed', 'invited')) NOT VALID;

-- Each of these is for the admin of a session, who has confirmed it in the last ten minutes, and takes a MAC of the instance that asks.
-- outcome is done, or unconfirmed, or what else it says.

-- +goose StatementBegin
-- account_invite adds an account without a password, and a link that sets one until expiry_ms; without a hash of the link, the link is
-- made when its e-mail is sent. An account that still has no password is invited again. Outcome: taken, if the address has an account.
CREATE FUNCTION account_invite(session_hash bytea, new_id uuid, new_email text, new_role text, link_hash bytea, expiry_ms bigint, mac bytea,
  OUT outcome text, OUT owner uuid)
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'account invite', session_hash, uuid_send(new_id), convert_to(new_email, 'UTF8'), convert_to(new_role, 'UTF8'), link_hash, int8send(expiry_ms));
  IF session_admin(session_hash, true) IS NULL THEN
    outcome := 'unconfirmed';
    RETURN;
  END IF;
  INSERT INTO accounts AS a (id, email, role, password_hash) VALUES (new_id, new_email, new_role, '')
  ON CONFLICT (email) DO UPDATE SET role = excluded.role, version = a.version + 1 WHERE a.password_hash = '' AND a.disabled_at_ms IS NULL
  RETURNING a.id INTO owner;
  IF NOT FOUND THEN
    outcome := 'taken';
    RETURN;
  END IF;
  DELETE FROM account_links l WHERE l.account_id = owner;
  IF link_hash IS NULL THEN
    INSERT INTO outbox (account_id, kind) VALUES (owner, 'invited');
  ELSE
    INSERT INTO account_links (token_hash, account_id, kind, expires_at_ms) VALUES (link_hash, owner, 'reset', expiry_ms);
  END IF;
  outcome := 'done';
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- account_change changes another account, whose version is the one that the admin has seen: it gives it a role, disables or enables it,
-- takes its second factor, or ends its sessions. Outcome: self, unknown, changed for another version, or not_confirmed for an address
-- that nobody has confirmed. Admins wait for each other here: one of them is left.
CREATE FUNCTION account_change(session_hash bytea, other uuid, seen_version bigint, change text, mac bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  admin uuid;
  target accounts%ROWTYPE;
BEGIN
  PERFORM check_mac(mac, 'account change', session_hash, uuid_send(other), int8send(seen_version), convert_to(change, 'UTF8'));
  PERFORM FROM accounts a WHERE a.role = 'admin' OR a.id = other ORDER BY a.id FOR NO KEY UPDATE;
  admin := session_admin(session_hash, true);
  SELECT a.* INTO target FROM accounts a WHERE a.id = other;
  IF admin IS NULL THEN
    RETURN 'unconfirmed';
  ELSIF admin = other THEN
    RETURN 'self';
  ELSIF target.id IS NULL THEN
    RETURN 'unknown';
  ELSIF target.version <> seen_version THEN
    RETURN 'changed';
  ELSIF change IN ('agent', 'admin') AND NOT target.confirmed THEN
    RETURN 'not_confirmed';
  END IF;
  CASE change
    WHEN 'customer', 'agent', 'admin' THEN
      UPDATE accounts SET role = change WHERE id = other;
    WHEN 'disable' THEN
      UPDATE accounts SET disabled_at_ms = coalesce(disabled_at_ms, now_ms()) WHERE id = other;
    WHEN 'enable' THEN
      UPDATE accounts SET disabled_at_ms = NULL WHERE id = other;
    WHEN 'factor_off' THEN
      DELETE FROM factors WHERE account_id = other;
      INSERT INTO outbox (account_id, kind) SELECT other, 'factor_changed' WHERE FOUND AND mail_is_sent();
    WHEN 'sign_out' THEN
      NULL; -- as all of them do
  END CASE;
  UPDATE accounts SET version = version + 1 WHERE id = other;
  DELETE FROM sessions WHERE account_id = other;
  RETURN 'done';
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- key_add adds a key. Outcome: taken, if a key has the name.
CREATE FUNCTION key_add(session_hash bytea, new_id uuid, new_name text, new_hash bytea, new_scopes text[], expiry_ms bigint, new_not_own boolean, mac bytea)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'key add', session_hash, uuid_send(new_id), convert_to(new_name, 'UTF8'), new_hash, convert_to(array_to_string(new_scopes, ' '), 'UTF8'),
    int8send(expiry_ms), boolsend(new_not_own));
  IF session_admin(session_hash, true) IS NULL THEN
    RETURN 'unconfirmed';
  END IF;
  INSERT INTO api_keys (id, name, key_hash, scopes, expires_at_ms, not_own) VALUES (new_id, new_name, new_hash, new_scopes, expiry_ms, new_not_own)
  ON CONFLICT (name) DO NOTHING;
  RETURN CASE WHEN FOUND THEN 'done' ELSE 'taken' END;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- key_revoke ends a key; a second time it changes nothing. Outcome: unknown.
CREATE FUNCTION key_revoke(session_hash bytea, key_id uuid, mac bytea) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'key revoke', session_hash, uuid_send(key_id));
  IF session_admin(session_hash, true) IS NULL THEN
    RETURN 'unconfirmed';
  END IF;
  UPDATE api_keys SET revoked_at_ms = coalesce(revoked_at_ms, now_ms()) WHERE id = key_id;
  RETURN CASE WHEN FOUND THEN 'done' ELSE 'unknown' END;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['account_invite', 'account_change', 'key_add', 'key_revoke'] LOOP
    EXECUTE format('ALTER FUNCTION %I SET search_path = %I, pg_temp', name, current_schema());
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %I FROM PUBLIC', name);
  END LOOP;
END $$;
-- +goose StatementEnd
