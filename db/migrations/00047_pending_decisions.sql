-- +goose Up

-- A decision that can still be undone. It is made with the ticket when it is due, by any instance; until then nothing but the
-- console shows it. due_at_ms is NULL when it was undone: the row then keeps what was typed until the ticket is closed.
CREATE TABLE pending_decisions (
  ticket_id      uuid   PRIMARY KEY REFERENCES tickets (id),
  version        bigint NOT NULL,
  status         text   NOT NULL CHECK (status IN ('approved', 'rejected')),
  decided_by     text   NOT NULL CHECK (decided_by ~ '^agent:.'),
  reject_reasons text[],
  reject_class   text,
  reject_comment text,
  note           text   NOT NULL,
  due_at_ms      bigint,
  created_at_ms  bigint NOT NULL DEFAULT now_ms(),
  CONSTRAINT pending_decisions_reasons CHECK (
    CASE status
      WHEN 'approved' THEN reject_reasons IS NULL AND reject_class IS NULL AND reject_comment IS NULL
      ELSE cardinality(reject_reasons) > 0 AND reject_class IN ('retry', 'final') AND reject_comment IS NOT NULL
    END
  )
);
CREATE INDEX pending_decisions_due ON pending_decisions (due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE INDEX pending_decisions_agent ON pending_decisions (decided_by) WHERE due_at_ms IS NOT NULL;

-- +goose StatementBegin
-- tickets_pending ends the pending decision of a ticket that is closed: a withdrawal and an erasure are stronger. Another decision
-- is not: it is refused. What makes the pending decision deletes the row before, in the same transaction. A statement that waited
-- for the ticket does not see a pending decision that was added meanwhile; this trigger does.
CREATE FUNCTION tickets_pending() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  due bigint;
BEGIN
  DELETE FROM pending_decisions WHERE ticket_id = NEW.id RETURNING due_at_ms INTO due;
  IF due IS NOT NULL AND NEW.status IN ('approved', 'rejected') THEN
    RAISE EXCEPTION 'ticket % has a decision that is pending', NEW.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tickets_pending';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tickets_pending AFTER UPDATE OF status ON tickets FOR EACH ROW
  WHEN (OLD.status = 'processing' AND NEW.status <> 'processing') EXECUTE FUNCTION tickets_pending();

-- +goose StatementBegin
-- claims_pending leaves out the claim of a ticket whose decision is pending, also for the previous release.
CREATE FUNCTION claims_pending() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF EXISTS (SELECT FROM pending_decisions WHERE ticket_id = NEW.ticket_id AND due_at_ms IS NOT NULL) THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER claims_pending BEFORE INSERT ON claims FOR EACH ROW EXECUTE FUNCTION claims_pending();

-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION tickets_pending() SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION claims_pending() SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
