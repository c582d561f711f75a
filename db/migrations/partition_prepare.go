package migrations

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// prepare makes the tables that are divided, without rows and references, and the triggers that carry changes over. It does nothing when a call that was
// ended has made them for this schema; what it made for another it drops first.
func (d *division) prepare(ctx context.Context) error {
	unlock, err := lockMigrations(ctx, d.conn)
	if err != nil {
		return err
	}
	defer unlock()
	version, err := newestVersion(ctx, d.db)
	if err != nil {
		return err
	}
	var parts int
	var of int64
	if err := d.conn.QueryRowContext(ctx, readDivision).Scan(&parts, &of); err != nil {
		return err
	}
	if parts == d.parts && of == version {
		d.report("goes on where it was ended")
		return nil
	}
	if parts > 0 {
		d.report("starts anew, for another schema or another number of partitions")
	}
	d.report("makes the partitions")
	var columns map[string]tableColumns
	for _, step := range []func(tx *sql.Tx) error{
		func(tx *sql.Tx) error { return dropDivision(ctx, tx) },
		func(tx *sql.Tx) (err error) { columns, err = d.makeTables(ctx, tx); return err },
		func(tx *sql.Tx) error { return d.beginCarrying(ctx, tx, columns, version) },
	} {
		if err := d.transact(ctx, step); err != nil {
			return err
		}
	}
	return nil
}

// newestVersion is the number of the newest migration that is applied.
func newestVersion(ctx context.Context, db *sql.DB) (newest int64, err error) {
	applied, err := readApplied(ctx, db)
	for version := range applied {
		newest = max(newest, version)
	}
	return newest, err
}

// partition_progress says of each table how many rows were copied, and behind which key copying goes on. It is there only while a database changes over.
const (
	makeProgress = `CREATE TABLE partition_progress (name text PRIMARY KEY, parts integer NOT NULL, version bigint NOT NULL, rows bigint NOT NULL,
		copied bigint NOT NULL DEFAULT 0, last text[], ended boolean NOT NULL DEFAULT false)`
	readDivision = `SELECT coalesce((xpath('/row/parts/text()', found))[1]::text::int, 0), coalesce((xpath('/row/version/text()', found))[1]::text::bigint, 0)
		FROM (SELECT CASE WHEN to_regclass('partition_progress') IS NOT NULL
			THEN query_to_xml('SELECT parts, version FROM partition_progress LIMIT 1', false, true, '') END) AS division (found)`
)

// dropDivision drops all that a call which was ended has made.
func dropDivision(ctx context.Context, tx *sql.Tx) error {
	statements := []string{
		"DROP TABLE IF EXISTS partition_progress", "DROP TRIGGER IF EXISTS tickets_submissions ON tickets",
		"DROP TRIGGER IF EXISTS tickets_submissions_change ON tickets", "TRUNCATE submissions",
	}
	for _, table := range partitionedTables {
		statements = append(statements, fmt.Sprintf("DROP FUNCTION IF EXISTS %s_carry() CASCADE", table.name))
	}
	return execAll(ctx, tx, append(statements, "DROP TABLE IF EXISTS "+joinNames(partitionedTable.divided)+" CASCADE")...)
}

