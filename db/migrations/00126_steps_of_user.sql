-- +goose Up

-- Steps and second looks are found by their user, too: where the tables are distributed over several servers, that is on one of them. All functions are as
-- they were beside that.

-- +goose StatementBegin
-- open_step finds the step of a ticket that an actor may give now.
CREATE FUNCTION open_step(of_user text, of_ticket uuid, actor text) RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (
    SELECT s.step
    FROM approval_steps s LEFT JOIN accounts a
      ON a.id = CASE WHEN actor ~ '^agent:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN substr(actor, 7)::uuid END
        AND a.role IN ('agent', 'admin') AND a.disabled_at_ms IS NULL
    CROSS JOIN LATERAL (SELECT actor = 'key:' || s.key OR a.email = s.email
      OR EXISTS (SELECT FROM team_members m WHERE m.account_id = a.id AND (m.team = s.team OR m.team = s.stand_in_team AND s.since_ms + s.stand_in_ms <= now_ms())) AS asked) AS c
    WHERE s.user_id = of_user AND s.ticket_id = of_ticket AND s.since_ms IS NOT NULL AND actor <> 'agent:' || of_user AND (c.asked OR a.role = 'admin')
      AND NOT EXISTS (SELECT FROM opinions o WHERE o.user_id = s.user_id AND o.ticket_id = s.ticket_id AND o.given_by = actor)
    ORDER BY c.asked IS TRUE DESC, s.step
    LIMIT 1);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- step_give keeps an approval as that of the step that its actor may give now, unless that is the last one, and ends that the ticket is handed over. It
-- returns the step: 0 when the ticket is to be decided, has no steps, or none is open to the actor. The caller has locked the ticket.
CREATE FUNCTION step_give(of_user text, of_ticket uuid, actor text, noted text, granted jsonb) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  given integer := open_step(of_user, of_ticket, actor);
  others bigint;
BEGIN
  SELECT count(*) INTO others FROM approval_steps s
  WHERE s.user_id = of_user AND s.ticket_id = of_ticket AND s.step <> given
    AND NOT EXISTS (SELECT FROM opinions o WHERE o.user_id = s.user_id AND o.ticket_id = s.ticket_id AND o.step = s.step);
  IF given IS NULL OR others = 0 THEN
    RETURN 0;
  END IF;
  INSERT INTO opinions (user_id, ticket_id, step, ordinal, given_by, verdict, comment, note, grant_extra)
  VALUES (of_user, of_ticket, given, 1, actor, 'approved', '', noted, granted);
  DELETE FROM placements WHERE user_id = of_user AND ticket_id = of_ticket;
  RETURN given;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION tickets_leave(of_user text, of_ticket uuid, to_status text, by_actor text) RETURNS void LANGUAGE plpgsql AS $$
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
    given := open_step(of_user, of_ticket, by_actor);
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
CREATE OR REPLACE FUNCTION claims_pending() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF EXISTS (SELECT FROM pending_decisions WHERE user_id = NEW.user_id AND ticket_id = NEW.ticket_id AND due_at_ms IS NOT NULL) OR EXISTS (
    SELECT FROM opinions o WHERE o.user_id = NEW.user_id AND o.ticket_id = NEW.ticket_id
      AND (o.given_by = 'agent:' || NEW.account_id OR o.ordinal = 2 AND NOT account_is_admin('agent:' || NEW.account_id))
  ) OR EXISTS (SELECT FROM approval_steps WHERE user_id = NEW.user_id AND ticket_id = NEW.ticket_id)
    AND open_step(NEW.user_id, NEW.ticket_id, 'agent:' || NEW.account_id) IS NULL THEN
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
  IF NEW.verdict <> 'approved' OR open_step(NEW.user_id, NEW.ticket_id, NEW.given_by) IS DISTINCT FROM NEW.step THEN
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
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['open_step(text, uuid, text)', 'step_give(text, uuid, text, text, jsonb)', 'tickets_leave(text, uuid, text, text)', 'claims_pending()', 'opinions_step()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
END $$;
-- +goose StatementEnd
