-- +goose Up

-- Accounts whose owners sign in at an OpenID Connect provider. The issuer and the subject tell who they are, never the address.
CREATE TABLE provider_identities (
  issuer        text   NOT NULL CHECK (char_length(issuer) BETWEEN 1 AND 500),
  subject       text   NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 255),
  account_id    uuid   NOT NULL UNIQUE REFERENCES accounts (id) ON DELETE CASCADE,
  user_id       text   UNIQUE CHECK (char_length(user_id) BETWEEN 1 AND 128), -- of their tickets; null: the id of the account
  created_at_ms bigint NOT NULL DEFAULT now_ms(),
  PRIMARY KEY (issuer, subject)
);

-- provider_session is the provider's name of the session, empty where it gives none; null: the session began with a password. id_token
-- is what the provider gets back at sign-out, encrypted with a key of SESSION_KEY.
ALTER TABLE sessions ADD COLUMN provider_session text, ADD COLUMN id_token bytea;

-- +goose StatementBegin
-- provider_sign_in finds the account of somebody who has signed in at a provider, or adds it, and gives it the role, the address and the
-- teams that the provider says; null teams stay. read_ms is when docket asked for the time: what was read five minutes ago changes
-- nothing, so a MAC cannot give a role back later. Outcome: done; or no_access for an empty role, which ends the sessions of the
-- account; disabled; email_taken or user_taken, when another account has the address or the user; stale. former_role is empty for a
-- new account.
CREATE FUNCTION provider_sign_in(of_issuer text, of_subject text, new_id uuid, new_email text, new_user text, new_role text, new_teams text[], read_ms bigint, mac bytea,
  OUT outcome text, OUT owner uuid, OUT former_role text)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  found accounts%ROWTYPE;
BEGIN
  PERFORM check_mac(mac, 'provider sign in', convert_to(of_issuer, 'UTF8'), convert_to(of_subject, 'UTF8'), uuid_send(new_id), convert_to(new_email, 'UTF8'),
    convert_to(new_user, 'UTF8'), convert_to(new_role, 'UTF8'), convert_to(array_to_string(new_teams, ' '), 'UTF8'), int8send(read_ms));
  former_role := '';
  IF abs(now_ms() - read_ms) > 300000 THEN
    outcome := 'stale';
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('docket provider identity ' || of_issuer), hashtext(of_subject));
  SELECT a.* INTO found FROM provider_identities i JOIN accounts a ON a.id = i.account_id WHERE i.issuer = of_issuer AND i.subject = of_subject FOR NO KEY UPDATE OF a;
  owner := found.id;
  IF new_role = '' THEN
    outcome := 'no_access';
    UPDATE accounts SET version = version + 1 WHERE id = owner;
    DELETE FROM sessions WHERE account_id = owner;
    RETURN;
  ELSIF found.disabled_at_ms IS NOT NULL THEN
    outcome := 'disabled';
    RETURN;
  ELSIF owner IS NULL THEN
    IF EXISTS (SELECT FROM provider_identities i WHERE i.user_id = new_user) OR EXISTS (SELECT FROM accounts a
      WHERE a.id = CASE WHEN new_user ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN new_user::uuid END) THEN
      outcome := 'user_taken';
      RETURN;
    END IF;
    INSERT INTO accounts (id, email, role, password_hash) VALUES (new_id, new_email, new_role, '') ON CONFLICT DO NOTHING RETURNING id INTO owner;
    IF owner IS NULL THEN
      outcome := 'email_taken';
      RETURN;
    END IF;
    INSERT INTO provider_identities (issuer, subject, account_id, user_id) VALUES (of_issuer, of_subject, owner, new_user);
  ELSE
    former_role := found.role;
    IF found.role <> new_role THEN
      UPDATE accounts SET role = new_role, version = version + 1 WHERE id = owner; -- a trigger ends every session
    END IF;
    UPDATE accounts SET email = new_email WHERE id = owner AND email <> new_email AND NOT EXISTS (SELECT FROM accounts o WHERE o.email = new_email);
  END IF;
  IF new_teams IS NOT NULL THEN
    DELETE FROM team_members m WHERE m.account_id = owner AND m.team <> ALL (new_teams);
    INSERT INTO team_members (account_id, team) SELECT owner, t FROM unnest(new_teams) t ON CONFLICT DO NOTHING;
  END IF;
  outcome := 'done';
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- session_begin_at_provider is session_begin for the owner of an identity. No code of docket's own second factor is asked: what the
-- provider asks is enough. confirmed: the owner has signed in there just now, not by a session that they had.
CREATE FUNCTION session_begin_at_provider(new_hash bytea, owner uuid, version bigint, new_browser text, read_ms bigint, new_session text, new_id_token bytea,
  confirmed boolean, mac bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'session begin at provider', new_hash, uuid_send(owner), int8send(version), convert_to(new_browser, 'UTF8'), int8send(read_ms),
    convert_to(new_session, 'UTF8'), new_id_token, boolsend(confirmed));
  IF abs(now_ms() - read_ms) > 300000 OR NOT EXISTS (SELECT FROM provider_identities i WHERE i.account_id = owner) THEN
    RETURN false;
  END IF;
  INSERT INTO sessions (token_hash, account_id, account_version, browser, confirmed_at_ms, factor_at_ms, provider_session, id_token)
  VALUES (new_hash, owner, version, new_browser, CASE WHEN confirmed THEN now_ms() END, now_ms(), new_session, new_id_token);
  RETURN EXISTS (SELECT FROM accounts a WHERE a.id = owner AND a.version = session_begin_at_provider.version AND a.disabled_at_ms IS NULL);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- account_invite as it was; an account whose owner signs in at a provider has no password, and is not invited.
