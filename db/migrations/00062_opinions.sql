-- +goose Up

-- What an agent thinks of an open ticket that two people have to decide: the first opinion, and a second one that differs from it.
-- A second that agrees is the decision itself. ordinal is its place within a step; open: the ticket is.
CREATE TABLE opinions (
  ticket_id uuid    NOT NULL REFERENCES tickets (id),
  step      integer NOT NULL DEFAULT 1 CHECK (step > 0),
  ordinal   integer NOT NULL CHECK (ordinal IN (1, 2)),
  given_by  text    NOT NULL CHECK (given_by ~ '^agent:.'),
  verdict   text    NOT NULL CHECK (verdict IN ('approved', 'rejected')),
  reasons   text[],
  class     text,
  comment   text    NOT NULL DEFAULT '',
  note      text    NOT NULL DEFAULT '',
  open      boolean NOT NULL DEFAULT true,
  at_ms     bigint  NOT NULL DEFAULT now_ms(),
  PRIMARY KEY (ticket_id, step, ordinal),
  UNIQUE (ticket_id, step, given_by)
);
CREATE INDEX opinions_disagreed ON opinions (at_ms, ticket_id) WHERE open AND ordinal = 2;

-- Whether a pending decision asks for a second opinion.
ALTER TABLE pending_decisions ADD COLUMN second boolean NOT NULL DEFAULT false;

-- +goose StatementBegin
-- account_is_admin reports whether an actor is an account that is an admin.
CREATE FUNCTION account_is_admin(actor text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM accounts a WHERE a.role = 'admin'
    AND a.id = CASE WHEN actor ~ '^agent:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN substr(actor, 7)::uuid END)
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- tickets_pending as it was; and a ticket of which there are opinions is decided only as somebody else thinks, too. When two disagree,
-- only an admin decides.
CREATE OR REPLACE FUNCTION tickets_pending() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  due bigint;
BEGIN
  DELETE FROM pending_decisions WHERE ticket_id = NEW.id RETURNING due_at_ms INTO due;
  IF due IS NOT NULL AND NEW.status IN ('approved', 'rejected') THEN
    RAISE EXCEPTION 'ticket % has a decision that is pending', NEW.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tickets_pending';
  END IF;
  UPDATE opinions SET open = false WHERE ticket_id = NEW.id AND open;
  IF FOUND AND NEW.status IN ('approved', 'rejected') AND (
    NOT EXISTS (SELECT FROM opinions o WHERE o.ticket_id = NEW.id AND o.verdict = NEW.status AND o.given_by <> NEW.decided_by)
    OR EXISTS (SELECT FROM opinions o WHERE o.ticket_id = NEW.id AND o.ordinal = 2) AND NOT account_is_admin(NEW.decided_by)
  ) THEN
    RAISE EXCEPTION 'nobody else thinks that ticket % is %', NEW.id, NEW.status
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tickets_opinions';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- claims_pending as it was; and whoever has given an opinion holds the ticket no more. When two disagree, only an admin does.
CREATE OR REPLACE FUNCTION claims_pending() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF EXISTS (SELECT FROM pending_decisions WHERE ticket_id = NEW.ticket_id AND due_at_ms IS NOT NULL) OR EXISTS (
    SELECT FROM opinions o WHERE o.ticket_id = NEW.ticket_id
      AND (o.given_by = 'agent:' || NEW.account_id OR o.ordinal = 2 AND NOT account_is_admin('agent:' || NEW.account_id))
  ) THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- opinions_erase takes out what agents wrote of a ticket that is erased.
CREATE FUNCTION opinions_erase() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  UPDATE opinions SET comment = '', note = '' WHERE ticket_id = NEW.ticket_id;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER opinions_erase AFTER INSERT ON ticket_events FOR EACH ROW
  WHEN (NEW.kind = 'erased') EXECUTE FUNCTION opinions_erase();

-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['tickets_pending()', 'claims_pending()', 'opinions_erase()', 'account_is_admin(text)'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
END $$;
-- +goose StatementEnd
