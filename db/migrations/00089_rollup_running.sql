-- +goose Up

-- What happened from the beginning of a day of UTC to the end of each of its half hours: the submissions, the decisions, and how long
-- tickets had waited that no rule decided, as counts of the buckets of rollup_bucket from 0 on. So what happened in a range of time is the
-- sum and the difference of a few rows, wherever its days begin and however many tickets there are.
CREATE TABLE rollup_running (
  at_ms     bigint   PRIMARY KEY, -- when the half hour begins
  submitted bigint   NOT NULL,
  approved  bigint   NOT NULL,
  rejected  bigint   NOT NULL,
  waits     bigint[] NOT NULL
);

-- +goose StatementBegin
-- rollup_add_up adds up the half hours of a day of UTC that begins at a time: as a whole, and up to the end of each.
CREATE OR REPLACE FUNCTION rollup_add_up(day_ms bigint) RETURNS void LANGUAGE sql AS $$
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

  WITH counted AS (
    SELECT s.at_ms, s.what, s.bucket, sum(s.n) AS n FROM rollup_slots s
    WHERE s.at_ms >= day_ms AND s.at_ms < day_ms + 86400000
      AND (s.what IN ('submitted', 'approved', 'rejected') OR s.what = 'wait' AND s.key <> 'rule')
    GROUP BY 1, 2, 3
  ), kinds AS (
    SELECT what, 0 AS bucket FROM unnest(ARRAY['submitted', 'approved', 'rejected']) AS what
    UNION ALL
    SELECT 'wait', generate_series(0, (SELECT max(c.bucket) FROM counted c WHERE c.what = 'wait'))
  ), running AS (
    SELECT at_ms, k.what, k.bucket, sum(coalesce(c.n, 0)) OVER (PARTITION BY k.what, k.bucket ORDER BY at_ms)::bigint AS n
    FROM generate_series(day_ms, day_ms + 84600000, 1800000) AS at_ms CROSS JOIN kinds k LEFT JOIN counted c USING (at_ms, what, bucket)
  ), fresh AS (
    SELECT at_ms, sum(n) FILTER (WHERE what = 'submitted') AS submitted, sum(n) FILTER (WHERE what = 'approved') AS approved,
      sum(n) FILTER (WHERE what = 'rejected') AS rejected, coalesce(array_agg(n ORDER BY bucket) FILTER (WHERE what = 'wait'), '{}') AS waits
    FROM running GROUP BY 1
  )
  INSERT INTO rollup_running AS r (at_ms, submitted, approved, rejected, waits)
  SELECT at_ms, submitted, approved, rejected, waits FROM fresh
  ON CONFLICT (at_ms) DO UPDATE
  SET submitted = excluded.submitted, approved = excluded.approved, rejected = excluded.rejected, waits = excluded.waits
  WHERE (r.submitted, r.approved, r.rejected, r.waits) IS DISTINCT FROM (excluded.submitted, excluded.approved, excluded.rejected, excluded.waits);
$$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$ BEGIN
  PERFORM FROM rollup_state FOR UPDATE; -- no instance counts meanwhile
  PERFORM rollup_add_up(d.at_ms) FROM (SELECT DISTINCT at_ms FROM rollup_days) AS d;
END $$;
-- +goose StatementEnd
