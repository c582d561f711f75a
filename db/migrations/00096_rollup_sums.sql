-- +goose Up

-- What happened, but for how long tickets waited, from the beginning of a day of UTC to the end of a half hour of it that begins at at_ms
-- (unit slot), and from the beginning of 32 days to the end of a day that begins at at_ms (unit day). Half hours and days without any
-- counts have no row: what was before them holds. sums has, by what is counted and its key, the counts of buckets from 0 on. So what
-- happened in a range of time is the difference of a few rows, however long it is.
CREATE TABLE rollup_sums (
  unit  text   NOT NULL CHECK (unit IN ('slot', 'day')),
  at_ms bigint NOT NULL,
  sums  jsonb  NOT NULL,
  PRIMARY KEY (unit, at_ms)
);

-- The tickets that wait, by the queue of the form and the half hour in which they were submitted; zero: before the last four days. They
-- are counted once a minute, and read where they are too many to be counted for a page.
CREATE TABLE rollup_waiting (
  queue text   NOT NULL,
  at_ms bigint NOT NULL,
  n     bigint NOT NULL,
  PRIMARY KEY (queue, at_ms)
);

-- +goose StatementBegin
-- rollup_sum_slots writes rollup_sums of the half hours of a day of UTC that begins at a time.
CREATE FUNCTION rollup_sum_slots(day_ms bigint) RETURNS void LANGUAGE sql AS $$
  WITH counted AS (
    SELECT s.at_ms, s.what || ' ' || s.key AS name, s.bucket, s.n FROM rollup_slots s
    WHERE s.at_ms >= day_ms AND s.at_ms < day_ms + 86400000 AND s.what <> 'wait'
  ), names AS (
    SELECT name, max(bucket) AS last FROM counted GROUP BY 1
  ), running AS (
    SELECT a.at_ms, k.name, b.bucket, sum(coalesce(c.n, 0)) OVER (PARTITION BY k.name, b.bucket ORDER BY a.at_ms) AS n
    FROM (SELECT DISTINCT at_ms FROM counted) a CROSS JOIN names k CROSS JOIN LATERAL generate_series(0, k.last) AS b (bucket)
    LEFT JOIN counted c ON (c.at_ms, c.name, c.bucket) = (a.at_ms, k.name, b.bucket)
  ), fresh AS (
    SELECT l.at_ms, jsonb_object_agg(l.name, l.counts) AS sums
    FROM (SELECT at_ms, name, to_jsonb(array_agg(n ORDER BY bucket)) AS counts FROM running GROUP BY 1, 2) l GROUP BY 1
  ), gone AS (
    DELETE FROM rollup_sums r
    WHERE r.unit = 'slot' AND r.at_ms >= day_ms AND r.at_ms < day_ms + 86400000 AND NOT EXISTS (SELECT FROM fresh f WHERE f.at_ms = r.at_ms)
  )
  INSERT INTO rollup_sums AS r (unit, at_ms, sums)
  SELECT 'slot', at_ms, sums FROM fresh
  ON CONFLICT (unit, at_ms) DO UPDATE SET sums = excluded.sums WHERE r.sums <> excluded.sums;
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- rollup_sum_days writes rollup_sums of a day of UTC that begins at a time, and of the days after it with which it is added up.
CREATE FUNCTION rollup_sum_days(day_ms bigint) RETURNS void LANGUAGE sql AS $$
  WITH days AS (
    SELECT DISTINCT d.at_ms FROM rollup_days d
    WHERE d.at_ms >= day_ms AND d.at_ms < day_ms - day_ms % 2764800000 + 2764800000
  ), counted AS (
    SELECT a.at_ms, d.what || ' ' || d.key AS name, d.bucket, sum(d.n) AS n
    FROM days a JOIN rollup_days d ON d.at_ms >= day_ms - day_ms % 2764800000 AND d.at_ms <= a.at_ms AND d.what <> 'wait'
    GROUP BY 1, 2, 3
  ), lists AS (
    SELECT k.at_ms, k.name, to_jsonb(array_agg(coalesce(c.n, 0) ORDER BY b.bucket)) AS counts
    FROM (SELECT at_ms, name, max(bucket) AS last FROM counted GROUP BY 1, 2) k CROSS JOIN LATERAL generate_series(0, k.last) AS b (bucket)
    LEFT JOIN counted c ON (c.at_ms, c.name, c.bucket) = (k.at_ms, k.name, b.bucket)
    GROUP BY 1, 2
  ), fresh AS (
    SELECT at_ms, jsonb_object_agg(name, counts) AS sums FROM lists GROUP BY 1
  ), gone AS (
    DELETE FROM rollup_sums r
    WHERE r.unit = 'day' AND r.at_ms >= day_ms AND r.at_ms < day_ms - day_ms % 2764800000 + 2764800000
      AND NOT EXISTS (SELECT FROM fresh f WHERE f.at_ms = r.at_ms)
  )
  INSERT INTO rollup_sums AS r (unit, at_ms, sums)
  SELECT 'day', at_ms, sums FROM fresh
  ON CONFLICT (unit, at_ms) DO UPDATE SET sums = excluded.sums WHERE r.sums <> excluded.sums;
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- rollup_add_up as it was; and it writes rollup_sums.
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

  SELECT rollup_sum_slots(day_ms), rollup_sum_days(day_ms);
$$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$ BEGIN
  PERFORM FROM rollup_state FOR UPDATE; -- no instance counts meanwhile
  PERFORM rollup_sum_slots(d.at_ms) FROM (SELECT DISTINCT at_ms FROM rollup_days) AS d;
  PERFORM rollup_sum_days(d.at_ms) FROM (SELECT min(at_ms) AS at_ms FROM rollup_days GROUP BY at_ms / 2764800000) AS d;
END $$;
-- +goose StatementEnd
