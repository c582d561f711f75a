-- +goose Up

-- An account whose address is not confirmed cannot sign in: somebody may have typed the address of another person. language is
-- that of the pages that its owner read last; empty: not known. Accounts of before, and those of the previous release, are
-- confirmed.
ALTER TABLE accounts
  ADD COLUMN confirmed boolean NOT NULL DEFAULT true,
  ADD COLUMN language  text    NOT NULL DEFAULT '';

-- E-mails that wait to be sent. A row is written with the change that it is about, and deleted when it was sent. The address and
-- the text are made when it is sent. password_hash is that of a sign-up: the link in its e-mail confirms this one.
CREATE TABLE outbox (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id    uuid   NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  kind          text   NOT NULL CHECK (kind IN ('received', 'approved', 'rejected', 'confirm', 'taken', 'reset', 'new_device', 'password_changed', 'factor_changed')),
  ticket_id     uuid,
  password_hash text,
  attempts      integer NOT NULL DEFAULT 0,
  next_at_ms    bigint NOT NULL DEFAULT now_ms(),
  created_at_ms bigint NOT NULL DEFAULT now_ms()
);
CREATE INDEX outbox_next ON outbox (next_at_ms);
CREATE INDEX outbox_account ON outbox (account_id);

-- Until when some instance sends e-mail: after that no row is added to the outbox that nobody would send.
CREATE TABLE mail_senders (
  one      boolean PRIMARY KEY DEFAULT true CHECK (one),
  until_ms bigint  NOT NULL
);

-- Links in e-mails: the browser has a random token, this its SHA-256.
CREATE TABLE account_links (
  token_hash    bytea  PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  account_id    uuid   NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  kind          text   NOT NULL CHECK (kind IN ('confirm', 'reset')),
  password_hash text,
  expires_at_ms bigint NOT NULL
);
CREATE INDEX account_links_account ON account_links (account_id);

-- How often e-mails were asked for by people who are not signed in, in the hour from since_ms on. The key is a keyed hash of an
-- address or of a network.
CREATE TABLE mail_requests (
  key      bytea   PRIMARY KEY,
  requests integer NOT NULL,
  since_ms bigint  NOT NULL
);
CREATE INDEX mail_requests_since ON mail_requests (since_ms);

-- +goose StatementBegin
CREATE FUNCTION mail_is_sent() RETURNS boolean LANGUAGE sql VOLATILE AS $$
  SELECT EXISTS (SELECT FROM mail_senders WHERE until_ms > now_ms())
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- tickets_mail tells the owner of a ticket that it was received or decided. A decision that comes before "received" was sent
-- replaces it.
CREATE FUNCTION tickets_mail() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  owner uuid;
BEGIN
  IF NOT mail_is_sent() THEN
    RETURN NULL;
  END IF;
  SELECT a.id INTO owner FROM accounts a
  WHERE a.id = CASE WHEN NEW.user_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN NEW.user_id::uuid END;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM outbox WHERE account_id = owner AND ticket_id = NEW.id AND kind = 'received' AND attempts = 0;
  END IF;
  INSERT INTO outbox (account_id, kind, ticket_id)
  VALUES (owner, CASE NEW.status WHEN 'processing' THEN 'received' ELSE NEW.status END, NEW.id);
  RETURN NULL;
END $$;
-- +goose StatementEnd
-- Tickets that other systems submit are not of accounts: for them the condition is all that is run.
CREATE TRIGGER tickets_mail_received AFTER INSERT ON tickets FOR EACH ROW
  WHEN (NEW.submitted_by = 'user:' || NEW.user_id AND NEW.status = 'processing') EXECUTE FUNCTION tickets_mail();
CREATE TRIGGER tickets_mail_decided AFTER UPDATE OF status ON tickets FOR EACH ROW
  WHEN (NEW.submitted_by = 'user:' || NEW.user_id AND NEW.status <> OLD.status AND NEW.status IN ('approved', 'rejected'))
  EXECUTE FUNCTION tickets_mail();

