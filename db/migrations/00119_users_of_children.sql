-- +goose NO TRANSACTION
-- +goose Up

-- Rows from before say whose they are. 8 MB of a table are one transaction; a row that somebody has locked is left for the next pass, so that nothing
-- waits for long. After a failure it goes on where it was. Where the tables are partitioned, every row says so.
-- +goose StatementBegin
DO $$
DECLARE
  pages CONSTANT bigint := 1000;
  child record;
  page bigint;
  left_over boolean;
BEGIN
  FOR child IN
    SELECT c.oid::regclass AS name, n.parent, n.key, n.guard FROM (VALUES
      ('ticket_events', 'tickets', 'ticket_id', NULL), ('ticket_files', 'files', 'file_id', NULL), ('file_views', 'files', 'file_id', NULL),
      ('ticket_words', 'tickets', 'ticket_id', NULL), ('claims', 'tickets', 'ticket_id', NULL), ('placements', 'tickets', 'ticket_id', NULL),
      ('pending_decisions', 'tickets', 'ticket_id', NULL), ('opinions', 'tickets', 'ticket_id', NULL), ('approval_steps', 'tickets', 'ticket_id', NULL),
      ('approval_ends', 'tickets', 'ticket_id', NULL), ('second_looks', 'tickets', 'ticket_id', 'second_looks_keep'), ('verdicts', 'tickets', 'ticket_id', NULL),
      ('ticket_notes', 'tickets', 'ticket_id', 'ticket_notes_keep')
    ) AS n (name, parent, key, guard) JOIN pg_class c ON c.oid = to_regclass(n.name)
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'user_id' AND NOT a.attnotnull
  LOOP
    LOOP
      EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE user_id IS NULL)', child.name) INTO left_over;
      EXIT WHEN NOT left_over;
      page := 0;
      WHILE page * current_setting('block_size')::bigint < pg_relation_size(child.name) LOOP
        PERFORM set_config('docket.erasing', 'on', true), set_config('synchronous_commit', 'off', true); -- else history cannot be changed
        IF child.guard IS NOT NULL THEN -- it lets nothing but an erasure change a row, and the table is small
          EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', child.name, child.guard);
        END IF;
        EXECUTE format('UPDATE %1$s c SET user_id = p.user_id FROM (
            SELECT r.ctid AS at, r.%3$I AS parent FROM %1$s r WHERE r.ctid >= %4$L::tid AND r.ctid < %5$L::tid AND r.user_id IS NULL FOR UPDATE SKIP LOCKED
          ) r JOIN %2$I p ON p.id = r.parent WHERE c.ctid = r.at',
          child.name, child.parent, child.key, format('(%s,0)', page), format('(%s,0)', page + pages));
        IF child.guard IS NOT NULL THEN
          EXECUTE format('ALTER TABLE %s ENABLE TRIGGER %I', child.name, child.guard);
        END IF;
        COMMIT;
        page := page + pages;
      END LOOP;
      PERFORM pg_sleep(0.01);
      IF child.name = to_regclass('ticket_words') THEN -- what finds no ticket
        DELETE FROM ticket_words w WHERE w.user_id IS NULL AND NOT EXISTS (SELECT FROM tickets t WHERE t.id = w.ticket_id);
        COMMIT;
      END IF;
    END LOOP;
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS says_user, ADD CONSTRAINT says_user CHECK (user_id IS NOT NULL) NOT VALID', child.name);
    COMMIT;
    EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT says_user', child.name);
    COMMIT;
    EXECUTE format('ALTER TABLE %s ALTER user_id SET NOT NULL, DROP CONSTRAINT says_user', child.name);
    COMMIT;
  END LOOP;
END $$;
-- +goose StatementEnd
