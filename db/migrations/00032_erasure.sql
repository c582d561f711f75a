-- +goose Up

-- An erased ticket has lost what was sent with it and said of it: answers, files, comments and notes. Its row, its history
-- and its decision stay.
ALTER TABLE tickets ADD COLUMN erased_at_ms bigint;

-- Whose data was erased, by whom, when and why. had_account: the account is gone with the data.
CREATE TABLE erasures (
  id          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id     text    NOT NULL CHECK (char_length(user_id) BETWEEN 1 AND 128),
  actor       text    NOT NULL CHECK (actor ~ '^(agent:.|cli$)'),
  reason      text    NOT NULL CHECK (reason ~ '^[a-z][a-z_]{0,31}$'),
  had_account boolean NOT NULL,
  tickets     bigint  NOT NULL,
  files       bigint  NOT NULL,
  at_ms       bigint  NOT NULL DEFAULT now_ms()
);
CREATE INDEX erasures_user ON erasures (user_id, at_ms);

-- The version of the latest approval of a user that was removed: one that is older is never the latest again.
CREATE TABLE latest_removed (
  user_id text   PRIMARY KEY CHECK (char_length(user_id) BETWEEN 1 AND 128),
  version bigint NOT NULL,
  at_ms   bigint NOT NULL DEFAULT now_ms()
);

-- Users whose data must be kept: neither erasure nor retention removes anything of theirs.
CREATE TABLE holds (
  user_id text   PRIMARY KEY CHECK (char_length(user_id) BETWEEN 1 AND 128),
  actor   text   NOT NULL CHECK (actor ~ '^(agent:.|cli$)'),
  reason  text   NOT NULL CHECK (reason <> ''),
  at_ms   bigint NOT NULL DEFAULT now_ms()
);

-- Triggers read these two as the role that writes tickets, which may be that of the previous release.
-- +goose StatementBegin
DO $$
DECLARE
  writer text;
BEGIN
  FOR writer IN
    SELECT DISTINCT a.grantee::regrole::text FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
    WHERE c.oid = 'tickets'::regclass AND a.privilege_type = 'INSERT' AND a.grantee NOT IN (0, c.relowner)
  LOOP
    EXECUTE 'GRANT SELECT ON erasures, latest_removed TO ' || writer;
  END LOOP;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- erasing reports whether a change of a table is made by erase_user or erase_tickets: they alone set docket.erasing, and only
-- they run as the owner of the table when another role calls them.
CREATE FUNCTION erasing(changed oid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT current_setting('docket.erasing', true) = 'on'
    AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = changed), 'USAGE')
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- refuse as it was, except for an erasure.
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_LEVEL = 'ROW' AND erasing(TG_RELID) THEN
    IF TG_OP = 'DELETE' THEN
      RETURN OLD;
    END IF;
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% on % is not allowed: history is only ever added to, and by the change itself', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- tickets_guard as it was. An erasure changes a closed ticket, and nothing of it that stays.
CREATE OR REPLACE FUNCTION tickets_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'processing' THEN
    IF erasing(TG_RELID) IS NOT TRUE THEN
      RAISE EXCEPTION 'ticket % is closed and cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.erased_at_ms IS NOT NULL OR NEW.erased_at_ms IS NULL OR NEW.version <> OLD.version + 1
       OR (NEW.id, NEW.user_id, NEW.status, NEW.form_version, NEW.language, NEW.one_open, NEW.submitted_by, NEW.created_at_ms, NEW.updated_at_ms,
           NEW.attempt, NEW.previous_id, NEW.turn, NEW.decided_by, NEW.decided_at_ms, NEW.reject_reason, NEW.reject_reasons, NEW.reject_class, NEW.rule_hash)
       IS DISTINCT FROM
          (OLD.id, OLD.user_id, OLD.status, OLD.form_version, OLD.language, OLD.one_open, OLD.submitted_by, OLD.created_at_ms, OLD.updated_at_ms,
           OLD.attempt, OLD.previous_id, OLD.turn, OLD.decided_by, OLD.decided_at_ms, OLD.reject_reason, OLD.reject_reasons, OLD.reject_class, OLD.rule_hash) THEN
      RAISE EXCEPTION 'an erasure of ticket % changes what stays', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.version <> OLD.version + 1 OR NEW.status = 'processing' THEN
    RAISE EXCEPTION 'ticket % changes by one version, from open to closed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.id, NEW.user_id, NEW.extra, NEW.form_version, NEW.language, NEW.one_open, NEW.submitted_by, NEW.submission_key, NEW.submission_hash,
      NEW.created_at_ms, NEW.attempt, NEW.previous_id, NEW.turn, NEW.erased_at_ms)
     IS DISTINCT FROM
     (OLD.id, OLD.user_id, OLD.extra, OLD.form_version, OLD.language, OLD.one_open, OLD.submitted_by, OLD.submission_key, OLD.submission_hash,
      OLD.created_at_ms, OLD.attempt, OLD.previous_id, OLD.turn, NULL::bigint) THEN
    RAISE EXCEPTION 'what was submitted with ticket % cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- tickets_history as it was. The event of an erasure is written by erase_content.