// makeTables makes the tables, which nobody uses yet.
func (d *division) makeTables(ctx context.Context, tx *sql.Tx) (map[string]tableColumns, error) {
	if err := execAll(ctx, tx, "ANALYZE "+joinNames(partitionedTable.tableName)); err != nil { // progress is told by it
		return nil, err
	}
	columns, err := readColumns(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, table := range partitionedTables {
		if err := execAll(ctx, tx, d.makeTable(table, columns[table.name])...); err != nil {
			return nil, err
		}
	}
	definitions, err := readDefinitions(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, definition := range definitions {
		if definition.kind == "check" || definition.kind == "key" || definition.kind == "index" {
			statement, _ := definition.aside()
			if err := execAll(ctx, tx, statement); err != nil {
				return nil, err
			}
		}
	}
	return columns, nil
}

// beginCarrying makes the triggers. From its commit on each change is carried over.
func (d *division) beginCarrying(ctx context.Context, tx *sql.Tx, columns map[string]tableColumns, version int64) error {
	if err := execAll(ctx, tx, "LOCK TABLE "+joinNames(partitionedTable.tableName)+" IN SHARE ROW EXCLUSIVE MODE", makeProgress); err != nil {
		return err
	}
	for _, table := range partitionedTables {
		if err := execAll(ctx, tx, table.carry(columns[table.name])...); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO partition_progress (name, parts, version, rows)
			SELECT $1, $2, $3, greatest(reltuples, 0) FROM pg_class WHERE oid = to_regclass($1)`, table.name, d.parts, version); err != nil {
			return err
		}
	}
	return execAll(ctx, tx, submissionKeys...)
}

// submissionKeys has a table keep that a sender uses a key once: the index of tickets that says so will hold user_id.
var submissionKeys = []string{
	"CREATE TRIGGER tickets_submissions BEFORE INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION submissions_take()",
	`CREATE TRIGGER tickets_submissions_change AFTER UPDATE OF submission_key ON tickets FOR EACH ROW
		WHEN (old.submission_key <> new.submission_key) EXECUTE FUNCTION submissions_change()`,
}

// tableColumns are the columns of a table that are copied, and those of its key, quoted.
type tableColumns struct {
	owner, schema, options string
	copied, key            []string // user_id is not among the copied
	keyTypes               []string
}

func readColumns(ctx context.Context, tx *sql.Tx) (map[string]tableColumns, error) {
	all := map[string]tableColumns{}
	for _, table := range partitionedTables {
		var c tableColumns
		var copied, key, types string
		err := tx.QueryRowContext(ctx, `SELECT pg_get_userbyid(c.relowner), c.relnamespace::regnamespace::text,
				coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', ''),
				(SELECT string_agg(quote_ident(a.attname), ',' ORDER BY a.attnum) FROM pg_attribute a
				 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attname <> 'user_id'),
				k.names, k.types
			FROM pg_class c CROSS JOIN LATERAL (
				SELECT string_agg(quote_ident(a.attname), ',' ORDER BY n.ord) AS names, string_agg(a.atttypid::regtype::text, ',' ORDER BY n.ord) AS types
				FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY n (attnum, ord)
				JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = n.attnum
				WHERE i.indrelid = c.oid AND i.indisprimary) k
			WHERE c.oid = $1::regclass`, table.name).Scan(&c.owner, &c.schema, &c.options, &copied, &key, &types)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", table.name, err)
		}
		c.copied, c.key, c.keyTypes = strings.Split(copied, ","), strings.Split(key, ","), strings.Split(types, ",")
		all[table.name] = c
	}
	return all, nil
}

// makeTable makes a partitioned table like that which is not, without keys.
func (d *division) makeTable(table partitionedTable, c tableColumns) []string {
	owner := pgx.Identifier{c.owner}.Sanitize()
	statements := []string{fmt.Sprintf(`CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY INCLUDING STORAGE
		INCLUDING COMPRESSION INCLUDING COMMENTS) PARTITION BY HASH (user_id)`, table.divided(), table.name)}
	for i := range d.parts {
		part := fmt.Sprintf("%s_p%d", table.name, i)
		statements = append(statements, fmt.Sprintf("CREATE TABLE %s PARTITION OF %s FOR VALUES WITH (MODULUS %d, REMAINDER %d)%s", part, table.divided(), d.parts, i, c.options),
			fmt.Sprintf("ALTER TABLE %s OWNER TO %s", part, owner))
	}
	return append(statements, fmt.Sprintf("ALTER TABLE %s OWNER TO %s", table.divided(), owner), fmt.Sprintf("ALTER TABLE %s ALTER user_id SET NOT NULL", table.divided()))
}

// user is the expression for whose the row r is.
func (t partitionedTable) user() string {
	if t.of == "" {
		return "r.user_id"
	}
	return fmt.Sprintf("coalesce(r.user_id, (SELECT o.user_id FROM %s o WHERE o.id = r.%s))", t.of, t.by)
}

// carry makes the trigger that has each row in the divided table as it is in the other, in the transaction that changes it. It reads the row again, because a
// trigger before it may have changed it once more.
func (t partitionedTable) carry(c tableColumns) []string {
	set := "NOTHING"
	if changed := c.changed(); len(changed) > 0 {
		set = fmt.Sprintf("UPDATE SET (%s) = ROW (excluded.%s)", strings.Join(changed, ", "), strings.Join(changed, ", excluded."))
	}
	return []string{
		fmt.Sprintf(`CREATE FUNCTION %[1]s_carry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = %[2]s, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM %[3]s d WHERE %[4]s AND NOT EXISTS (SELECT FROM %[1]s r WHERE %[5]s);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO %[3]s (%[6]s, user_id) OVERRIDING SYSTEM VALUE SELECT r.%[7]s, %[8]s FROM %[1]s r WHERE %[9]s
    ON CONFLICT (%[10]s) DO %[11]s;
  END IF;
  RETURN NULL;
END $$`, t.name, c.schema, t.divided(), matchKey("d", "old", c.key), matchKey("r", "old", c.key), strings.Join(c.copied, ", "), strings.Join(c.copied, ", r."), t.user(),
			matchKey("r", "new", c.key), strings.Join(c.keyWithUser(), ", "), set),
		fmt.Sprintf("CREATE TRIGGER carry AFTER INSERT OR UPDATE OR DELETE ON %[1]s FOR EACH ROW EXECUTE FUNCTION %[1]s_carry()", t.name),
	}
}

// matchKey is the condition that two rows have the same key.
func matchKey(one, other string, key []string) string {
	conditions := make([]string, len(key))
	for i, column := range key {
		conditions[i] = fmt.Sprintf("%s.%s = %s.%[2]s", one, column, other)
	}
	return strings.Join(conditions, " AND ")
}
