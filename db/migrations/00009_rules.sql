-- +goose Up

-- The hash of what a rule said when it decided, beside its name in decided_by and actor.
ALTER TABLE tickets ADD COLUMN rule_hash text;
ALTER TABLE ticket_events ADD COLUMN rule_hash text;

-- NOT VALID: nobody need wait for the rows from before to be read.
ALTER TABLE tickets ADD CONSTRAINT tickets_rule CHECK (
  rule_hash IS NULL OR (rule_hash <> '' AND decided_by IS NOT NULL AND decided_by LIKE 'rule:%')) NOT VALID;

-- What each rule of the form said of a ticket when it was submitted, unless it said nothing. A shadow rule only says it.
CREATE TABLE verdicts (
  ticket_id uuid    NOT NULL REFERENCES tickets (id),
  rule      text    NOT NULL CHECK (rule <> ''),
  hash      text    NOT NULL CHECK (hash <> ''),
  shadow    boolean NOT NULL,
  outcome   text    NOT NULL CHECK (outcome IN ('approve', 'reject', 'failed')),
  reason    text    CHECK ((reason IS NOT NULL) = (outcome = 'reject')),
  at_ms     bigint  NOT NULL,
  PRIMARY KEY (ticket_id, rule)
);
CREATE INDEX verdicts_at ON verdicts (at_ms);
CREATE TRIGGER verdicts_keep BEFORE UPDATE OR DELETE ON verdicts FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER verdicts_keep_all BEFORE TRUNCATE ON verdicts FOR EACH STATEMENT EXECUTE FUNCTION refuse();

-- +goose StatementBegin
-- tickets_history as it was, with the hash of the rule.
CREATE OR REPLACE FUNCTION tickets_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.version > 1 THEN -- a closed ticket from elsewhere: it was submitted before it was closed
    INSERT INTO ticket_events (ticket_id, version, kind, actor, at_ms)
    VALUES (NEW.id, NEW.version - 1, 'submitted', NEW.submitted_by, NEW.created_at_ms);
  END IF;
  INSERT INTO ticket_events (ticket_id, version, kind, actor, at_ms, reason, reasons, class, comment, note, rule_hash)
  VALUES (NEW.id, NEW.version,
    CASE NEW.status WHEN 'processing' THEN 'submitted' ELSE NEW.status END,
    CASE NEW.status WHEN 'processing' THEN NEW.submitted_by WHEN 'withdrawn' THEN 'user:' || NEW.user_id ELSE NEW.decided_by END,
    NEW.updated_at_ms, NEW.reject_reason, NEW.reject_reasons, NEW.reject_class, NEW.reject_comment, NEW.note, NEW.rule_hash);
  IF NEW.status = 'approved' THEN
    PERFORM 1 FROM user_tickets WHERE user_id = NEW.user_id AND updated_at_ms >= NEW.updated_at_ms;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'ticket % is approved but user_tickets does not know', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
