-- +goose Up

-- A submission link lets a person fill in the form for a user id of another system, without an account. The database has the hash of
-- its token, and the hashes of the browsers that have opened it. What is sent with it is a ticket of the key that made the link, with
-- the id of the link as its submission key: so it is sent once. Its draft is that of the user 'link:' and the id of the link.
CREATE TABLE submission_links (
  id            uuid    PRIMARY KEY,
  token_hash    bytea   NOT NULL UNIQUE,
  key_id        uuid    NOT NULL REFERENCES api_keys,
  user_id       text    NOT NULL CHECK (length(user_id) BETWEEN 1 AND 128),
  return_url    text    NOT NULL DEFAULT '',
  state         text    NOT NULL DEFAULT '',
  prefill       jsonb   NOT NULL DEFAULT '{}',
  locked        text[]  NOT NULL DEFAULT '{}',
  language      text    NOT NULL DEFAULT '',
  browsers      bytea[] NOT NULL DEFAULT '{}',
  tries         integer NOT NULL DEFAULT 0,
  created_at_ms bigint  NOT NULL DEFAULT now_ms(),
  expires_at_ms bigint  NOT NULL,
  revoked_at_ms bigint
);
CREATE INDEX submission_links_user ON submission_links (user_id);
CREATE INDEX submission_links_expires ON submission_links (expires_at_ms);

-- To which origins the links of a key may lead back.
ALTER TABLE api_keys ADD COLUMN return_origins text[] NOT NULL DEFAULT '{}';

-- Files that came with a link are uploaded by it.
ALTER TABLE files DROP CONSTRAINT files_uploaded_by_check,
  ADD CONSTRAINT files_uploaded_by_check CHECK (uploaded_by ~ '^(user|key|link):.') NOT VALID;

-- +goose StatementBegin
-- drafts_of_link refuses a draft of a link that is deleted, and waits for one that is being deleted.
CREATE FUNCTION drafts_of_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM FROM submission_links WHERE id = substr(NEW.user_id, 6)::uuid FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the submission link % is deleted', NEW.user_id USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER drafts_of_link BEFORE INSERT ON drafts FOR EACH ROW WHEN (NEW.user_id LIKE 'link:%') EXECUTE FUNCTION drafts_of_link();

-- +goose StatementBegin
-- submission_links_drafts deletes the draft of a link with it.
CREATE FUNCTION submission_links_drafts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  DELETE FROM drafts WHERE user_id = 'link:' || OLD.id;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER submission_links_drafts AFTER DELETE ON submission_links FOR EACH ROW EXECUTE FUNCTION submission_links_drafts();

-- +goose StatementBegin
-- submission_link_add adds a link of a key that may make one; it returns when the link ends, or null if the key may not.
CREATE FUNCTION submission_link_add(new_id uuid, new_hash bytea, of_key uuid, of_user text, new_return_url text, new_state text, new_prefill jsonb,
  new_locked text[], new_language text, life_ms bigint, mac bytea) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  expiry bigint;
BEGIN
  PERFORM check_mac(mac, 'submission link add', uuid_send(new_id), new_hash, uuid_send(of_key), convert_to(of_user, 'UTF8'), int8send(life_ms));
  INSERT INTO submission_links (id, token_hash, key_id, user_id, return_url, state, prefill, locked, language, expires_at_ms)
  SELECT new_id, new_hash, k.id, of_user, new_return_url, new_state, new_prefill, new_locked, new_language, now_ms() + life_ms
  FROM api_keys k
  WHERE k.id = of_key AND 'links:write' = ANY (k.scopes) AND k.revoked_at_ms IS NULL AND (k.expires_at_ms IS NULL OR k.expires_at_ms > now_ms())
  RETURNING expires_at_ms INTO expiry;
  RETURN expiry;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- submission_link_admit lets one more browser use a link that so many use: the first one as it is, another one after it has shown the
-- code. False: others use it by now, or it has ended.
CREATE FUNCTION submission_link_admit(link uuid, browser bytea, known bigint, most bigint, mac bytea) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'submission link admit', uuid_send(link), browser, int8send(known), int8send(most));
  UPDATE submission_links SET browsers = browsers || browser
  WHERE id = link AND cardinality(browsers) = known AND known < most AND browser <> ALL (browsers) AND revoked_at_ms IS NULL AND expires_at_ms > now_ms();
  RETURN FOUND;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- key_add_with_origins is key_add, with the origins to which links of the key may lead back.
CREATE FUNCTION key_add_with_origins(session_hash bytea, new_id uuid, new_name text, new_hash bytea, new_scopes text[], expiry_ms bigint, new_not_own boolean,
  new_return_origins text[], mac bytea) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'key add with origins', session_hash, uuid_send(new_id), convert_to(new_name, 'UTF8'), new_hash,
    convert_to(array_to_string(new_scopes, ' '), 'UTF8'), int8send(expiry_ms), boolsend(new_not_own), convert_to(array_to_string(new_return_origins, ' '), 'UTF8'));
  IF session_admin(session_hash, true) IS NULL THEN
    RETURN 'unconfirmed';
  END IF;
  INSERT INTO api_keys (id, name, key_hash, scopes, expires_at_ms, not_own, return_origins)
  VALUES (new_id, new_name, new_hash, new_scopes, expiry_ms, new_not_own, new_return_origins)
  ON CONFLICT (name) DO NOTHING;
  RETURN CASE WHEN FOUND THEN 'done' ELSE 'taken' END;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- erase_user as it was; it deletes the submission links of the user, too, with their drafts.
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
  links_erased bigint;
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
  DELETE FROM submission_links WHERE user_id = of_user;
  GET DIAGNOSTICS links_erased = ROW_COUNT;
  DELETE FROM accounts WHERE id = account AND role = 'customer'; -- after the tickets, as a decision writes to the outbox

  IF tickets_erased + files_erased + drafts_erased + notes_erased + links_erased = 0 AND account IS NULL THEN
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
  FOREACH name IN ARRAY ARRAY['drafts_of_link()', 'submission_links_drafts()',
    'submission_link_add(uuid, bytea, uuid, text, text, text, jsonb, text[], text, bigint, bytea)', 'submission_link_admit(uuid, bytea, bigint, bigint, bytea)',
    'key_add_with_origins(bytea, uuid, text, bytea, text[], bigint, boolean, text[], bytea)', 'erase_user(text, text, text)'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', name);
  END LOOP;
END $$;
-- +goose StatementEnd