CREATE OR REPLACE FUNCTION account_invite(session_hash bytea, new_id uuid, new_email text, new_role text, link_hash bytea, expiry_ms bigint, mac bytea,
  OUT outcome text, OUT owner uuid)
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'account invite', session_hash, uuid_send(new_id), convert_to(new_email, 'UTF8'), convert_to(new_role, 'UTF8'), link_hash, int8send(expiry_ms));
  IF session_admin(session_hash, true) IS NULL THEN
    outcome := 'unconfirmed';
    RETURN;
  END IF;
  INSERT INTO accounts AS a (id, email, role, password_hash) VALUES (new_id, new_email, new_role, '')
  ON CONFLICT (email) DO UPDATE SET role = excluded.role, version = a.version + 1
  WHERE a.password_hash = '' AND a.disabled_at_ms IS NULL AND NOT EXISTS (SELECT FROM provider_identities i WHERE i.account_id = a.id)
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
-- tickets_mail as it was; the owner of a ticket may be known by the user that a provider says.
CREATE OR REPLACE FUNCTION tickets_mail() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  owner uuid;
BEGIN
  IF NOT mail_is_sent() THEN
    RETURN NULL;
  END IF;
  SELECT a.id INTO owner FROM accounts a
  WHERE a.id = coalesce((SELECT i.account_id FROM provider_identities i WHERE i.user_id = NEW.user_id),
    CASE WHEN NEW.user_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN NEW.user_id::uuid END);
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM outbox WHERE account_id = owner AND ticket_id = NEW.id AND kind IN ('received', 'approved') AND attempts = 0;
  END IF;
  INSERT INTO outbox (account_id, kind, ticket_id)
  VALUES (owner, CASE NEW.status WHEN 'processing' THEN 'received' ELSE NEW.status END, NEW.id);
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- erase_user as it was; the account of a user may be known by the user that a provider says.
CREATE OR REPLACE FUNCTION erase_user(of_user text, by_actor text, for_reason text,
  OUT outcome text, OUT tickets_erased bigint, OUT files_erased bigint, OUT at_ms bigint)
LANGUAGE plpgsql SECURITY DEFINER SET docket.erasing = 'on' AS $$
DECLARE
  account uuid;
  account_role text;
  closing uuid[];
  loose uuid[];
  removed bigint;
  drafts_erased bigint;
  notes_erased bigint;
