-- +goose Up

-- +goose StatementBegin
-- archive_drop as it was, but the archive is read while a month of it is deleted: the table goes last, since that keeps everybody from reading. Until then
-- nobody changes or moves what is in the month.
CREATE OR REPLACE FUNCTION archive_drop(of_month text, dry boolean, OUT tickets bigint, OUT users bigint, OUT files bigint, OUT held bigint)
LANGUAGE plpgsql SET docket.archiving = 'on' AS $$
DECLARE
  name text := 'archived_tickets_' || replace(of_month, '-', '_');
BEGIN
  SET LOCAL docket.archiving = on;
  PERFORM pg_advisory_xact_lock(hashtext('docket archive'));
  IF of_month !~ '^[0-9]{4}-[0-9]{2}$' OR to_regclass(name) IS NULL THEN
    RETURN;
  END IF;
  IF NOT dry THEN
    LOCK TABLE holds IN SHARE MODE;
    EXECUTE format('LOCK TABLE %I IN EXCLUSIVE MODE', name);
  END IF;
  EXECUTE format('SELECT count(*), count(DISTINCT user_id) FROM %I', name) INTO tickets, users;
  EXECUTE format('SELECT count(DISTINCT a.user_id) FROM %I a JOIN holds h ON h.user_id = a.user_id', name) INTO held;
  EXECUTE format('CREATE TEMPORARY TABLE archive_files ON COMMIT DROP AS SELECT DISTINCT n.user_id, n.file_id FROM %1$I a JOIN ticket_files n ON n.user_id = a.user_id AND n.ticket_id = a.id
    WHERE NOT EXISTS (SELECT FROM ticket_files o WHERE o.user_id = n.user_id AND o.file_id = n.file_id
      AND NOT EXISTS (SELECT FROM %1$I b WHERE b.user_id = o.user_id AND b.id = o.ticket_id))', name);
  SELECT count(*) INTO files FROM archive_files;
  IF dry OR held > 0 THEN
    DROP TABLE archive_files;
    RETURN;
  END IF;
  EXECUTE format('DELETE FROM archived_counts c USING (SELECT user_id, status, count(*) AS n FROM %I GROUP BY 1, 2) g
    WHERE c.user_id = g.user_id AND c.status = g.status AND c.tickets <= g.n', name);
  EXECUTE format('UPDATE archived_counts c SET tickets = c.tickets - g.n FROM (SELECT user_id, status, count(*) AS n FROM %I GROUP BY 1, 2) g
    WHERE c.user_id = g.user_id AND c.status = g.status', name);
  EXECUTE format('CREATE TEMPORARY TABLE archive_gone ON COMMIT DROP AS SELECT user_id, id FROM %I', name);
  DELETE FROM ticket_files n USING archive_gone g WHERE n.user_id = g.user_id AND n.ticket_id = g.id;
  UPDATE files f SET state = 'going', ticket_id = NULL, sha256 = '', phash = NULL, signals = '{}'
  FROM archive_files g WHERE f.user_id = g.user_id AND f.id = g.file_id AND f.state <> 'gone';
  UPDATE files f SET ticket_id = NULL FROM archive_gone g WHERE f.user_id = g.user_id AND f.ticket_id = g.id;
  DROP TABLE archive_files, archive_gone;
  EXECUTE format('DROP TABLE %I', name);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION archive_drop(text, boolean) SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
