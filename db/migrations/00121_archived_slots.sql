-- +goose Up

-- The half hours of which the archive has something: what happened in them is not counted again, as the count would leave that out.
CREATE TABLE archived_slots (
  at_ms bigint PRIMARY KEY
);

-- +goose StatementBegin
-- archived_slots_of is the half hours in which something happened to an archived ticket.
CREATE FUNCTION archived_slots_of(created_at_ms bigint, decided_at_ms bigint, updated_at_ms bigint, history jsonb) RETURNS SETOF bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT DISTINCT at_ms - at_ms % 1800000 FROM (
    SELECT unnest(ARRAY[created_at_ms, decided_at_ms, updated_at_ms, (history -> 'look' ->> 'given_at_ms')::bigint]) AS at_ms
    UNION ALL
    SELECT at::bigint FROM jsonb_path_query(history, '$.*[*].at_ms') AS at
  ) happened WHERE at_ms IS NOT NULL
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- archived_slots_add notes the half hours of what is moved to the archive.
CREATE FUNCTION archived_slots_add() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO archived_slots (at_ms)
  SELECT DISTINCT s FROM moved m CROSS JOIN LATERAL archived_slots_of(m.created_at_ms, m.decided_at_ms, m.updated_at_ms, m.history) AS s
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER archived_slots AFTER INSERT ON archived_tickets REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION archived_slots_add();
INSERT INTO archived_slots (at_ms)
SELECT DISTINCT s FROM archived_tickets a CROSS JOIN LATERAL archived_slots_of(a.created_at_ms, a.decided_at_ms, a.updated_at_ms, a.history) AS s
ON CONFLICT DO NOTHING;

-- +goose StatementBegin
-- rollup_note_late as it was, but what the archive has of a half hour is looked up, and not looked for in each of its months.
CREATE OR REPLACE FUNCTION rollup_note_late() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  slot bigint := NEW.at_ms - NEW.at_ms % 1800000;
BEGIN
  IF EXISTS (SELECT FROM archived_slots a WHERE a.at_ms = slot) THEN
    RETURN NULL;
  END IF;
  PERFORM FROM rollup_late WHERE at_ms = slot LIMIT 1 FOR KEY SHARE SKIP LOCKED;
  IF NOT FOUND THEN
    INSERT INTO rollup_late (at_ms) VALUES (slot);
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- archive_months lists the months of the archive, the oldest first: how many tickets each has, and how many bytes it takes with its indexes. Of
-- one that was analyzed with more than 100,000 it says how many there were then: to count them reads all of it.
CREATE OR REPLACE FUNCTION archive_months() RETURNS TABLE (month text, tickets bigint, bytes bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
  m record;
BEGIN
  FOR m IN SELECT c.oid::regclass AS name, c.reltuples::bigint AS about FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'archived_tickets'::regclass ORDER BY c.relname
  LOOP
    month := right(m.name::text, 7);
    bytes := pg_total_relation_size(m.name);
    tickets := m.about;
    IF m.about <= 100000 THEN
      EXECUTE format('SELECT count(*) FROM %s', m.name) INTO tickets;
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
  writer text;
BEGIN
  EXECUTE format('ALTER FUNCTION archived_slots_add() SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION rollup_note_late() SET search_path = %I, pg_temp', current_schema());
  REVOKE EXECUTE ON FUNCTION archived_slots_add, archived_slots_of FROM PUBLIC;
  FOR writer IN
    SELECT DISTINCT a.grantee::regrole::text FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
    WHERE c.oid = 'rollup_late'::regclass AND a.privilege_type = 'DELETE' AND a.grantee NOT IN (0, c.relowner)
  LOOP
    EXECUTE 'GRANT SELECT ON archived_slots TO ' || writer;
  END LOOP;
END $$;
-- +goose StatementEnd