CREATE OR REPLACE FUNCTION tickets_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.status <> 'processing' THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.version > 1 THEN -- a closed ticket from elsewhere: it was submitted before it was closed
    INSERT INTO ticket_events (ticket_id, version, kind, actor, at_ms)
    VALUES (NEW.id, NEW.version - 1, 'submitted', NEW.submitted_by, NEW.created_at_ms);
  END IF;
  INSERT INTO ticket_events (ticket_id, version, kind, actor, at_ms, reason, reasons, class, comment, note, rule_hash)
  VALUES (NEW.id, NEW.version,
    CASE NEW.status WHEN 'processing' THEN 'submitted' ELSE NEW.status END,
    CASE NEW.status WHEN 'processing' THEN NEW.submitted_by WHEN 'withdrawn' THEN 'user:' || NEW.user_id ELSE NEW.decided_by END,
    NEW.updated_at_ms, NEW.reject_reason, NEW.reject_reasons, NEW.reject_class, NEW.reject_comment, NEW.note, NEW.rule_hash);
  IF NEW.status = 'approved' THEN
    PERFORM 1 FROM user_tickets WHERE user_id = NEW.user_id AND updated_at_ms >= NEW.updated_at_ms;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'ticket % is approved but user_tickets does not know', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- files_guard as it was; a ticket that was erased needs no file.
CREATE OR REPLACE FUNCTION files_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.user_id, NEW.field, NEW.blob, NEW.media_type, NEW.size, NEW.uploaded_by)
     IS DISTINCT FROM (OLD.id, OLD.user_id, OLD.field, OLD.blob, OLD.media_type, OLD.size, OLD.uploaded_by)
     OR NEW.state NOT IN ('going', 'gone') AND (NEW.sha256, NEW.phash, NEW.signals) IS DISTINCT FROM (OLD.sha256, OLD.phash, OLD.signals) THEN
    RAISE EXCEPTION 'what is stored of file % cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.state IN ('going', 'gone') AND EXISTS (
    SELECT FROM ticket_files n JOIN tickets t ON t.id = n.ticket_id WHERE n.file_id = OLD.id AND t.status <> 'withdrawn' AND t.erased_at_ms IS NULL
  ) OR NEW.ticket_id IS DISTINCT FROM OLD.ticket_id AND EXISTS (
    SELECT FROM ticket_files n JOIN tickets t ON t.id = n.ticket_id
    WHERE n.file_id = OLD.id AND n.ticket_id = OLD.ticket_id AND t.erased_at_ms IS NULL
      AND (t.status IN ('processing', 'approved') OR t.status = 'rejected' AND NEW.ticket_id IS NULL)
  ) THEN
    RAISE EXCEPTION 'file % is named by a ticket that needs it', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- user_tickets_guard as it was; and an approval is newer than one that was removed.
CREATE OR REPLACE FUNCTION user_tickets_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.user_id <> OLD.user_id OR NEW.updated_at_ms <= OLD.updated_at_ms)
     OR TG_OP = 'INSERT' AND EXISTS (SELECT FROM latest_removed r WHERE r.user_id = NEW.user_id AND r.version >= NEW.updated_at_ms) THEN
    RAISE EXCEPTION 'the latest approval of a user only moves forward' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  PERFORM 1 FROM tickets
  WHERE id = NEW.ticket_id AND user_id = NEW.user_id AND status = 'approved' AND updated_at_ms = NEW.updated_at_ms
    AND extra = NEW.extra AND decided_by = NEW.decided_by;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'user_tickets points at ticket %, which is not an approved one of that user', NEW.ticket_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- user_tickets_version makes an approval newer than one that was removed, whatever the clock says.
