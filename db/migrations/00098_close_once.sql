-- +goose Up

-- What closes tickets is written down and checked once for all tickets of a statement, and not by three functions for each.

-- +goose StatementBegin
-- tickets_leave removes what was only about a ticket while it was open. A withdrawal ends a pending decision; another decision is
-- refused then, and what makes the pending one deletes its row before, in the same transaction. A ticket with steps is approved by who
-- gives its last one, and rejected by who may give one now, or by a rule. One of which there are opinions is decided only as somebody
-- else thinks, too; when two disagree, only an admin decides.
CREATE FUNCTION tickets_leave(of_ticket uuid, to_status text, by_actor text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  due bigint;
  given integer;
BEGIN
  DELETE FROM placements WHERE ticket_id = of_ticket;
  DELETE FROM pending_decisions WHERE ticket_id = of_ticket RETURNING due_at_ms INTO due;
  IF due IS NOT NULL AND to_status IN ('approved', 'rejected') THEN
    RAISE EXCEPTION 'ticket % has a decision that is pending', of_ticket
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tickets_pending';
  END IF;
  IF EXISTS (SELECT FROM approval_steps WHERE ticket_id = of_ticket) THEN
    given := step_open_to(of_ticket, by_actor);
    IF to_status = 'rejected' AND given IS NULL AND by_actor NOT LIKE 'rule:%' OR to_status = 'approved' AND (given IS NULL OR EXISTS (
      SELECT FROM approval_steps s WHERE s.ticket_id = of_ticket AND s.step <> given
        AND NOT EXISTS (SELECT FROM opinions o WHERE o.ticket_id = s.ticket_id AND o.step = s.step AND o.verdict = 'approved')
    )) THEN
      RAISE EXCEPTION 'ticket % is not % by % at its step', of_ticket, to_status, by_actor
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tickets_steps';
    END IF;
    UPDATE approval_steps SET since_ms = NULL WHERE ticket_id = of_ticket AND since_ms IS NOT NULL;
    UPDATE opinions SET open = false WHERE ticket_id = of_ticket AND open;
    RETURN;
  END IF;
  UPDATE opinions SET open = false WHERE ticket_id = of_ticket AND open;
  IF FOUND AND to_status IN ('approved', 'rejected') AND (
    NOT EXISTS (SELECT FROM opinions o WHERE o.ticket_id = of_ticket AND o.verdict = to_status AND o.given_by <> by_actor
      AND (o.given_by LIKE 'agent:%' OR by_actor LIKE 'agent:%'))
    OR EXISTS (SELECT FROM opinions o WHERE o.ticket_id = of_ticket AND o.ordinal = 2) AND NOT account_is_admin(by_actor)
  ) THEN
    RAISE EXCEPTION 'nobody else thinks that ticket % is %', of_ticket, to_status
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tickets_opinions';
  END IF;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- tickets_closed writes the event of each ticket that a statement closes or whose approval it takes back, so that no change can be
-- without one, and refuses an approval that its user's latest does not know. The event of an erasure is written by erase_content. A
-- statement that waited for a ticket does not see what was added to it meanwhile; this does. Sub-selects, which are no joins, read one
-- row each by an index, whatever the planner knew of the tables when it made the plan.
CREATE FUNCTION tickets_closed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  unknown uuid;
BEGIN
  INSERT INTO ticket_events (ticket_id, version, kind, actor, at_ms, reason, reasons, class, comment, note, rule_hash)
  SELECT n.id, n.version, n.status,
    CASE WHEN n.status = 'withdrawn' THEN 'user:' || n.user_id WHEN n.status = 'revoked' THEN n.revoked_by ELSE n.decided_by END,
    n.updated_at_ms, n.reject_reason, n.reject_reasons, n.reject_class, n.reject_comment, n.note, CASE WHEN n.status <> 'revoked' THEN n.rule_hash END
  FROM after_update n JOIN before_update o ON o.id = n.id
  WHERE n.status <> o.status;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  SELECT n.id INTO unknown FROM after_update n JOIN before_update o ON o.id = n.id
  WHERE n.status = 'approved' AND o.status <> 'approved'
    AND (SELECT true FROM user_tickets u WHERE u.user_id = n.user_id AND u.updated_at_ms >= n.updated_at_ms) IS NULL
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'ticket % is approved but user_tickets does not know', unknown USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  PERFORM tickets_leave(n.id, n.status, n.decided_by) FROM after_update n JOIN before_update o ON o.id = n.id
  WHERE o.status = 'processing' AND n.status <> 'processing' AND coalesce(
    (SELECT true FROM placements p WHERE p.ticket_id = n.id),
    (SELECT true FROM pending_decisions p WHERE p.ticket_id = n.id),
    (SELECT true FROM approval_steps s WHERE s.ticket_id = n.id LIMIT 1),
    (SELECT true FROM opinions p WHERE p.ticket_id = n.id AND p.open LIMIT 1)
  );
  RETURN NULL;
END $$;
-- +goose StatementEnd

DROP TRIGGER tickets_history ON tickets;
DROP TRIGGER tickets_leave_desk ON tickets;
DROP TRIGGER tickets_pending ON tickets;
DROP FUNCTION tickets_leave_desk();
DROP FUNCTION tickets_pending();
CREATE TRIGGER tickets_closed AFTER UPDATE ON tickets REFERENCING OLD TABLE AS before_update NEW TABLE AS after_update
  FOR EACH STATEMENT EXECUTE FUNCTION tickets_closed();

-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION tickets_leave(uuid, text, text) SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION tickets_closed() SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION tickets_leave(uuid, text, text), tickets_closed() FROM PUBLIC;
