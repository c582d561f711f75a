-- +goose Up

-- +goose StatementBegin
-- now_ms is the one clock of docket: the primary's, in Unix milliseconds.
CREATE FUNCTION now_ms() RETURNS bigint LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint
$$;
-- +goose StatementEnd

CREATE TABLE tickets (
  id              uuid   PRIMARY KEY,
  user_id         text   NOT NULL CHECK (char_length(user_id) BETWEEN 1 AND 128),
  status          text   NOT NULL CHECK (status IN ('processing', 'approved', 'rejected', 'withdrawn')),
  version         bigint NOT NULL DEFAULT 1 CHECK (version > 0),
  extra           jsonb  NOT NULL CHECK (jsonb_typeof(extra) = 'object'),
  form_version    text   NOT NULL DEFAULT '',
  one_open        boolean NOT NULL DEFAULT true,
  submitted_by    text   NOT NULL DEFAULT 'key:import' CHECK (submitted_by ~ '^(user|key):.'),
  submission_key  text   NOT NULL DEFAULT gen_random_uuid()::text CHECK (char_length(submission_key) BETWEEN 1 AND 255),
  submission_hash bytea  NOT NULL DEFAULT '',
  decided_by      text   CHECK (decided_by ~ '^(agent|rule|key):.'),
  decided_at_ms   bigint,
  reject_reason   text   CHECK (reject_reason <> ''),
  reject_comment  text,
  note            text,
  created_at_ms   bigint NOT NULL DEFAULT now_ms(),
  updated_at_ms   bigint NOT NULL DEFAULT now_ms() CHECK (updated_at_ms >= created_at_ms),
  CONSTRAINT tickets_decision CHECK (
    CASE status
      WHEN 'approved' THEN decided_by IS NOT NULL AND decided_at_ms IS NOT NULL AND reject_reason IS NULL AND reject_comment IS NULL
      WHEN 'rejected' THEN decided_by IS NOT NULL AND decided_at_ms IS NOT NULL AND reject_reason IS NOT NULL AND reject_comment IS NOT NULL
      ELSE decided_by IS NULL AND decided_at_ms IS NULL AND reject_reason IS NULL AND reject_comment IS NULL AND note IS NULL
    END
  )
);

-- A repeated submission finds the ticket that the first one made.
CREATE UNIQUE INDEX tickets_submission ON tickets (submitted_by, submission_key);
-- Where the form allows one open ticket for each user, the second cannot be inserted.
CREATE UNIQUE INDEX tickets_one_open ON tickets (user_id) WHERE status = 'processing' AND one_open;
CREATE INDEX tickets_user ON tickets (user_id, created_at_ms, id);
CREATE INDEX tickets_status ON tickets (status, created_at_ms, id);
CREATE INDEX tickets_created ON tickets (created_at_ms, id);
CREATE INDEX tickets_updated ON tickets (updated_at_ms);

CREATE TABLE user_tickets (
  user_id       text   PRIMARY KEY CHECK (char_length(user_id) BETWEEN 1 AND 128),
  ticket_id     uuid   NOT NULL REFERENCES tickets (id),
  extra         jsonb  NOT NULL,
  decided_by    text   NOT NULL,
  created_at_ms bigint NOT NULL,
  updated_at_ms bigint NOT NULL
);
CREATE INDEX user_tickets_ticket ON user_tickets (ticket_id);
CREATE INDEX user_tickets_created ON user_tickets (created_at_ms);
CREATE INDEX user_tickets_updated ON user_tickets (updated_at_ms);

CREATE TABLE ticket_events (
  ticket_id uuid   NOT NULL REFERENCES tickets (id),
  version   bigint NOT NULL,
  kind      text   NOT NULL CHECK (kind IN ('submitted', 'approved', 'rejected', 'withdrawn')),
  actor     text   NOT NULL,
  at_ms     bigint NOT NULL,
  reason    text,
  comment   text,
  note      text,
  PRIMARY KEY (ticket_id, version)
);

-- +goose StatementBegin
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is not allowed: history is only ever added to', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- tickets_guard lets a ticket change only from open to closed, one version at a time, and never what was submitted.
CREATE FUNCTION tickets_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'processing' THEN
    RAISE EXCEPTION 'ticket % is closed and cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.version <> OLD.version + 1 OR NEW.status = 'processing' THEN
    RAISE EXCEPTION 'ticket % changes by one version, from open to closed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.id, NEW.user_id, NEW.extra, NEW.form_version, NEW.one_open, NEW.submitted_by, NEW.submission_key, NEW.submission_hash, NEW.created_at_ms)
     IS DISTINCT FROM
     (OLD.id, OLD.user_id, OLD.extra, OLD.form_version, OLD.one_open, OLD.submitted_by, OLD.submission_key, OLD.submission_hash, OLD.created_at_ms) THEN
    RAISE EXCEPTION 'what was submitted with ticket % cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- tickets_history writes the event of every change, so that no change can be without one.
