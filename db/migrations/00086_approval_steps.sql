-- +goose Up

-- The steps in which a ticket is approved, as the form had them when it was submitted. Steps of one turn are side by side; a turn begins when the
-- one before is over. since_ms: since when a step waits; null before its turn, and when it is over. The approval of a step is a row of
-- opinions; that of the last one is the decision.
CREATE TABLE approval_steps (
  ticket_id      uuid    NOT NULL REFERENCES tickets (id),
  step           integer NOT NULL CHECK (step > 0),
  turn           integer NOT NULL CHECK (turn > 0),
  name           text    NOT NULL CHECK (name <> ''),
  email          text,
  team           text,
  key            text,
  remind_ms      bigint CHECK (remind_ms > 0),
  stand_in_ms    bigint CHECK (stand_in_ms > 0),
  stand_in_team  text,
  since_ms       bigint,
  reminded_at_ms bigint,
  PRIMARY KEY (ticket_id, step),
  CONSTRAINT approval_steps_stand_in CHECK ((stand_in_ms IS NULL) = (stand_in_team IS NULL))
);
CREATE INDEX approval_steps_email ON approval_steps (email) WHERE since_ms IS NOT NULL;
CREATE INDEX approval_steps_team ON approval_steps (team) WHERE since_ms IS NOT NULL;
CREATE INDEX approval_steps_stand_in ON approval_steps (stand_in_team) WHERE since_ms IS NOT NULL;
CREATE INDEX approval_steps_remind ON approval_steps ((since_ms + remind_ms)) WHERE since_ms IS NOT NULL AND remind_ms IS NOT NULL AND reminded_at_ms IS NULL;

-- Triggers read it as the role that writes opinions, which may be that of the previous release.
-- +goose StatementBegin
DO $$
DECLARE
  writer text;
BEGIN
  FOR writer IN
    SELECT DISTINCT a.grantee::regrole::text FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
    WHERE c.oid = 'opinions'::regclass AND a.privilege_type = 'INSERT' AND a.grantee NOT IN (0, c.relowner)
  LOOP
    EXECUTE format('GRANT SELECT, INSERT ON approval_steps TO %s', writer);
  END LOOP;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- step_open_to is the step of a ticket that an actor may approve or reject now; null: none. The one that names the actor comes first. An
-- admin may give any. Nobody gives a step of their own ticket, nor a second one of a ticket.
CREATE FUNCTION step_open_to(of_ticket uuid, actor text) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT s.step
  FROM approval_steps s JOIN tickets t ON t.id = s.ticket_id LEFT JOIN accounts a
    ON a.id = CASE WHEN actor ~ '^agent:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN substr(actor, 7)::uuid END
      AND a.role IN ('agent', 'admin') AND a.disabled_at_ms IS NULL
  CROSS JOIN LATERAL (SELECT actor = 'key:' || s.key OR a.email = s.email
    OR EXISTS (SELECT FROM team_members m WHERE m.account_id = a.id AND (m.team = s.team OR m.team = s.stand_in_team AND s.since_ms + s.stand_in_ms <= now_ms())) AS asked) AS c
  WHERE s.ticket_id = of_ticket AND s.since_ms IS NOT NULL AND actor <> 'agent:' || t.user_id AND (c.asked OR a.role = 'admin')
    AND NOT EXISTS (SELECT FROM opinions o WHERE o.ticket_id = of_ticket AND o.given_by = actor)
  ORDER BY c.asked IS TRUE DESC, s.step
  LIMIT 1
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- approval_steps_guard keeps the steps of a ticket as they were when it was submitted.
CREATE FUNCTION approval_steps_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.ticket_id, NEW.step, NEW.turn, NEW.name, NEW.team, NEW.key, NEW.remind_ms, NEW.stand_in_ms, NEW.stand_in_team)
     IS DISTINCT FROM (OLD.ticket_id, OLD.step, OLD.turn, OLD.name, OLD.team, OLD.key, OLD.remind_ms, OLD.stand_in_ms, OLD.stand_in_team)
     OR NEW.email <> OLD.email AND NEW.email <> '' OR (NEW.email IS NULL) <> (OLD.email IS NULL) THEN
    RAISE EXCEPTION 'the steps of ticket % cannot change', OLD.ticket_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER approval_steps_keep BEFORE UPDATE OR DELETE ON approval_steps FOR EACH ROW EXECUTE FUNCTION approval_steps_guard();
CREATE TRIGGER approval_steps_keep_all BEFORE TRUNCATE ON approval_steps FOR EACH STATEMENT EXECUTE FUNCTION refuse();

