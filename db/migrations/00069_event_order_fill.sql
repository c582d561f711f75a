-- +goose NO TRANSACTION
-- +goose Up

DROP INDEX CONCURRENTLY IF EXISTS ticket_events_seq;
CREATE UNIQUE INDEX CONCURRENTLY ticket_events_seq ON ticket_events (seq) WHERE seq IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS erasures_seq;
CREATE UNIQUE INDEX CONCURRENTLY erasures_seq ON erasures (seq) WHERE seq IS NOT NULL;

-- Events of the last 30 days from before have the order of their times. They are numbered backwards, an hour in each transaction, so
-- that nothing waits for long; after a failure it goes on where it was.
-- +goose StatementBegin
DO $$
DECLARE
  oldest_ms bigint := now_ms() - 30 * 86400000::bigint;
  until_ms  bigint := 9223372036854775807;
  from_ms   bigint := now_ms() - now_ms() % 3600000;
  next_seq  bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM ticket_events WHERE seq IS NULL) AND NOT EXISTS (SELECT FROM erasures WHERE seq IS NULL) THEN
    RETURN;
  END IF;
  SELECT least(1000000000, min(e.seq), (SELECT min(seq) FROM erasures)) INTO next_seq FROM ticket_events e WHERE e.seq IS NOT NULL;
  LOOP
    PERFORM set_config('docket.erasing', 'on', true), set_config('synchronous_commit', 'off', true); -- else an event cannot be changed
    WITH numbered AS (
      SELECT f.*, next_seq - row_number() OVER (ORDER BY at_ms DESC, erasure DESC, ticket_id DESC, version DESC) AS seq FROM (
        SELECT ticket_id, version, 0::bigint AS erasure, at_ms FROM ticket_events WHERE at_ms >= from_ms AND at_ms < until_ms AND seq IS NULL
        UNION ALL
        SELECT NULL, NULL, id, at_ms FROM erasures WHERE at_ms >= from_ms AND at_ms < until_ms AND seq IS NULL
      ) f
    ), events AS (
      UPDATE ticket_events e SET seq = n.seq FROM numbered n WHERE e.ticket_id = n.ticket_id AND e.version = n.version
    ), erased AS (
      UPDATE erasures e SET seq = n.seq FROM numbered n WHERE e.id = n.erasure
    )
    SELECT coalesce(min(n.seq), next_seq) INTO next_seq FROM numbered n;
    INSERT INTO feed_marks (at_ms, seq) VALUES (from_ms, next_seq - 1) ON CONFLICT DO NOTHING;
    COMMIT;
    EXIT WHEN from_ms <= oldest_ms;
    until_ms := from_ms;
    from_ms := from_ms - 3600000;
  END LOOP;
END $$;
-- +goose StatementEnd
