package migrations

// readDrops lists the statements that drop triggers, references and keys: of the tables of $1 all, of those of $2 their triggers.
const readDrops = `
WITH users AS (SELECT unnest($1::text[])::regclass AS oid), everywhere AS (SELECT unnest($2::text[])::regclass AS oid)
SELECT 1 AS ord, format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass) AS statement
FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgrelid IN (SELECT u.oid FROM users u UNION ALL SELECT e.oid FROM everywhere e)
UNION ALL
SELECT 2, format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname)
FROM pg_constraint c JOIN users u ON u.oid = c.conrelid WHERE c.contype = 'f'
UNION ALL
SELECT 3, format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname)
FROM pg_constraint c JOIN users u ON u.oid = c.conrelid WHERE c.contype IN ('p', 'u')
UNION ALL
SELECT 4, format('DROP INDEX %s', i.indexrelid::regclass)
FROM pg_index i JOIN users u ON u.oid = i.indrelid
WHERE i.indisunique AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u'))
ORDER BY 1, 2`

// droppedOnCitus are triggers that a worker cannot run; citusTriggers and the statements of the store take their place.
var droppedOnCitus = []string{
	"tickets_erased_key", "tickets_closed", "tickets_history_opened", "tickets_history_closed", "tickets_previous",
	"tickets_mail_received", "tickets_mail_decided", "ticket_events_late", "ticket_events_keep",
}

// citusTriggers are the triggers of distributed tables that differ from those of one PostgreSQL, and those of reference tables, which the coordinator runs alone.
var citusTriggers = []string{
	"CREATE TRIGGER tickets_opened_row AFTER INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION tickets_opened_row()",
	"CREATE TRIGGER tickets_closed_row AFTER UPDATE OF status ON tickets FOR EACH ROW WHEN (new.status <> old.status) EXECUTE FUNCTION tickets_closed_row()",
	"CREATE TRIGGER ticket_events_keep BEFORE UPDATE ON ticket_events FOR EACH ROW WHEN (old.seq IS NOT NULL OR to_jsonb(old) - 'seq' <> to_jsonb(new) - 'seq') EXECUTE FUNCTION refuse()",
	"CREATE TRIGGER ticket_events_keep_rows BEFORE DELETE ON ticket_events FOR EACH ROW EXECUTE FUNCTION refuse()",
}

// prepareEvents are statements before ticket_events is distributed: the coordinator alone numbers the events of workers (feed_state), and none from before the feed.
var prepareEvents = []string{
	"ALTER TABLE ticket_events ALTER COLUMN seq DROP DEFAULT",
	"UPDATE ticket_events e SET seq = -n.place FROM (SELECT ticket_id, version, row_number() OVER () AS place FROM ticket_events WHERE seq IS NULL) n WHERE e.ticket_id = n.ticket_id AND e.version = n.version",
	"CREATE INDEX ticket_events_unnumbered ON ticket_events (at_ms, ticket_id, version) WHERE seq IS NULL",
}

// readAccountTriggers lists the triggers of accounts and erasures that change tables of the coordinator, as they run there alone.
const readAccountTriggers = `
SELECT 4, CASE WHEN d.def ~ ' WHEN \(' THEN regexp_replace(d.def, ' WHEN (\(.*\)) EXECUTE ', ' WHEN (citus_is_coordinator() AND \1) EXECUTE ')
  ELSE replace(d.def, ' EXECUTE ', ' WHEN (citus_is_coordinator()) EXECUTE ') END
FROM (SELECT pg_get_triggerdef(t.oid) AS def FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgrelid IN ('accounts'::regclass, 'erasures'::regclass)) d
ORDER BY 2`
