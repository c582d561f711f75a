-- +goose Up

-- The queue of the form that a ticket was put in when it was submitted; empty: none.
ALTER TABLE tickets ADD COLUMN queue text NOT NULL DEFAULT '' CHECK (char_length(queue) <= 64);

-- Where an open ticket is, unless it simply waits in its queue: handed over to an agent or a team, snoozed, or both. A closed
-- ticket has no row.
CREATE TABLE placements (
  ticket_id        uuid   PRIMARY KEY REFERENCES tickets (id),
  account_id       uuid   REFERENCES accounts (id) ON DELETE CASCADE,
  team             text   CHECK (team <> ''),
  snoozed_until_ms bigint,
  reason           text   NOT NULL DEFAULT '',
  placed_by        text   NOT NULL CHECK (placed_by ~ '^agent:.'),
  at_ms            bigint NOT NULL DEFAULT now_ms(),
  CHECK (account_id IS NULL OR team IS NULL),
  CHECK (account_id IS NOT NULL OR team IS NOT NULL OR snoozed_until_ms IS NOT NULL)
);
CREATE INDEX placements_account ON placements (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX placements_team ON placements (team) WHERE team IS NOT NULL;
CREATE INDEX placements_snoozed ON placements (snoozed_until_ms, ticket_id) WHERE snoozed_until_ms IS NOT NULL;

-- +goose StatementBegin
-- tickets_leave_desk removes what was only about an open ticket.
CREATE FUNCTION tickets_leave_desk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM placements WHERE ticket_id = NEW.id;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tickets_leave_desk AFTER UPDATE ON tickets FOR EACH ROW
  WHEN (OLD.status = 'processing' AND NEW.status <> 'processing') EXECUTE FUNCTION tickets_leave_desk();

-- What agents did with a ticket beside deciding it. Rows are only added; an erasure takes the texts out.
CREATE TABLE ticket_notes (
  id        uuid   PRIMARY KEY,
  ticket_id uuid   NOT NULL REFERENCES tickets (id),
  kind      text   NOT NULL CHECK (kind IN ('skipped', 'snoozed', 'woken', 'handed_over', 'commented')),
  actor     text   NOT NULL CHECK (actor ~ '^agent:.'),
  at_ms     bigint NOT NULL DEFAULT now_ms(),
  text      text   NOT NULL DEFAULT '',
  target    text   CHECK (target ~ '^((agent|team):.|everyone$)'),
  until_ms  bigint,
  CHECK ((kind = 'handed_over') = (target IS NOT NULL)),
  CHECK ((kind IN ('skipped', 'snoozed')) = (until_ms IS NOT NULL))
);
CREATE INDEX ticket_notes_ticket ON ticket_notes (ticket_id, at_ms, id);

-- +goose StatementBegin
-- ticket_notes_guard lets a row change in one way: an erasure takes the text out.
CREATE FUNCTION ticket_notes_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND erasing(TG_RELID) AND NEW.text = ''
    AND (NEW.id, NEW.ticket_id, NEW.kind, NEW.actor, NEW.at_ms, NEW.target, NEW.until_ms)
      IS NOT DISTINCT FROM (OLD.id, OLD.ticket_id, OLD.kind, OLD.actor, OLD.at_ms, OLD.target, OLD.until_ms) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% on ticket_notes is not allowed: it is only ever added to', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER ticket_notes_keep BEFORE UPDATE OR DELETE ON ticket_notes FOR EACH ROW EXECUTE FUNCTION ticket_notes_guard();
CREATE TRIGGER ticket_notes_keep_all BEFORE TRUNCATE ON ticket_notes FOR EACH STATEMENT EXECUTE FUNCTION refuse();

-- +goose StatementBegin
-- ticket_notes_erase takes out what agents wrote of a ticket that is erased.
CREATE FUNCTION ticket_notes_erase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ticket_notes SET text = '' WHERE ticket_id = NEW.ticket_id AND text <> '';
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER ticket_notes_erase AFTER INSERT ON ticket_events FOR EACH ROW
  WHEN (NEW.kind = 'erased') EXECUTE FUNCTION ticket_notes_erase();

-- The teams that an account is in. A team is its name: it exists while an account is in it or the form names it.
CREATE TABLE team_members (
  team       text NOT NULL CHECK (team ~ '^[a-z][a-z0-9_-]{0,62}$' AND team <> 'everyone'),
  account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  PRIMARY KEY (account_id, team)
);
CREATE INDEX team_members_team ON team_members (team, account_id);

-- Who has the page of a ticket open. It need not outlive a crash of the server.
CREATE UNLOGGED TABLE viewers (
  ticket_id  uuid   NOT NULL,
  account_id uuid   NOT NULL,
  seen_at_ms bigint NOT NULL DEFAULT now_ms(),
  PRIMARY KEY (ticket_id, account_id)
);

-- These triggers read and write tables that the previous release does not know, for statements that it sends.
-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION tickets_leave_desk() SECURITY DEFINER SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION ticket_notes_guard() SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION ticket_notes_erase() SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
