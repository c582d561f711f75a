-- +goose Up

-- What docket serve does for people (it lets them in, changes what lets them in, or acts as an admin) goes through functions that
-- check a message authentication code (MAC). Its key is made of SESSION_KEY, so the role of docket serve alone, without
-- SESSION_KEY, can do none of it. The functions of before stay for the previous release; docs/role.sql grants them no more.

-- The keys of HMAC-SHA-256 as it uses them: 64 bytes, XORed with 0x36 and with 0x5c. Only the owner of the tables reads them. As
-- long as there is none, nothing is checked.
CREATE TABLE mac_keys (
  inner_pad   bytea  PRIMARY KEY CHECK (octet_length(inner_pad) = 64),
  outer_pad   bytea  NOT NULL CHECK (octet_length(outer_pad) = 64),
  added_at_ms bigint NOT NULL DEFAULT now_ms()
);
REVOKE ALL ON mac_keys FROM PUBLIC;

-- When the owner of a session last showed the password and, if there is one, a code of the second factor; null: not yet, or to the
-- previous release.
ALTER TABLE sessions ADD COLUMN confirmed_at_ms bigint;

-- +goose StatementBegin
-- mac_message is what a MAC is made of: the purpose, which has no zero byte, and each part after its length; null is a length of -1.
CREATE FUNCTION mac_message(purpose text, parts bytea[]) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT convert_to(purpose, 'UTF8') || '\x00' || coalesce(string_agg(coalesce(int4send(octet_length(p)) || p, int4send(-1)), '' ORDER BY n), '')
  FROM unnest(parts) WITH ORDINALITY AS each (p, n)
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- mac_known reports whether one of the keys made a MAC. Hashes are compared: how long that takes says nothing of the right MAC.
CREATE FUNCTION mac_known(mac bytea, message bytea) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(bool_or(sha256(outer_pad || mac) = sha256(outer_pad || sha256(outer_pad || sha256(inner_pad || message)))), false) FROM mac_keys
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- check_mac refuses a MAC that none of the keys made. The owner of the tables could read the keys, and needs none.
CREATE FUNCTION check_mac(mac bytea, purpose text, VARIADIC parts bytea[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT owner_calls() AND EXISTS (SELECT FROM mac_keys) AND NOT mac_known(mac, mac_message(purpose, parts)) THEN
    RAISE EXCEPTION 'the database does not know the SESSION_KEY of whoever asks for: %', purpose
      USING ERRCODE = 'insufficient_privilege', HINT = 'docket migrate session-key';
  END IF;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- mac_state says what is checked of a caller: "unchecked" without keys, "owner", "known", or "unknown" for a MAC by another key.
CREATE FUNCTION mac_state(mac bytea) RETURNS text LANGUAGE sql SECURITY DEFINER STABLE AS $$
  SELECT CASE WHEN owner_calls() THEN 'owner' WHEN NOT EXISTS (SELECT FROM mac_keys) THEN 'unchecked'
    WHEN mac_known(mac, mac_message('state', '{}')) THEN 'known' ELSE 'unknown' END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- session_begin adds a session of an account that was read at read_ms, and says what the session depends on. No row: the account has
-- changed since the version. What was read five minutes ago begins none: a MAC cannot be used again after the session has ended.
CREATE FUNCTION session_begin(new_hash bytea, owner uuid, version bigint, new_browser text, read_ms bigint, mac bytea,
  OUT must_change boolean, OUT factor boolean) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'session begin', new_hash, uuid_send(owner), int8send(version), convert_to(new_browser, 'UTF8'), int8send(read_ms));
  IF abs(now_ms() - read_ms) > 300000 THEN
    RETURN;
  END IF;
  factor := EXISTS (SELECT FROM factors f WHERE f.account_id = owner);
  INSERT INTO sessions (token_hash, account_id, account_version, browser, confirmed_at_ms)
  VALUES (new_hash, owner, version, new_browser, CASE WHEN NOT factor THEN now_ms() END);
  IF FOUND THEN
    RETURN QUERY SELECT a.must_change_password, session_begin.factor FROM accounts a
      WHERE a.id = owner AND a.version = session_begin.version AND a.disabled_at_ms IS NULL;
  END IF;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- session_renew gives a session another token. False: it has ended.
CREATE FUNCTION session_renew(session_hash bytea, renewed_hash bytea, mac bytea) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'session renew', session_hash, renewed_hash);
  UPDATE sessions SET token_hash = renewed_hash WHERE token_hash = session_hash;
  RETURN FOUND;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- session_confirm notes that the owner of a session has shown the password and, if there is a second factor, a code of it, which is
