-- +goose Up

-- Counts of what happened, so that pages with numbers do not read tickets: rollup_slots by half an hour, rollup_days by day of UTC.
-- what says what is counted, key of whom or of what (a reason, a rule, the id of an agent's account), and bucket which length of
-- time, where that is what is counted: see internal/numbers. No row says anything of a user. They are written again from
-- ticket_events whenever these change.
CREATE TABLE rollup_slots (
  what   text    NOT NULL,
  at_ms  bigint  NOT NULL,
  key    text    NOT NULL,
  bucket integer NOT NULL,
  n      bigint  NOT NULL,
  PRIMARY KEY (what, at_ms, key, bucket)
);
CREATE INDEX rollup_slots_time ON rollup_slots (at_ms);

CREATE TABLE rollup_days (
  at_ms  bigint  NOT NULL,
  what   text    NOT NULL,
  key    text    NOT NULL,
  bucket integer NOT NULL,
  n      bigint  NOT NULL,
  PRIMARY KEY (at_ms, what, key, bucket)
);

-- How far the counts are final. Every event of before settled_ms is counted; zero: nothing was counted yet. Every transaction that
-- had begun to write at mark_ms has an id below mark_xid: once none of these runs, what happened long enough before mark_ms is
-- known to be complete.
CREATE TABLE rollup_state (
  single     boolean PRIMARY KEY DEFAULT true CHECK (single),
  settled_ms bigint  NOT NULL DEFAULT 0,
  mark_ms    bigint  NOT NULL DEFAULT 0,
  mark_xid   bigint  NOT NULL DEFAULT 0
);
INSERT INTO rollup_state DEFAULT VALUES;

-- The half hours to which an event was added long after they were over, such as by an import. They are counted again.
CREATE TABLE rollup_late (
  id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at_ms bigint NOT NULL
);
CREATE INDEX rollup_late_time ON rollup_late (at_ms);

-- +goose StatementBegin
-- rollup_note_late notes the half hour of an event, unless that is noted. The lock keeps a note until this transaction has ended:
-- who removes the note then sees the event. Transactions do not wait for each other: each may add a note of its own.
CREATE FUNCTION rollup_note_late() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  slot bigint := NEW.at_ms - NEW.at_ms % 1800000;
BEGIN
  PERFORM FROM rollup_late WHERE at_ms = slot LIMIT 1 FOR KEY SHARE SKIP LOCKED;
  IF NOT FOUND THEN
    INSERT INTO rollup_late (at_ms) VALUES (slot);
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION rollup_note_late SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION rollup_note_late FROM PUBLIC;
-- An hour: counts are settled two hours after, so that clocks may differ by an hour.
CREATE TRIGGER ticket_events_late AFTER INSERT ON ticket_events
  FOR EACH ROW WHEN (NEW.at_ms < extract(epoch FROM statement_timestamp()) * 1000 - 3600000) EXECUTE FUNCTION rollup_note_late();

-- +goose StatementBegin
-- rollup_bucket is the bucket of a length of time.
CREATE FUNCTION rollup_bucket(ms bigint) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT floor(4 * ln(greatest(ms, 1000)::float8 / 1000) / ln(2::float8))::integer
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- rollup_count counts what happened in the half hours from a time to another, and replaces what was counted of them before. A length
-- of time is counted in a bucket: four buckets double the time, and the first begins at a second. How long an agent had a ticket is
-- the time since the agent opened it first, within the hour before the decision.
CREATE FUNCTION rollup_count(from_ms bigint, to_ms bigint) RETURNS void LANGUAGE sql AS $$
  WITH happened AS MATERIALIZED (
    SELECT e.ticket_id, e.version, e.kind, e.at_ms, e.reason, e.reasons, t.attempt,
      e.at_ms - e.at_ms % 1800000 AS slot, split_part(e.actor, ':', 1) AS by_kind, substr(e.actor, strpos(e.actor, ':') + 1) AS by_id,
      rollup_bucket(e.at_ms - t.created_at_ms) AS wait
    FROM ticket_events e JOIN tickets t ON t.id = e.ticket_id
    WHERE e.at_ms >= from_ms AND e.at_ms < to_ms AND e.kind IN ('submitted', 'approved', 'rejected', 'withdrawn', 'revoked')
  ), opened AS (
    SELECT h.slot, h.by_id, rollup_bucket(h.at_ms - o.at_ms) AS took
    FROM happened h CROSS JOIN LATERAL (
      SELECT min(a.at_ms) AS at_ms FROM audit a
      WHERE a.object = 'ticket:' || h.ticket_id::text AND a.object <> '' AND a.at_ms >= h.at_ms - 3600000 AND a.at_ms <= h.at_ms
        AND a.actor = 'agent:' || h.by_id AND a.action IN ('ticket_opened', 'unclaimed_ticket_opened')
    ) o
    WHERE h.by_kind = 'agent' AND h.kind IN ('approved', 'rejected') AND o.at_ms IS NOT NULL
  ), counted AS (
    SELECT h.slot, c.what, c.key, c.bucket FROM happened h CROSS JOIN LATERAL (VALUES
      ('submitted', '', 0, h.kind = 'submitted'),
      ('approved', h.by_kind, 0, h.kind = 'approved'),
      ('rejected', h.by_kind, 0, h.kind = 'rejected'),
      ('withdrawn', '', 0, h.kind = 'withdrawn'),
      ('revoked', '', 0, h.kind = 'revoked'),
      ('wait', h.by_kind, h.wait, h.kind IN ('approved', 'rejected')),
      ('attempts', h.attempt::text, 0, h.kind = 'approved'),
      ('agent_approved', h.by_id, 0, h.kind = 'approved' AND h.by_kind = 'agent'),
      ('agent_rejected', h.by_id, 0, h.kind = 'rejected' AND h.by_kind = 'agent'),
      ('rule_approved', h.by_id, 0, h.kind = 'approved' AND h.by_kind = 'rule'),
      ('rule_rejected', h.by_id, 0, h.kind = 'rejected' AND h.by_kind = 'rule')
    ) AS c (what, key, bucket, counts)
    WHERE c.counts
    UNION ALL
    SELECT h.slot, 'reason', r.code, 0 FROM happened h CROSS JOIN LATERAL unnest(coalesce(h.reasons, ARRAY[h.reason])) AS r (code)
    WHERE h.kind = 'rejected' AND r.code IS NOT NULL
    UNION ALL
    SELECT o.slot, 'agent_time', o.by_id, o.took FROM opened o
    UNION ALL
    SELECT h.slot, 'agent_revoked', substr(d.actor, 7), 0 FROM happened h CROSS JOIN LATERAL (
      SELECT e.actor FROM ticket_events e
      WHERE e.ticket_id = h.ticket_id AND e.version < h.version AND e.kind = 'approved' ORDER BY e.version DESC LIMIT 1
    ) d
    WHERE h.kind = 'revoked' AND d.actor LIKE 'agent:%'
  ), fresh AS (
    SELECT slot AS at_ms, what, key, bucket, count(*) AS n FROM counted GROUP BY 1, 2, 3, 4
  ), gone AS (
    DELETE FROM rollup_slots s
    WHERE s.at_ms >= from_ms AND s.at_ms < to_ms
      AND NOT EXISTS (SELECT FROM fresh f WHERE (f.what, f.at_ms, f.key, f.bucket) = (s.what, s.at_ms, s.key, s.bucket))
  )
  INSERT INTO rollup_slots AS s (what, at_ms, key, bucket, n)
  SELECT what, at_ms, key, bucket, n FROM fresh
  ON CONFLICT (what, at_ms, key, bucket) DO UPDATE SET n = excluded.n WHERE s.n <> excluded.n;
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- rollup_add_up adds up the half hours of a day of UTC that begins at a time.
CREATE FUNCTION rollup_add_up(day_ms bigint) RETURNS void LANGUAGE sql AS $$
  WITH fresh AS (
    SELECT s.what, s.key, s.bucket, sum(s.n)::bigint AS n FROM rollup_slots s
    WHERE s.at_ms >= day_ms AND s.at_ms < day_ms + 86400000
    GROUP BY 1, 2, 3
  ), gone AS (
    DELETE FROM rollup_days d
    WHERE d.at_ms = day_ms AND NOT EXISTS (SELECT FROM fresh f WHERE (f.what, f.key, f.bucket) = (d.what, d.key, d.bucket))
  )
  INSERT INTO rollup_days AS d (at_ms, what, key, bucket, n)
  SELECT day_ms, what, key, bucket, n FROM fresh
  ON CONFLICT (at_ms, what, key, bucket) DO UPDATE SET n = excluded.n WHERE d.n <> excluded.n;
$$;
-- +goose StatementEnd