CREATE FUNCTION tickets_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.version > 1 THEN -- a closed ticket from elsewhere: it was submitted before it was closed
    INSERT INTO ticket_events (ticket_id, version, kind, actor, at_ms)
    VALUES (NEW.id, NEW.version - 1, 'submitted', NEW.submitted_by, NEW.created_at_ms);
  END IF;
  INSERT INTO ticket_events (ticket_id, version, kind, actor, at_ms, reason, comment, note)
  VALUES (NEW.id, NEW.version,
    CASE NEW.status WHEN 'processing' THEN 'submitted' ELSE NEW.status END,
    CASE NEW.status WHEN 'processing' THEN NEW.submitted_by WHEN 'withdrawn' THEN 'user:' || NEW.user_id ELSE NEW.decided_by END,
    NEW.updated_at_ms, NEW.reject_reason, NEW.reject_comment, NEW.note);
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- user_tickets_guard keeps the pointer on a ticket of that user that is approved, and moving forward in time.
CREATE FUNCTION user_tickets_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.user_id <> OLD.user_id OR NEW.updated_at_ms <= OLD.updated_at_ms) THEN
    RAISE EXCEPTION 'the latest approval of a user only moves forward' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  PERFORM 1 FROM tickets
  WHERE id = NEW.ticket_id AND user_id = NEW.user_id AND status = 'approved' AND updated_at_ms = NEW.updated_at_ms;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'user_tickets points at ticket %, which is not an approved one of that user', NEW.ticket_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- tickets_latest refuses an approval that did not become, or was not overtaken as, its user's latest.
CREATE FUNCTION tickets_latest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM user_tickets WHERE user_id = NEW.user_id AND updated_at_ms >= NEW.updated_at_ms;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'ticket % is approved but user_tickets does not know', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER tickets_guard BEFORE UPDATE ON tickets FOR EACH ROW EXECUTE FUNCTION tickets_guard();
CREATE TRIGGER tickets_history AFTER INSERT OR UPDATE ON tickets FOR EACH ROW EXECUTE FUNCTION tickets_history();
CREATE CONSTRAINT TRIGGER tickets_latest AFTER INSERT OR UPDATE ON tickets DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.status = 'approved') EXECUTE FUNCTION tickets_latest();
CREATE TRIGGER tickets_keep BEFORE DELETE ON tickets FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER tickets_keep_all BEFORE TRUNCATE ON tickets FOR EACH STATEMENT EXECUTE FUNCTION refuse();

CREATE CONSTRAINT TRIGGER user_tickets_guard AFTER INSERT OR UPDATE ON user_tickets DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION user_tickets_guard();
CREATE TRIGGER user_tickets_keep BEFORE DELETE ON user_tickets FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER user_tickets_keep_all BEFORE TRUNCATE ON user_tickets FOR EACH STATEMENT EXECUTE FUNCTION refuse();

CREATE TRIGGER ticket_events_keep BEFORE UPDATE OR DELETE ON ticket_events FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER ticket_events_keep_all BEFORE TRUNCATE ON ticket_events FOR EACH STATEMENT EXECUTE FUNCTION refuse();

CREATE TABLE accounts (
  id            uuid   PRIMARY KEY,
  email         text   NOT NULL UNIQUE CHECK (email = lower(email) AND email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND char_length(email) <= 254),
  role          text   NOT NULL CHECK (role IN ('customer', 'agent', 'admin')),
  password_hash text   NOT NULL,
  created_at_ms bigint NOT NULL DEFAULT now_ms()
);

CREATE TABLE sessions (
  token_hash    bytea  PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  account_id    uuid   NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  data          jsonb  NOT NULL DEFAULT '{}',
  created_at_ms bigint NOT NULL DEFAULT now_ms(),
  seen_at_ms    bigint NOT NULL DEFAULT now_ms()
);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_seen ON sessions (seen_at_ms);

-- +goose StatementBegin
CREATE FUNCTION accounts_sign_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM sessions WHERE account_id = NEW.id;
  RETURN NULL;
END $$;
-- +goose StatementEnd
-- A new password or role ends every session of the account.
CREATE TRIGGER accounts_sign_out AFTER UPDATE OF password_hash, role ON accounts FOR EACH ROW EXECUTE FUNCTION accounts_sign_out();

CREATE TABLE api_keys (
  id            uuid   PRIMARY KEY,
  name          text   NOT NULL UNIQUE CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  key_hash      bytea  NOT NULL UNIQUE CHECK (octet_length(key_hash) = 32),
  scopes        text[] NOT NULL CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['latest:read', 'tickets:read', 'tickets:write', 'decisions:write']),
  created_at_ms bigint NOT NULL DEFAULT now_ms(),
  revoked_at_ms bigint
);
