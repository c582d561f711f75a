-- +goose Up

-- The owner of an approval that ends is asked for a new ticket before.
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN (
  'received', 'approved', 'rejected', 'revoked', 'approval_ends', 'confirm', 'taken', 'reset', 'new_device', 'password_changed', 'factor_changed', 'invited', 'webhook_off', 'step')) NOT VALID;

-- +goose StatementBegin
-- remind_approvals writes an e-mail to the owners of approvals that end within a time and are the latest of their user, or for their subject,
-- unless a new ticket for the same is open; once for each. It returns how many approvals it has looked at, so many at most.
CREATE FUNCTION remind_approvals(lead_ms bigint, most integer) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  due uuid;
  seen bigint := 0;
BEGIN
  FOR due IN
    SELECT e.ticket_id FROM approval_ends e
    WHERE NOT e.reminded AND e.due_at_ms <= now_ms() + lead_ms AND e.due_at_ms > now_ms() ORDER BY e.due_at_ms LIMIT most FOR UPDATE SKIP LOCKED
  LOOP
    seen := seen + 1;
    UPDATE approval_ends e SET reminded = true WHERE e.ticket_id = due;
    INSERT INTO outbox (account_id, kind, ticket_id)
    SELECT a.id, 'approval_ends', t.id
    FROM tickets t JOIN accounts a ON a.id = coalesce((SELECT i.account_id FROM provider_identities i WHERE i.user_id = t.user_id),
      CASE WHEN t.user_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN t.user_id::uuid END)
    WHERE t.id = due AND t.status = 'approved' AND t.erased_at_ms IS NULL AND t.submitted_by = 'user:' || t.user_id AND mail_is_sent()
      AND (EXISTS (SELECT FROM user_tickets u WHERE u.ticket_id = t.id) OR EXISTS (SELECT FROM user_subject_tickets s WHERE s.ticket_id = t.id))
      AND NOT EXISTS (SELECT FROM tickets o WHERE o.user_id = t.user_id AND o.subject = t.subject AND o.status = 'processing');
  END LOOP;
  RETURN seen;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
  writer text;
BEGIN
  EXECUTE format('ALTER FUNCTION remind_approvals(bigint, integer) SECURITY DEFINER SET search_path = %I, pg_temp', current_schema());
  EXECUTE 'REVOKE EXECUTE ON FUNCTION remind_approvals(bigint, integer) FROM PUBLIC';
  FOR writer IN
    SELECT DISTINCT a.grantee::regrole::text FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
    WHERE c.oid = 'tickets'::regclass AND a.privilege_type = 'INSERT' AND a.grantee NOT IN (0, c.relowner)
  LOOP
    EXECUTE 'GRANT EXECUTE ON FUNCTION remind_approvals(bigint, integer) TO ' || writer;
  END LOOP;
END $$;
-- +goose StatementEnd
