-- +goose Up

-- What belongs to a ticket is found by its user and its id: where the tables are partitioned by user, that is in one partition. All functions are as
-- they were beside that.

-- +goose StatementBegin
CREATE FUNCTION tickets_leave(of_user text, of_ticket uuid, to_status text, by_actor text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  due bigint;
  given integer;
BEGIN
  DELETE FROM placements WHERE user_id = of_user AND ticket_id = of_ticket;
  DELETE FROM pending_decisions WHERE user_id = of_user AND ticket_id = of_ticket RETURNING due_at_ms INTO due;
  IF due IS NOT NULL AND to_status IN ('approved', 'rejected') THEN
    RAISE EXCEPTION 'ticket % has a decision that is pending', of_ticket
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tickets_pending';
  END IF;
  IF EXISTS (SELECT FROM approval_steps WHERE user_id = of_user AND ticket_id = of_ticket) THEN
    given := step_open_to(of_ticket, by_actor);
    IF to_status = 'rejected' AND given IS NULL AND by_actor NOT LIKE 'rule:%' OR to_status = 'approved' AND (given IS NULL OR EXISTS (
      SELECT FROM approval_steps s WHERE s.user_id = of_user AND s.ticket_id = of_ticket AND s.step <> given
        AND NOT EXISTS (SELECT FROM opinions o WHERE o.user_id = of_user AND o.ticket_id = of_ticket AND o.step = s.step AND o.verdict = 'approved')
    )) THEN
      RAISE EXCEPTION 'ticket % is not % by % at its step', of_ticket, to_status, by_actor
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tickets_steps';
    END IF;
    UPDATE approval_steps SET since_ms = NULL WHERE user_id = of_user AND ticket_id = of_ticket AND since_ms IS NOT NULL;
    UPDATE opinions SET open = false WHERE user_id = of_user AND ticket_id = of_ticket AND open;
    RETURN;
  END IF;
  UPDATE opinions SET open = false WHERE user_id = of_user AND ticket_id = of_ticket AND open;
  IF FOUND AND to_status IN ('approved', 'rejected') AND (
    NOT EXISTS (SELECT FROM opinions o WHERE o.user_id = of_user AND o.ticket_id = of_ticket AND o.verdict = to_status AND o.given_by <> by_actor
      AND (o.given_by LIKE 'agent:%' OR by_actor LIKE 'agent:%'))
    OR EXISTS (SELECT FROM opinions o WHERE o.user_id = of_user AND o.ticket_id = of_ticket AND o.ordinal = 2) AND NOT account_is_admin(by_actor)
  ) THEN
    RAISE EXCEPTION 'nobody else thinks that ticket % is %', of_ticket, to_status
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tickets_opinions';
  END IF;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION tickets_closed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  unknown uuid;
BEGIN
  INSERT INTO ticket_events (user_id, ticket_id, version, kind, actor, at_ms, reason, reasons, class, comment, note, rule_hash)
  SELECT n.user_id, n.id, n.version, n.status,
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
  PERFORM tickets_leave(n.user_id, n.id, n.status, n.decided_by) FROM after_update n JOIN before_update o ON o.id = n.id
  WHERE o.status = 'processing' AND n.status <> 'processing' AND coalesce(
    (SELECT true FROM placements p WHERE p.user_id = n.user_id AND p.ticket_id = n.id),
    (SELECT true FROM pending_decisions p WHERE p.user_id = n.user_id AND p.ticket_id = n.id),
    (SELECT true FROM approval_steps s WHERE s.user_id = n.user_id AND s.ticket_id = n.id LIMIT 1),
    (SELECT true FROM opinions p WHERE p.user_id = n.user_id AND p.ticket_id = n.id AND p.open LIMIT 1)
  );
  RETURN NULL;
END $$;
-- +goose StatementEnd
DROP FUNCTION tickets_leave(uuid, text, text);

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION claims_pending() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF EXISTS (SELECT FROM pending_decisions WHERE user_id = NEW.user_id AND ticket_id = NEW.ticket_id AND due_at_ms IS NOT NULL) OR EXISTS (
    SELECT FROM opinions o WHERE o.user_id = NEW.user_id AND o.ticket_id = NEW.ticket_id
      AND (o.given_by = 'agent:' || NEW.account_id OR o.ordinal = 2 AND NOT account_is_admin('agent:' || NEW.account_id))
  ) OR EXISTS (SELECT FROM approval_steps WHERE user_id = NEW.user_id AND ticket_id = NEW.ticket_id)
    AND step_open_to(NEW.ticket_id, 'agent:' || NEW.account_id) IS NULL THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION opinions_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM approval_steps WHERE user_id = NEW.user_id AND ticket_id = NEW.ticket_id) THEN
    RETURN NEW;
  END IF;
  IF NEW.verdict <> 'approved' OR step_open_to(NEW.ticket_id, NEW.given_by) IS DISTINCT FROM NEW.step THEN
    RAISE EXCEPTION 'step % of ticket % is not open to %', NEW.step, NEW.ticket_id, NEW.given_by
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tickets_steps';
  END IF;
  UPDATE approval_steps SET since_ms = NULL WHERE user_id = NEW.user_id AND ticket_id = NEW.ticket_id AND step = NEW.step;
  IF NOT EXISTS (SELECT FROM approval_steps WHERE user_id = NEW.user_id AND ticket_id = NEW.ticket_id AND since_ms IS NOT NULL) THEN
    UPDATE approval_steps s SET since_ms = NEW.at_ms
    WHERE s.user_id = NEW.user_id AND s.ticket_id = NEW.ticket_id AND s.turn = (
      SELECT min(n.turn) FROM approval_steps n WHERE n.user_id = NEW.user_id AND n.ticket_id = NEW.ticket_id AND n.step <> NEW.step
        AND NOT EXISTS (SELECT FROM opinions o WHERE o.user_id = n.user_id AND o.ticket_id = n.ticket_id AND o.step = n.step)
    );
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION step_open_to(of_ticket uuid, actor text) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT s.step
  FROM approval_steps s JOIN tickets t ON t.user_id = s.user_id AND t.id = s.ticket_id LEFT JOIN accounts a
    ON a.id = CASE WHEN actor ~ '^agent:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN substr(actor, 7)::uuid END
      AND a.role IN ('agent', 'admin') AND a.disabled_at_ms IS NULL
  CROSS JOIN LATERAL (SELECT actor = 'key:' || s.key OR a.email = s.email
    OR EXISTS (SELECT FROM team_members m WHERE m.account_id = a.id AND (m.team = s.team OR m.team = s.stand_in_team AND s.since_ms + s.stand_in_ms <= now_ms())) AS asked) AS c
  WHERE s.ticket_id = of_ticket AND s.since_ms IS NOT NULL AND actor <> 'agent:' || t.user_id AND (c.asked OR a.role = 'admin')
    AND NOT EXISTS (SELECT FROM opinions o WHERE o.user_id = s.user_id AND o.ticket_id = s.ticket_id AND o.given_by = actor)
  ORDER BY c.asked IS TRUE DESC, s.step
  LIMIT 1
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION second_look_open_to(of_ticket uuid, agent uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM second_looks l JOIN tickets t ON t.user_id = l.user_id AND t.id = l.ticket_id
    WHERE l.ticket_id = of_ticket AND l.given_by IS NULL AND l.decided_by <> 'agent:' || agent
      AND t.erased_at_ms IS NULL AND t.user_id <> agent::text
      AND NOT EXISTS (SELECT FROM opinions o WHERE o.user_id = l.user_id AND o.ticket_id = l.ticket_id AND o.given_by = 'agent:' || agent)
      AND NOT EXISTS (SELECT FROM audit a WHERE a.object = 'ticket:' || of_ticket AND a.object <> '' AND a.at_ms >= l.decided_at_ms - 60000
        AND a.actor = 'agent:' || agent AND a.action IN ('ticket_opened', 'unclaimed_ticket_opened'))
  )
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION placements_submitted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.submitted_ms := (SELECT t.created_at_ms FROM tickets t WHERE t.user_id = NEW.user_id AND t.id = NEW.ticket_id);
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION opinions_erase() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  UPDATE opinions SET comment = '', note = '', grant_extra = NULL WHERE user_id = NEW.user_id AND ticket_id = NEW.ticket_id;
  UPDATE approval_steps SET email = '' WHERE user_id = NEW.user_id AND ticket_id = NEW.ticket_id AND email <> '';
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION second_looks_erase() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  DELETE FROM second_looks WHERE user_id = NEW.user_id AND ticket_id = NEW.ticket_id AND given_by IS NULL;
  UPDATE second_looks SET note = '' WHERE user_id = NEW.user_id AND ticket_id = NEW.ticket_id AND note <> '';
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION ticket_notes_erase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ticket_notes SET text = '' WHERE user_id = NEW.user_id AND ticket_id = NEW.ticket_id AND text <> '';
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION tickets_forget_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtext('docket search'));
  DELETE FROM ticket_words WHERE user_id = NEW.user_id AND ticket_id = NEW.id;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['tickets_leave(text, uuid, text, text)', 'tickets_closed()', 'claims_pending()', 'opinions_step()', 'step_open_to(uuid, text)',
    'second_look_open_to(uuid, uuid)', 'placements_submitted()', 'opinions_erase()', 'second_looks_erase()', 'ticket_notes_erase()', 'tickets_forget_words()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION tickets_leave(text, uuid, text, text) FROM PUBLIC;