CREATE FUNCTION user_tickets_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  removed bigint;
BEGIN
  SELECT version INTO removed FROM latest_removed WHERE user_id = NEW.user_id;
  IF removed >= NEW.updated_at_ms THEN
    NEW.created_at_ms := removed + 1;
    NEW.updated_at_ms := removed + 1;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER user_tickets_version BEFORE INSERT ON user_tickets FOR EACH ROW EXECUTE FUNCTION user_tickets_version();

-- +goose StatementBegin
-- user_lock is the key of the advisory lock that keeps what is added for a user apart from the erasure of that user. Users
-- share 256 keys: a transaction may add tickets of very many.
CREATE FUNCTION user_lock(user_id text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hashtext('docket user')::bigint << 8 | hashtext(user_id) & 255
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- refuse_erased waits for an erasure of the user, and refuses what a session that has ended meanwhile would still add. Other
-- systems may begin anew.
CREATE FUNCTION refuse_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  sender text;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(user_lock(NEW.user_id));
  IF EXISTS (SELECT FROM erasures e WHERE e.user_id = NEW.user_id AND e.had_account) THEN
    sender := coalesce(to_jsonb(NEW) ->> 'submitted_by', to_jsonb(NEW) ->> 'uploaded_by', 'user:' || NEW.user_id);
    IF sender = 'user:' || NEW.user_id THEN
      RAISE EXCEPTION 'the account of user % was erased', NEW.user_id USING ERRCODE = 'serialization_failure';
    END IF;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tickets_refuse_erased BEFORE INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION refuse_erased();
CREATE TRIGGER drafts_refuse_erased BEFORE INSERT ON drafts FOR EACH ROW EXECUTE FUNCTION refuse_erased();
CREATE TRIGGER files_refuse_erased BEFORE INSERT ON files FOR EACH ROW EXECUTE FUNCTION refuse_erased();

-- +goose StatementBegin
-- erase_files removes what is known of files. Their bytes are deleted after that; the row of a file that a ticket names stays.
CREATE FUNCTION erase_files(erased uuid[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  files_erased bigint;
BEGIN
  UPDATE files SET state = 'going', ticket_id = NULL, sha256 = '', phash = NULL, signals = '{}'
  WHERE id = ANY (erased) AND state <> 'gone';
  GET DIAGNOSTICS files_erased = ROW_COUNT;
  RETURN files_erased;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- erase_content removes what was sent with closed tickets and said of them, and returns how many files that was. A file that
-- another ticket names stays.
CREATE FUNCTION erase_content(erased uuid[], by_actor text, for_reason text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  erasure_ms bigint := now_ms();
  unnamed uuid[];
BEGIN
  UPDATE tickets SET extra = '{}', submission_hash = '', reject_comment = CASE WHEN reject_comment IS NOT NULL THEN '' END, note = NULL,
    submission_key = CASE WHEN submission_key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN submission_key ELSE gen_random_uuid()::text END,
    version = version + 1, erased_at_ms = erasure_ms
  WHERE id = ANY (erased);
  UPDATE ticket_events SET comment = CASE WHEN comment IS NOT NULL THEN '' END, note = NULL
  WHERE ticket_id = ANY (erased) AND (comment <> '' OR note IS NOT NULL);
  INSERT INTO ticket_events (ticket_id, version, kind, actor, at_ms, reason)
  SELECT id, version, 'erased', by_actor, erasure_ms, for_reason FROM tickets WHERE id = ANY (erased);
  UPDATE reopenings SET note = '-' WHERE ticket_id = ANY (erased);
  -- No ticket is given one of these files from here on; one that was given one just now is seen by the statement after this.
  PERFORM 1 FROM files WHERE id IN (SELECT file_id FROM ticket_files WHERE ticket_id = ANY (erased)) ORDER BY id FOR UPDATE;
  SELECT array_agg(DISTINCT d.file_id) INTO unnamed FROM ticket_files d
  WHERE d.ticket_id = ANY (erased)
    AND NOT EXISTS (SELECT FROM ticket_files n JOIN tickets t ON t.id = n.ticket_id WHERE n.file_id = d.file_id AND t.erased_at_ms IS NULL);
  RETURN erase_files(unnamed);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- owner_calls reports whether the caller of a function that runs as the owner of the tables is that owner.
CREATE FUNCTION owner_calls() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT pg_has_role(coalesce(nullif(current_setting('role'), 'none'), session_user), relowner, 'USAGE') FROM pg_class WHERE oid = 'tickets'::regclass
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- check_eraser refuses an actor who may not erase: a role that does not own the tables has to name an admin who is signed in.
CREATE FUNCTION check_eraser(by_actor text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF owner_calls() THEN
    RETURN;
  END IF;
  PERFORM 1 FROM accounts a JOIN sessions s ON s.account_id = a.id
  WHERE 'agent:' || a.id = by_actor AND a.role = 'admin' AND a.disabled_at_ms IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'only an admin who is signed in may erase' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- erase_user removes what is known of a user: what was sent and said with every ticket, files, the draft, the latest approval
-- and the account. An open ticket is withdrawn before. outcome says what was done: erased; nothing, as all was erased before;
-- or why not: unknown, held, staff. at_ms is the time of this erasure, or else of the last one.
CREATE FUNCTION erase_user(of_user text, by_actor text, for_reason text,
  OUT outcome text, OUT tickets_erased bigint, OUT files_erased bigint, OUT at_ms bigint)
LANGUAGE plpgsql SECURITY DEFINER SET docket.erasing = 'on' AS $$
DECLARE
  account uuid;
  account_role text;
  closing uuid[];
  loose uuid[];
  removed bigint;
  drafts_erased bigint;
BEGIN
  PERFORM check_eraser(by_actor);
  PERFORM pg_advisory_xact_lock(user_lock(of_user));
  tickets_erased := 0;
  files_erased := 0;
  SELECT max(e.at_ms) INTO at_ms FROM erasures e WHERE e.user_id = of_user;
  IF of_user ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
    SELECT a.id, a.role INTO account, account_role FROM accounts a WHERE a.id = of_user::uuid;
  END IF;
  outcome := CASE WHEN EXISTS (SELECT FROM holds h WHERE h.user_id = of_user) THEN 'held' WHEN account_role <> 'customer' THEN 'staff' END;
  IF outcome IS NOT NULL THEN
    RETURN;
  END IF;
  DELETE FROM sessions WHERE account_id = account;

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

  SELECT array_agg(f.id) INTO loose FROM (
    SELECT id FROM files WHERE user_id = of_user AND sha256 <> '' ORDER BY id FOR UPDATE
  ) f;
  files_erased := files_erased + erase_files(loose);
  DELETE FROM drafts WHERE user_id = of_user;
  GET DIAGNOSTICS drafts_erased = ROW_COUNT;
  DELETE FROM accounts WHERE id = account AND role = 'customer'; -- after the tickets, as a decision writes to the outbox

  IF tickets_erased + files_erased + drafts_erased = 0 AND account IS NULL THEN
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
-- erase_tickets removes what was sent with those of some tickets that are closed, are nobody's latest approval and not of a
-- user on hold, and returns how many that were. One that another transaction has locked is left for the next time. A role that
-- does not own the tables erases none that was closed within a day, which is the shortest time of a form.
CREATE FUNCTION erase_tickets(candidates uuid[], by_actor text, for_reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET docket.erasing = 'on' AS $$
DECLARE
  due uuid[];
BEGIN
  SELECT array_agg(t.id) INTO due FROM (
    SELECT t.id FROM tickets t
    WHERE t.id = ANY (candidates) AND t.status <> 'processing' AND t.erased_at_ms IS NULL
      AND NOT EXISTS (SELECT FROM user_tickets u WHERE u.ticket_id = t.id)
      AND NOT EXISTS (SELECT FROM holds h WHERE h.user_id = t.user_id)
      AND (t.updated_at_ms < now_ms() - 86400000 OR owner_calls())
    ORDER BY t.id
    FOR UPDATE OF t SKIP LOCKED
  ) t;
  PERFORM erase_content(due, by_actor, for_reason);
  PERFORM pg_notify('docket_change', u.user_id) FROM (SELECT DISTINCT user_id FROM tickets WHERE id = ANY (due)) u;
  RETURN coalesce(cardinality(due), 0);
END $$;
-- +goose StatementEnd

-- What runs as the owner finds only the tables of this schema, and not what its caller names alike.
-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION erase_user(text, text, text) SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION erase_tickets(uuid[], text, text) SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION erase_user(text, text, text), erase_tickets(uuid[], text, text) FROM PUBLIC;
