-- +goose Up

-- The place of each event in the feed: see internal/feed. The trigger that writes an event takes its number, after the locks of what
-- the event is about: of two changes of one ticket, and of two approvals of one user, the later one has the greater number, whichever
-- transaction began first. Numbers below the first of the sequence are for events from before. A number may stay unused.
CREATE SEQUENCE feed_numbers AS bigint START WITH 1000000000;
ALTER TABLE ticket_events ADD COLUMN seq bigint;
ALTER TABLE ticket_events ALTER COLUMN seq SET DEFAULT nextval('feed_numbers');

-- +goose StatementBegin
-- feed_number takes a number for what is written first in its transaction, which must have an id before: see feed_state.
CREATE FUNCTION feed_number() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_current_xact_id();
  RETURN nextval('feed_numbers');
END $$;
-- +goose StatementEnd
-- The erasure of a user is in the feed, too.
ALTER TABLE erasures ADD COLUMN seq bigint;
ALTER TABLE erasures ALTER COLUMN seq SET DEFAULT feed_number();

-- How far the feed was at a time, about once an hour: every event up to seq had been committed by then.
CREATE TABLE feed_marks (
  at_ms bigint PRIMARY KEY,
  seq   bigint NOT NULL
);

-- +goose StatementBegin
-- feed_state says how far numbers were taken, and which transactions may hold one of these: whoever takes a number has an id by then,
-- and holds a lock of the sequence until its transaction has ended. So both are looked for after the number is read.
CREATE FUNCTION feed_state(OUT taken bigint, OUT holders text[]) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  SELECT CASE WHEN s.is_called THEN s.last_value ELSE s.last_value - 1 END INTO taken FROM feed_numbers s;
  holders := '{}';
  PERFORM FROM pg_snapshot_xmin(pg_current_snapshot()) AS x WHERE age(x::xid) > 0; -- else no transaction has an id, which is cheaper to find out
  IF FOUND THEN
    SELECT coalesce(array_agg(l.virtualtransaction), '{}') INTO holders FROM pg_locks l
    WHERE l.locktype = 'relation' AND l.relation = 'feed_numbers'::regclass AND l.mode = 'RowExclusiveLock' AND l.granted
      AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database());
  END IF;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
  writer text;
BEGIN
  EXECUTE format('ALTER FUNCTION feed_number() SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION feed_state() SET search_path = %I, pg_temp', current_schema());
  -- Roles that write tickets now, of this release or the previous one, take numbers.
  FOR writer IN
    SELECT DISTINCT a.grantee::regrole::text FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
    WHERE c.oid = 'tickets'::regclass AND a.privilege_type = 'INSERT' AND a.grantee NOT IN (0, c.relowner)
  LOOP
    EXECUTE 'GRANT USAGE, SELECT ON SEQUENCE feed_numbers TO ' || writer;
    EXECUTE 'GRANT SELECT, INSERT, DELETE ON feed_marks TO ' || writer;
  END LOOP;
END $$;
-- +goose StatementEnd