-- used up. False: the code was used before, or is missing.
CREATE FUNCTION session_confirm(session_hash bytea, step bigint, recovery_hash bytea, mac bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  owner uuid := session_owner(session_hash);
  with_code boolean := step IS NOT NULL OR recovery_hash IS NOT NULL;
BEGIN
  PERFORM check_mac(mac, 'session confirm', session_hash, int8send(step), recovery_hash);
  IF with_code AND NOT factor_use(owner, step, recovery_hash) OR NOT with_code AND EXISTS (SELECT FROM factors WHERE account_id = owner) THEN
    RETURN false;
  END IF;
  UPDATE sessions SET confirmed_at_ms = now_ms(), factor_at_ms = CASE WHEN with_code THEN now_ms() END WHERE token_hash = session_hash AND owner IS NOT NULL;
  RETURN FOUND;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION session_change_password(session_hash bytea, version bigint, new_hash text, mac bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'session change password', session_hash, int8send(version), convert_to(new_hash, 'UTF8'));
  RETURN account_change_own_password(session_hash, version, new_hash);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION session_set_factor(session_hash bytea, secret bytea, first_step bigint, recovery_hashes bytea[], step bigint, recovery_hash bytea, mac bytea)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'session set factor', session_hash, secret, int8send(first_step), mac_message('', recovery_hashes), int8send(step), recovery_hash);
  IF NOT factor_set_own(session_hash, secret, first_step, recovery_hashes, step, recovery_hash) THEN
    RETURN false;
  END IF;
  UPDATE sessions SET confirmed_at_ms = now_ms() WHERE token_hash = session_hash;
  RETURN FOUND;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION session_remove_factor(session_hash bytea, step bigint, recovery_hash bytea, mac bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'session remove factor', session_hash, int8send(step), recovery_hash);
  RETURN factor_remove_own(session_hash, step, recovery_hash);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION session_renew_recovery_codes(session_hash bytea, recovery_hashes bytea[], step bigint, recovery_hash bytea, mac bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'session renew recovery codes', session_hash, mac_message('', recovery_hashes), int8send(step), recovery_hash);
  RETURN recovery_codes_renew_own(session_hash, recovery_hashes, step, recovery_hash);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- link_add adds a link to an account. One that has expired is not added, so a MAC cannot be used again later.
CREATE FUNCTION link_add(new_hash bytea, owner uuid, new_kind text, new_password_hash text, expiry_ms bigint, mac bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'link add', new_hash, uuid_send(owner), convert_to(new_kind, 'UTF8'), convert_to(new_password_hash, 'UTF8'), int8send(expiry_ms));
  INSERT INTO account_links (token_hash, account_id, kind, password_hash, expires_at_ms)
  SELECT new_hash, owner, new_kind, new_password_hash, expiry_ms WHERE expiry_ms > now_ms();
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION link_confirm(link_hash bytea, mac bytea) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'link confirm', link_hash);
  RETURN account_confirm(link_hash);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION link_reset_password(link_hash bytea, new_hash text, mac bytea) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'link reset password', link_hash, convert_to(new_hash, 'UTF8'));
  RETURN account_reset_password(link_hash, new_hash);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION password_rehash(owner uuid, old text, new_hash text, mac bytea) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'password rehash', uuid_send(owner), convert_to(old, 'UTF8'), convert_to(new_hash, 'UTF8'));
  PERFORM account_rehash(owner, old, new_hash);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION tries_count(subjects bytea[], free integer[], forget_ms bigint[], mac bytea) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'tries count', mac_message('', subjects), convert_to(free::text, 'UTF8'), convert_to(forget_ms::text, 'UTF8'));
  RETURN count_try(subjects, free, forget_ms);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION tries_give_back(subjects bytea[], cleared bytea[], mac bytea) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'tries give back', mac_message('', subjects), mac_message('', cleared));
  PERFORM give_back_try(subjects, cleared);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- tries_sweep deletes the tries of which the last was a day ago.