-- +goose StatementBegin
-- opinions_step refuses the approval of a step by somebody who may not give it, and begins the next turn when the steps of this one are over.
CREATE FUNCTION opinions_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM approval_steps WHERE ticket_id = NEW.ticket_id) THEN
    RETURN NEW;
  END IF;
  IF NEW.verdict <> 'approved' OR step_open_to(NEW.ticket_id, NEW.given_by) IS DISTINCT FROM NEW.step THEN
    RAISE EXCEPTION 'step % of ticket % is not open to %', NEW.step, NEW.ticket_id, NEW.given_by
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tickets_steps';
  END IF;
  UPDATE approval_steps SET since_ms = NULL WHERE ticket_id = NEW.ticket_id AND step = NEW.step;
  IF NOT EXISTS (SELECT FROM approval_steps WHERE ticket_id = NEW.ticket_id AND since_ms IS NOT NULL) THEN
    UPDATE approval_steps s SET since_ms = NEW.at_ms
    WHERE s.ticket_id = NEW.ticket_id AND s.turn = (
      SELECT min(n.turn) FROM approval_steps n WHERE n.ticket_id = NEW.ticket_id AND n.step <> NEW.step
        AND NOT EXISTS (SELECT FROM opinions o WHERE o.ticket_id = n.ticket_id AND o.step = n.step)
    );
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER opinions_step BEFORE INSERT ON opinions FOR EACH ROW EXECUTE FUNCTION opinions_step();

-- +goose StatementBegin
-- tickets_pending as it was; and a ticket with steps is approved by who gives its last one, and rejected by who may give one now, or by a rule.
CREATE OR REPLACE FUNCTION tickets_pending() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  due bigint;
  given integer;
BEGIN
  DELETE FROM pending_decisions WHERE ticket_id = NEW.id RETURNING due_at_ms INTO due;
  IF due IS NOT NULL AND NEW.status IN ('approved', 'rejected') THEN
    RAISE EXCEPTION 'ticket % has a decision that is pending', NEW.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tickets_pending';
  END IF;
  IF OLD.status = 'processing' AND EXISTS (SELECT FROM approval_steps WHERE ticket_id = NEW.id) THEN
    given := step_open_to(NEW.id, NEW.decided_by);
    IF NEW.status = 'rejected' AND given IS NULL AND NEW.decided_by NOT LIKE 'rule:%' OR NEW.status = 'approved' AND (given IS NULL OR EXISTS (
      SELECT FROM approval_steps s WHERE s.ticket_id = NEW.id AND s.step <> given
        AND NOT EXISTS (SELECT FROM opinions o WHERE o.ticket_id = s.ticket_id AND o.step = s.step AND o.verdict = 'approved')
    )) THEN
      RAISE EXCEPTION 'ticket % is not % by % at its step', NEW.id, NEW.status, NEW.decided_by
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tickets_steps';
    END IF;
    UPDATE approval_steps SET since_ms = NULL WHERE ticket_id = NEW.id AND since_ms IS NOT NULL;
    UPDATE opinions SET open = false WHERE ticket_id = NEW.id AND open;
    RETURN NULL;
  END IF;
  UPDATE opinions SET open = false WHERE ticket_id = NEW.id AND open;
  IF FOUND AND NEW.status IN ('approved', 'rejected') AND (
    NOT EXISTS (SELECT FROM opinions o WHERE o.ticket_id = NEW.id AND o.verdict = NEW.status AND o.given_by <> NEW.decided_by
      AND (o.given_by LIKE 'agent:%' OR NEW.decided_by LIKE 'agent:%'))
    OR EXISTS (SELECT FROM opinions o WHERE o.ticket_id = NEW.id AND o.ordinal = 2) AND NOT account_is_admin(NEW.decided_by)
  ) THEN
    RAISE EXCEPTION 'nobody else thinks that ticket % is %', NEW.id, NEW.status
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tickets_opinions';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- claims_pending as it was; and a ticket with steps is held by those alone who may give one now.
CREATE OR REPLACE FUNCTION claims_pending() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF EXISTS (SELECT FROM pending_decisions WHERE ticket_id = NEW.ticket_id AND due_at_ms IS NOT NULL) OR EXISTS (
    SELECT FROM opinions o WHERE o.ticket_id = NEW.ticket_id
      AND (o.given_by = 'agent:' || NEW.account_id OR o.ordinal = 2 AND NOT account_is_admin('agent:' || NEW.account_id))
  ) OR EXISTS (SELECT FROM approval_steps WHERE ticket_id = NEW.ticket_id) AND step_open_to(NEW.ticket_id, 'agent:' || NEW.account_id) IS NULL THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- opinions_erase takes out what agents wrote of a ticket that is erased, what they would have granted, and whom its steps asked.
CREATE OR REPLACE FUNCTION opinions_erase() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  UPDATE opinions SET comment = '', note = '', grant_extra = NULL WHERE ticket_id = NEW.ticket_id;
  UPDATE approval_steps SET email = '' WHERE ticket_id = NEW.ticket_id AND email <> '';
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['step_open_to(uuid, text)', 'approval_steps_guard()', 'opinions_step()', 'tickets_pending()', 'claims_pending()', 'opinions_erase()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
END $$;
-- +goose StatementEnd