-- +goose StatementBegin
-- accounts_mail ends the links of an account whose password has changed, and tells its owner.
CREATE FUNCTION accounts_mail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM account_links WHERE account_id = NEW.id;
  IF NEW.email = OLD.email AND mail_is_sent() THEN
    INSERT INTO outbox (account_id, kind) VALUES (NEW.id, 'password_changed');
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
-- A password that is only hashed anew does not change the version.
CREATE TRIGGER accounts_mail AFTER UPDATE OF password_hash ON accounts FOR EACH ROW
  WHEN (OLD.confirmed AND NEW.password_hash <> OLD.password_hash AND NEW.version <> OLD.version) EXECUTE FUNCTION accounts_mail();

-- +goose StatementBegin
CREATE FUNCTION sessions_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM accounts WHERE id = NEW.account_id AND NOT confirmed) THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
-- The previous release does not know that an address is to be confirmed: the session that it adds is left out.
CREATE TRIGGER sessions_confirmed BEFORE INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION sessions_confirmed();

-- +goose StatementBegin
-- account_sign_up adds a customer's account that is not confirmed, or gives the one that nobody has confirmed a new password,
-- and has a link sent that confirms this password. An address that has an account is told so by e-mail.
CREATE FUNCTION account_sign_up(new_id uuid, new_email text, new_hash text, new_language text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  owner uuid;
BEGIN
  INSERT INTO accounts AS a (id, email, role, password_hash, confirmed, language)
  VALUES (new_id, new_email, 'customer', new_hash, false, new_language)
  ON CONFLICT (email) DO UPDATE
  SET password_hash = excluded.password_hash, language = excluded.language, version = a.version + 1
  WHERE NOT a.confirmed AND a.disabled_at_ms IS NULL
  RETURNING a.id INTO owner;
  IF FOUND THEN
    INSERT INTO outbox (account_id, kind, password_hash) VALUES (owner, 'confirm', new_hash);
  ELSE
    INSERT INTO outbox (account_id, kind) SELECT a.id, 'taken' FROM accounts a WHERE a.email = new_email AND a.disabled_at_ms IS NULL;
  END IF;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- account_confirm confirms the address of the account that a link was sent to, with the password of that sign-up. It may be
-- called twice. False: there is no such link, or it has expired.
CREATE FUNCTION account_confirm(link_hash bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  link account_links%ROWTYPE;
BEGIN
  SELECT l.* INTO link FROM account_links l WHERE l.token_hash = link_hash AND l.kind = 'confirm' AND l.expires_at_ms > now_ms();
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE accounts a SET confirmed = true, password_hash = coalesce(link.password_hash, a.password_hash),
    version = a.version + 1
  WHERE a.id = link.account_id AND NOT a.confirmed;
  DELETE FROM account_links l WHERE l.account_id = link.account_id AND l.kind = 'confirm' AND l.token_hash <> link_hash;
  RETURN true;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- account_reset_password gives the account that a link was sent to a new password, once. Its address is then confirmed. False:
-- there is no such link, it was used, it has expired, or the account is disabled.
CREATE FUNCTION account_reset_password(link_hash bytea, new_hash text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  owner uuid;
BEGIN
  DELETE FROM account_links l WHERE l.token_hash = link_hash AND l.kind = 'reset' AND l.expires_at_ms > now_ms()
  RETURNING l.account_id INTO owner;
  UPDATE accounts a SET password_hash = new_hash, must_change_password = false, confirmed = true, version = a.version + 1
  WHERE a.id = owner AND a.disabled_at_ms IS NULL;
  RETURN FOUND;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- mail_sweep deletes links, e-mails and counts that have expired, and accounts that nobody has confirmed for a week.
CREATE FUNCTION mail_sweep() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  DELETE FROM account_links WHERE expires_at_ms < now_ms();
  DELETE FROM outbox WHERE created_at_ms < now_ms() - 172800000;
  DELETE FROM mail_requests WHERE since_ms < now_ms() - 3600000;
  DELETE FROM accounts WHERE NOT confirmed AND created_at_ms < now_ms() - 604800000;
END $$;
-- +goose StatementEnd

REVOKE EXECUTE ON FUNCTION account_sign_up, account_confirm, account_reset_password, mail_sweep FROM PUBLIC;
-- A temporary table of the caller is not taken for one of these.
-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['account_sign_up', 'account_confirm', 'account_reset_password', 'mail_sweep'] LOOP
    EXECUTE format('ALTER FUNCTION %I SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
END $$;
-- +goose StatementEnd
