-- The archive gets shards with the tickets, each month on all of them. What it holds goes along.
DROP VIEW archived_rows;
ALTER TABLE archived_tickets DROP CONSTRAINT archived_tickets_pkey, ADD PRIMARY KEY (id, created_at_ms, user_id);
SELECT create_distributed_table('archived_tickets', 'user_id', colocate_with => 'tickets');
SELECT create_distributed_table('archived_counts', 'user_id', colocate_with => 'tickets');

-- archived_rows is as on one PostgreSQL. Citus wants its table to have shards first.
DO $$
DECLARE
  reader text;
BEGIN
  EXECUTE format('CREATE VIEW archived_rows AS SELECT %s FROM archived_tickets', (
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = 'tickets'::regclass AND a.attnum > 0 AND NOT a.attisdropped));
  FOR reader IN
    SELECT DISTINCT a.grantee::regrole::text FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
    WHERE c.oid = 'archived_tickets'::regclass AND a.privilege_type = 'SELECT' AND a.grantee NOT IN (0, c.relowner)
  LOOP
    EXECUTE 'GRANT SELECT ON archived_rows TO ' || reader;
  END LOOP;
END $$;
