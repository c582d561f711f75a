-- +goose Up

-- Decided tickets that were drawn for a second look, and what the agent thinks who looked without knowing the decision. It changes
-- nothing of the ticket. decided_by, status and decided_at_ms are of the decision. What begins with given_by is null until the look
-- is given; until taken_until_ms it is offered to nobody but the agent who has taken it.
CREATE TABLE second_looks (
  ticket_id      uuid   PRIMARY KEY REFERENCES tickets (id),
  decided_by     text   NOT NULL,
  status         text   NOT NULL CHECK (status IN ('approved', 'rejected')),
  decided_at_ms  bigint NOT NULL,
  drawn_at_ms    bigint NOT NULL DEFAULT now_ms(),
  taken_by       uuid,
  taken_until_ms bigint,
  given_by       text CHECK (given_by ~ '^agent:.' AND given_by <> decided_by),
  verdict        text CHECK (verdict IN ('approved', 'rejected')),
  reasons        text[],
  note           text,
  given_at_ms    bigint,
  CONSTRAINT second_looks_given CHECK (num_nulls(given_by, verdict, note, given_at_ms) IN (0, 4)),
  CONSTRAINT second_looks_reasons CHECK ((reasons IS NOT NULL) = (verdict IS NOT NULL AND verdict = 'rejected'))
);
CREATE INDEX second_looks_open ON second_looks (drawn_at_ms, ticket_id) WHERE given_by IS NULL;
CREATE INDEX second_looks_time ON second_looks (given_at_ms) WHERE given_by IS NOT NULL;

-- What is drawn follows from the id of the ticket and this secret, so nobody can tell before. Decisions of before drawn_ms are drawn
-- of; zero: none were yet.
CREATE TABLE second_look_state (
  single   boolean PRIMARY KEY DEFAULT true CHECK (single),
  secret   uuid    NOT NULL DEFAULT gen_random_uuid(),
  drawn_ms bigint  NOT NULL DEFAULT 0
);
INSERT INTO second_look_state DEFAULT VALUES;

-- +goose StatementBegin
-- second_look_open_to reports whether a look can be given by an agent: never by who decided, whose ticket it is, who had an opinion
-- of it, or who opened it after the decision, or in the minute before, in which it may have been pending.
CREATE FUNCTION second_look_open_to(of_ticket uuid, agent uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM second_looks l JOIN tickets t ON t.id = l.ticket_id
    WHERE l.ticket_id = of_ticket AND l.given_by IS NULL AND l.decided_by <> 'agent:' || agent
      AND t.erased_at_ms IS NULL AND t.user_id <> agent::text
      AND NOT EXISTS (SELECT FROM opinions o WHERE o.ticket_id = l.ticket_id AND o.given_by = 'agent:' || agent)
      AND NOT EXISTS (SELECT FROM audit a WHERE a.object = 'ticket:' || of_ticket AND a.object <> '' AND a.at_ms >= l.decided_at_ms - 60000
        AND a.actor = 'agent:' || agent AND a.action IN ('ticket_opened', 'unclaimed_ticket_opened'))
  )
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- second_looks_guard refuses a look by somebody who cannot give it, a change of one that was given, but for an erasure of its note, and
-- that one is deleted.
CREATE FUNCTION second_looks_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.given_by IS NOT NULL AND (TG_OP = 'DELETE' OR NEW.note <> '' OR NEW.note IS NULL
     OR (NEW.ticket_id, NEW.decided_by, NEW.status, NEW.decided_at_ms, NEW.drawn_at_ms, NEW.given_by, NEW.verdict, NEW.reasons, NEW.given_at_ms)
     IS DISTINCT FROM (OLD.ticket_id, OLD.decided_by, OLD.status, OLD.decided_at_ms, OLD.drawn_at_ms, OLD.given_by, OLD.verdict, OLD.reasons, OLD.given_at_ms)) THEN
    RAISE EXCEPTION 'the second look at ticket % was given and cannot change', OLD.ticket_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  IF (NEW.ticket_id, NEW.decided_by, NEW.status, NEW.decided_at_ms) IS DISTINCT FROM (OLD.ticket_id, OLD.decided_by, OLD.status, OLD.decided_at_ms)
     OR OLD.given_by IS NULL AND NEW.given_by IS NOT NULL AND NOT second_look_open_to(NEW.ticket_id, substr(NEW.given_by, 7)::uuid) THEN
    RAISE EXCEPTION 'the second look at ticket % is not open to %', NEW.ticket_id, NEW.given_by USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER second_looks_keep BEFORE UPDATE OR DELETE ON second_looks FOR EACH ROW EXECUTE FUNCTION second_looks_guard();

