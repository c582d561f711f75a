package migrations

// readCatalog lists the statements that make again what the copies of tables lack, in their order.
const readCatalog = `
WITH whole AS (SELECT unnest($1::text[])::regclass AS oid)
SELECT * FROM (
  SELECT 1 AS ord, 'check' AS kind, format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) AS statement
  FROM pg_constraint c JOIN whole w ON w.oid = c.conrelid WHERE c.contype = 'c'
  UNION ALL
  SELECT 2, 'key', format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
  FROM pg_constraint c JOIN whole w ON w.oid = c.conrelid WHERE c.contype IN ('p', 'u')
  UNION ALL
  SELECT 3, CASE WHEN i.indisunique THEN 'key' ELSE 'index' END, pg_get_indexdef(i.indexrelid)
  FROM pg_index i JOIN whole w ON w.oid = i.indrelid WHERE NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u'))
  UNION ALL
  SELECT 4, CASE WHEN c.confrelid IN (SELECT w.oid FROM whole w) THEN 'reference' ELSE 'other reference' END,
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
  FROM pg_constraint c JOIN whole w ON w.oid = c.conrelid WHERE c.contype = 'f' AND c.conparentid = 0
  UNION ALL
  SELECT 5, 'trigger', pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN whole w ON w.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgfoid IS DISTINCT FROM to_regproc('fill_user')::oid
  UNION ALL
  SELECT 6, 'grant', format('GRANT %s ON %s TO %s%s', a.privilege_type, c.oid::regclass,
    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END, CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM pg_class c JOIN whole w ON w.oid = c.oid CROSS JOIN LATERAL aclexplode(c.relacl) a WHERE a.grantee <> c.relowner
  UNION ALL
  SELECT 6, 'grant', format('GRANT %s (%I) ON %s TO %s%s', a.privilege_type, t.attname, t.attrelid::regclass,
    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END, CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM pg_attribute t JOIN whole w ON w.oid = t.attrelid CROSS JOIN LATERAL aclexplode(t.attacl) a
  UNION ALL
  SELECT 7, 'sequence', format('SELECT setval(pg_get_serial_sequence(%L, %L), %s, %s)', t.attrelid::regclass, t.attname, coalesce(s.last_value, 1), (s.last_value IS NOT NULL)::text)
  FROM pg_attribute t JOIN whole w ON w.oid = t.attrelid
  JOIN pg_sequences s ON format('%I.%I', s.schemaname, s.sequencename) = pg_get_serial_sequence(t.attrelid::regclass::text, t.attname)
  WHERE t.attidentity <> ''
  UNION ALL
  SELECT 8, k.kind, CASE k.kind WHEN 'drop view' THEN format('DROP VIEW %s', v.oid::regclass) ELSE format('CREATE VIEW %s AS %s', v.oid::regclass, pg_get_viewdef(v.oid)) END
  FROM pg_class v CROSS JOIN (VALUES ('drop view'), ('view')) k (kind)
  WHERE v.relkind = 'v' AND EXISTS (SELECT FROM pg_rewrite r JOIN pg_depend d ON d.objid = r.oid AND d.classid = 'pg_rewrite'::regclass JOIN whole w ON w.oid = d.refobjid WHERE r.ev_class = v.oid)
  UNION ALL
  SELECT 9, 'grant', format('GRANT %s ON %s TO %s', a.privilege_type, v.oid::regclass, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
  FROM pg_class v CROSS JOIN LATERAL aclexplode(v.relacl) a
  WHERE v.relkind = 'v' AND a.grantee <> v.relowner AND EXISTS (SELECT FROM pg_rewrite r JOIN pg_depend d ON d.objid = r.oid AND d.classid = 'pg_rewrite'::regclass JOIN whole w ON w.oid = d.refobjid WHERE r.ev_class = v.oid)
) AS made
ORDER BY ord, statement`
