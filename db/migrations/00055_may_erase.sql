-- +goose Up

-- may_erase reports whether what is known of a user may be erased now. It locks the user, so that a hold on them begins only after
-- the transaction; a hold that has begun is seen, also one that is newer than the statement that asks. False while a hold, or the
-- erasure of the user, begins.
-- +goose StatementBegin
CREATE FUNCTION may_erase(of_user text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF NOT pg_try_advisory_xact_lock_shared(user_lock(of_user)) THEN
    RETURN false;
  END IF;
  RETURN NOT EXISTS (SELECT FROM holds h WHERE h.user_id = of_user);
END $$;
-- +goose StatementEnd

-- As before, and a hold that begins meanwhile wins.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION erase_tickets(candidates uuid[], by_actor text, for_reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET docket.erasing = 'on' AS $$
DECLARE
  due uuid[];
BEGIN
  SELECT array_agg(t.id) INTO due FROM (
    SELECT t.id FROM tickets t
    WHERE t.id = ANY (candidates) AND t.status <> 'processing' AND t.erased_at_ms IS NULL
      AND NOT EXISTS (SELECT FROM user_tickets u WHERE u.ticket_id = t.id)
      AND (t.updated_at_ms < now_ms() - 86400000 OR owner_calls())
      AND may_erase(t.user_id)
    ORDER BY t.id
    FOR UPDATE OF t SKIP LOCKED
  ) t;
  PERFORM erase_content(due, by_actor, for_reason);
  PERFORM pg_notify('docket_change', u.user_id) FROM (SELECT DISTINCT user_id FROM tickets WHERE id = ANY (due)) u;
  RETURN coalesce(cardinality(due), 0);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION may_erase(text) SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION erase_tickets(uuid[], text, text) SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