-- +goose StatementBegin
-- second_looks_erase takes out what was written of a ticket that is erased, and the look that nobody has given yet.
CREATE FUNCTION second_looks_erase() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  DELETE FROM second_looks WHERE ticket_id = NEW.ticket_id AND given_by IS NULL;
  UPDATE second_looks SET note = '' WHERE ticket_id = NEW.ticket_id AND note <> '';
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER second_looks_erase AFTER INSERT ON ticket_events FOR EACH ROW
  WHEN (NEW.kind = 'erased') EXECUTE FUNCTION second_looks_erase();

CREATE INDEX reopenings_time ON reopenings (at_ms);

-- +goose StatementBegin
-- rollup_count as it was; and it counts second looks by whether they agree with the decision: by the kind of who decided, by agent,
-- by rule and, of rejections, by reason, which agrees when the second look names it, too. Of agents it counts the rejections after
-- which an admin let the user send again, and the opinions against which a ticket was decided.
CREATE OR REPLACE FUNCTION rollup_count(from_ms bigint, to_ms bigint) RETURNS void LANGUAGE sql AS $$
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
  ), looked AS (
    SELECT l.given_at_ms - l.given_at_ms % 1800000 AS slot, l.status, l.reasons, coalesce(t.reject_reasons, ARRAY[t.reject_reason]) AS first_reasons,
      split_part(l.decided_by, ':', 1) AS by_kind, substr(l.decided_by, strpos(l.decided_by, ':') + 1) AS by_id,
      CASE WHEN l.verdict = l.status THEN 'look_agreed' ELSE 'look_differed' END AS result
    FROM second_looks l JOIN tickets t ON t.id = l.ticket_id
    WHERE l.given_at_ms >= from_ms AND l.given_at_ms < to_ms AND l.given_by IS NOT NULL
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
    UNION ALL
    SELECT h.slot, 'agent_overruled', substr(o.given_by, 7), 0 FROM happened h JOIN opinions o ON o.ticket_id = h.ticket_id
    WHERE h.kind IN ('approved', 'rejected') AND o.verdict <> h.kind
    UNION ALL
    SELECT r.at_ms - r.at_ms % 1800000, 'agent_reopened', substr(t.decided_by, 7), 0 FROM reopenings r JOIN tickets t ON t.id = r.ticket_id
    WHERE r.at_ms >= from_ms AND r.at_ms < to_ms AND t.decided_by LIKE 'agent:%'
    UNION ALL
    SELECT l.slot, c.prefix || l.result, c.key, 0 FROM looked l CROSS JOIN LATERAL (VALUES
      ('', l.by_kind, true), ('agent_', l.by_id, l.by_kind = 'agent'), ('rule_', l.by_id, l.by_kind = 'rule')
    ) AS c (prefix, key, counts)
    WHERE c.counts
    UNION ALL
    SELECT l.slot, CASE WHEN r.code = ANY (l.reasons) THEN 'reason_look_agreed' ELSE 'reason_look_differed' END, r.code, 0
    FROM looked l CROSS JOIN LATERAL unnest(l.first_reasons) AS r (code)
    WHERE l.status = 'rejected' AND r.code IS NOT NULL
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
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['second_looks_guard()', 'second_looks_erase()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
END $$;
-- +goose StatementEnd