BEGIN
  PERFORM check_eraser(by_actor);
  PERFORM pg_advisory_xact_lock(user_lock(of_user));
  tickets_erased := 0;
  files_erased := 0;
  SELECT max(e.at_ms) INTO at_ms FROM erasures e WHERE e.user_id = of_user;
  SELECT a.id, a.role INTO account, account_role FROM provider_identities i JOIN accounts a ON a.id = i.account_id WHERE i.user_id = of_user;
  IF account IS NULL AND of_user ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
    SELECT a.id, a.role INTO account, account_role FROM accounts a
    WHERE a.id = of_user::uuid AND NOT EXISTS (SELECT FROM provider_identities i WHERE i.account_id = a.id AND i.user_id IS NOT NULL);
  END IF;
  outcome := CASE WHEN EXISTS (SELECT FROM holds h WHERE h.user_id = of_user) THEN 'held' WHEN account_role <> 'customer' THEN 'staff' END;
  IF outcome IS NOT NULL THEN
    RETURN;
  END IF;

  SELECT array_agg(t.id) INTO closing FROM (
    SELECT id FROM tickets WHERE user_id = of_user AND erased_at_ms IS NULL ORDER BY id FOR UPDATE
  ) t;
  DELETE FROM claims WHERE ticket_id = ANY (closing);
  UPDATE tickets SET status = 'withdrawn', version = version + 1, updated_at_ms = greatest(now_ms(), created_at_ms)
  WHERE id = ANY (closing) AND status = 'processing';
  DELETE FROM user_tickets WHERE user_id = of_user RETURNING updated_at_ms INTO removed;
  IF removed IS NOT NULL THEN
    INSERT INTO latest_removed AS l (user_id, version) VALUES (of_user, removed)
    ON CONFLICT (user_id) DO UPDATE SET version = excluded.version, at_ms = excluded.at_ms;
  END IF;
  tickets_erased := coalesce(cardinality(closing), 0);
  files_erased := erase_content(closing, by_actor, for_reason);
  UPDATE reopenings SET note = '-' WHERE user_id = of_user AND note <> '-';
  GET DIAGNOSTICS notes_erased = ROW_COUNT;

  SELECT array_agg(f.id) INTO loose FROM (
    SELECT id FROM files WHERE user_id = of_user AND sha256 <> '' ORDER BY id FOR UPDATE
  ) f;
  files_erased := files_erased + erase_files(loose);
  DELETE FROM drafts WHERE user_id = of_user;
  GET DIAGNOSTICS drafts_erased = ROW_COUNT;
  DELETE FROM accounts WHERE id = account AND role = 'customer'; -- after the tickets, as a decision writes to the outbox

  IF tickets_erased + files_erased + drafts_erased + notes_erased = 0 AND account IS NULL THEN
    outcome := CASE WHEN at_ms IS NULL THEN 'unknown' ELSE 'nothing' END;
    RETURN;
  END IF;
  INSERT INTO erasures AS e (user_id, actor, reason, had_account, tickets, files)
  VALUES (of_user, by_actor, for_reason, account IS NOT NULL, tickets_erased, files_erased)
  RETURNING e.at_ms INTO at_ms;
  PERFORM pg_notify('docket_change', of_user), pg_notify('docket_erased', of_user);
  outcome := 'erased';
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['provider_sign_in', 'session_begin_at_provider', 'account_invite', 'tickets_mail', 'erase_user'] LOOP
    EXECUTE format('ALTER FUNCTION %I SECURITY DEFINER SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
  REVOKE EXECUTE ON FUNCTION provider_sign_in, session_begin_at_provider FROM PUBLIC;
END $$;
-- +goose StatementEnd

-- The provider may do what the audit records.
ALTER TABLE audit DROP CONSTRAINT audit_actor_check;
ALTER TABLE audit ADD CONSTRAINT audit_actor_check CHECK (actor ~ '^((agent|user|key|rule):.|cli$|anonymous$|provider$)') NOT VALID;
