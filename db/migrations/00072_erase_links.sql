-- +goose Up

-- +goose StatementBegin
-- erase_user as it was before; with submission links, and the account that is known by the user that a provider says.
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
BEGIN
  EXECUTE format('ALTER FUNCTION erase_user(text, text, text) SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
