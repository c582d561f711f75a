-- +goose Up

-- Where a form allows one open ticket, a user's tickets follow each other: each knows which attempt it is and the rejected
-- one that it follows. turn counts a user's tickets, so that of two that were sent at once only one follows the one before.
-- Those from before have no turn, and so have those of forms that allow many.
ALTER TABLE tickets
  ADD COLUMN attempt     integer NOT NULL DEFAULT 1,
  ADD COLUMN previous_id uuid,
  ADD COLUMN turn        integer;

-- NOT VALID: nobody need wait for the rows from before to be read.
ALTER TABLE tickets
  ADD CONSTRAINT tickets_attempt CHECK (attempt > 0) NOT VALID,
  ADD CONSTRAINT tickets_turn_counts CHECK (turn > 0) NOT VALID,
  ADD CONSTRAINT tickets_previous FOREIGN KEY (previous_id) REFERENCES tickets (id) NOT VALID;

-- A rejection that closed resubmission for its user, and the admin who allowed it again.
CREATE TABLE reopenings (
  ticket_id   uuid   PRIMARY KEY REFERENCES tickets (id),
  user_id     text   NOT NULL,
  reopened_by text   NOT NULL CHECK (reopened_by ~ '^agent:.'),
  note        text   NOT NULL CHECK (note <> ''),
  at_ms       bigint NOT NULL DEFAULT now_ms()
);
CREATE INDEX reopenings_user ON reopenings (user_id, at_ms);
CREATE TRIGGER reopenings_keep BEFORE UPDATE OR DELETE ON reopenings FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER reopenings_keep_all BEFORE TRUNCATE ON reopenings FOR EACH STATEMENT EXECUTE FUNCTION refuse();

-- +goose StatementBegin
-- tickets_guard as it was, with what has become a part of what is submitted.
CREATE OR REPLACE FUNCTION tickets_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'processing' THEN
    RAISE EXCEPTION 'ticket % is closed and cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.version <> OLD.version + 1 OR NEW.status = 'processing' THEN
    RAISE EXCEPTION 'ticket % changes by one version, from open to closed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.id, NEW.user_id, NEW.extra, NEW.form_version, NEW.language, NEW.one_open, NEW.submitted_by, NEW.submission_key, NEW.submission_hash,
      NEW.created_at_ms, NEW.attempt, NEW.previous_id, NEW.turn)
     IS DISTINCT FROM
     (OLD.id, OLD.user_id, OLD.extra, OLD.form_version, OLD.language, OLD.one_open, OLD.submitted_by, OLD.submission_key, OLD.submission_hash,
      OLD.created_at_ms, OLD.attempt, OLD.previous_id, OLD.turn) THEN
    RAISE EXCEPTION 'what was submitted with ticket % cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