CREATE FUNCTION tries_sweep() RETURNS void LANGUAGE sql SECURITY DEFINER AS $$
  DELETE FROM tries WHERE at_ms < now_ms() - 86400000
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- session_admin is the admin of a session that is complete and was neither too old nor idle for too long; null: there is none. With
-- fresh, the admin has shown the password, and a code if there is a second factor, in the last ten minutes.
CREATE FUNCTION session_admin(session_hash bytea, fresh boolean) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT a.id FROM sessions s JOIN accounts a ON a.id = s.account_id
  WHERE s.token_hash = session_hash AND a.id = session_owner(session_hash) AND a.role = 'admin' AND NOT a.must_change_password
    AND s.created_at_ms > now_ms() - 43200000 AND s.seen_at_ms > now_ms() - 1800000
    AND (s.factor_at_ms IS NOT NULL OR NOT EXISTS (SELECT FROM factors f WHERE f.account_id = a.id))
    AND (NOT fresh OR s.confirmed_at_ms > now_ms() - 600000)
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- erase_user_as_admin is erase_user by the admin of a session, who has confirmed it just now; outcome may also be: unconfirmed.
CREATE FUNCTION erase_user_as_admin(session_hash bytea, of_user text, for_reason text, mac bytea,
  OUT outcome text, OUT tickets_erased bigint, OUT files_erased bigint, OUT at_ms bigint)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  admin uuid := session_admin(session_hash, true);
BEGIN
  PERFORM check_mac(mac, 'erase user', session_hash, convert_to(of_user, 'UTF8'), convert_to(for_reason, 'UTF8'));
  IF admin IS NULL THEN
    outcome := 'unconfirmed';
    RETURN;
  END IF;
  SELECT * INTO outcome, tickets_erased, files_erased, at_ms FROM erase_user(of_user, 'agent:' || admin, for_reason);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION erase_tickets_due(candidates uuid[], by_actor text, for_reason text, mac bytea) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'erase tickets', convert_to(candidates::text, 'UTF8'), convert_to(by_actor, 'UTF8'), convert_to(for_reason, 'UTF8'));
  RETURN erase_tickets(candidates, by_actor, for_reason);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- hold_add begins a hold on a user by the admin of a session; one that exists keeps its actor and time, and gets the new reason. It
-- waits for an erasure of that user. No row: there is no such admin.
CREATE FUNCTION hold_add(session_hash bytea, of_user text, for_reason text, mac bytea) RETURNS SETOF holds
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  admin uuid := session_admin(session_hash, false);
BEGIN
  PERFORM check_mac(mac, 'hold add', session_hash, convert_to(of_user, 'UTF8'), convert_to(for_reason, 'UTF8'));
  IF admin IS NOT NULL THEN
    PERFORM pg_advisory_xact_lock(user_lock(of_user));
    RETURN QUERY INSERT INTO holds AS h (user_id, actor, reason) VALUES (of_user, 'agent:' || admin, for_reason)
      ON CONFLICT (user_id) DO UPDATE SET reason = excluded.reason RETURNING h.*;
  END IF;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- hold_remove ends a hold by the admin of a session. held_since_ms names the hold, so that a MAC ends no later one. False: there is no
-- such hold, or no such admin.
CREATE FUNCTION hold_remove(session_hash bytea, of_user text, held_since_ms bigint, mac bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'hold remove', session_hash, convert_to(of_user, 'UTF8'), int8send(held_since_ms));
  DELETE FROM holds WHERE user_id = of_user AND at_ms = held_since_ms AND session_admin(session_hash, false) IS NOT NULL;
  RETURN FOUND;
END $$;
-- +goose StatementEnd

REVOKE EXECUTE ON FUNCTION mac_known, check_mac, session_admin FROM PUBLIC;
-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['mac_state', 'session_begin', 'session_renew', 'session_confirm', 'session_change_password', 'session_set_factor',
    'session_remove_factor', 'session_renew_recovery_codes', 'link_add', 'link_confirm', 'link_reset_password', 'password_rehash', 'tries_count',
    'tries_give_back', 'tries_sweep', 'erase_user_as_admin', 'erase_tickets_due', 'hold_add', 'hold_remove'] LOOP
    EXECUTE format('ALTER FUNCTION %I SET search_path = %I, pg_temp', name, current_schema());
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %I FROM PUBLIC', name);
  END LOOP;
END $$;
-- +goose StatementEnd
