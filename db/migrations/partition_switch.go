package migrations

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// refer gives the divided tables their references. Each partition gets one that is not valid, which takes no time, then checks its rows, while others
// write; the table has it then without looking.
func (d *division) refer(ctx context.Context) error {
	d.report("checks the references")
	var definitions []definition
	if err := d.transact(ctx, func(tx *sql.Tx) (err error) { definitions, err = readDefinitions(ctx, tx); return err }); err != nil {
		return err
	}
	for _, definition := range definitions {
		if definition.kind != "reference" && definition.kind != "other reference" {
			continue
		}
		if err := d.addReference(ctx, newReference(definition)); err != nil {
			return err
		}
	}
	return nil
}

func (d *division) addReference(ctx context.Context, r reference) error {
	whole := partitionedTable{name: r.table}.divided()
	if state, err := d.readReference(ctx, whole, r.name); err != nil || state != "" {
		return err
	}
	for i := range d.parts {
		part := fmt.Sprintf("%s_p%d", r.table, i)
		state, err := d.readReference(ctx, part, r.name)
		if err != nil {
			return err
		}
		if state == "" {
			if err := d.transact(ctx, func(tx *sql.Tx) error { return execAll(ctx, tx, r.add(part)+" NOT VALID") }); err != nil {
				return err
			}
		}
		if state != "valid" {
			if err := d.transact(ctx, func(tx *sql.Tx) error {
				return execAll(ctx, tx, fmt.Sprintf("ALTER TABLE %s VALIDATE CONSTRAINT %s", part, r.name))
			}); err != nil {
				return err
			}
		}
	}
	return d.transact(ctx, func(tx *sql.Tx) error { return execAll(ctx, tx, r.add(whole)) })
}

// readReference is the state of a foreign key: empty when there is none, valid or new.
func (d *division) readReference(ctx context.Context, table, name string) (state string, err error) {
	err = d.conn.QueryRowContext(ctx, `SELECT coalesce((SELECT CASE WHEN convalidated THEN 'valid' ELSE 'new' END FROM pg_constraint
		WHERE conrelid = to_regclass($1) AND conname = $2 AND contype = 'f'), '')`, table, name).Scan(&state)
	return state, err
}

// errChanged says that a migration was applied while a database changed over.
var errChanged = errors.New("a migration was applied meanwhile: run the command again")

// replace puts the divided tables into the places of the others, in one short transaction, and drops those. No migration runs then.
func (d *division) replace(ctx context.Context) error {
	unlock, err := lockMigrations(ctx, d.conn)
	if err != nil {
		return err
	}
	defer unlock()
	var took time.Duration // the files of the tables are removed when the locks are free
	if err := d.transact(ctx, func(tx *sql.Tx) error {
		if err := execAll(ctx, tx, "LOCK TABLE "+joinNames(partitionedTable.tableName)+" IN ACCESS EXCLUSIVE MODE"); err != nil {
			return err
		}
		began := time.Now()
		err := d.replaceTables(ctx, tx)
		took = time.Since(began)
		return err
	}); err != nil {
		return err
	}
	d.report(fmt.Sprintf("the partitions took the places of the tables in %v", took.Round(time.Millisecond)))
	return nil
}

func (d *division) replaceTables(ctx context.Context, tx *sql.Tx) error {
	version, err := newestVersion(ctx, d.db)
	if err != nil {
		return err
	}
	var of int64
	if err := tx.QueryRowContext(ctx, "SELECT min(version) FROM partition_progress").Scan(&of); err != nil {
		return err
	}
	if of != version {
		return errChanged
	}
	for _, table := range partitionedTables {
		if err := execAll(ctx, tx, fmt.Sprintf("DROP FUNCTION %s_carry() CASCADE", table.name)); err != nil {
			return err
		}
	}
	definitions, err := readDefinitions(ctx, tx)
	if err != nil {
		return err
	}
	if err := execAll(ctx, tx, statementsOf(definitions, "drop view")...); err != nil {
		return err
	}
	if err := execAll(ctx, tx, "DROP TABLE "+joinNames(partitionedTable.tableName)+", partition_progress"); err != nil {
		return err
	}
	for _, table := range partitionedTables {
		if err := execAll(ctx, tx, fmt.Sprintf("ALTER TABLE %s RENAME TO %s", table.divided(), table.name)); err != nil {
			return err
		}
	}
	if err := renameAside(ctx, tx, definitions); err != nil {
		return err
	}
	return execAll(ctx, tx, statementsOf(definitions, "trigger", "grant", "sequence", "view")...)
}

// statementsOf are the statements of these kinds, in their order.
func statementsOf(all []definition, kinds ...string) (statements []string) {
	for _, d := range all {
		if slices.Contains(kinds, d.kind) {
			statements = append(statements, d.statement)
		}
	}
	return statements
}

// renameAside gives indexes the names that they have for good, and has references checked at the end of each statement.
func renameAside(ctx context.Context, tx *sql.Tx, definitions []definition) error {
	for _, d := range definitions {
		statement := ""
		switch d.kind {
		case "key", "index":
			_, index := d.aside()
			statement = fmt.Sprintf("ALTER INDEX %s_divided RENAME TO %[1]s", index)
		case "reference", "other reference":
			r := newReference(d)
			statement = fmt.Sprintf("ALTER TABLE %s ALTER CONSTRAINT %s NOT DEFERRABLE", r.table, r.name)
		default:
			continue
		}
		if err := execAll(ctx, tx, statement); err != nil {
			return err
		}
	}
	return renameSequences(ctx, tx)
}

// renameSequences gives the sequences of identity columns the names that they have for good.
func renameSequences(ctx context.Context, tx *sql.Tx) error {
	var statements string
	err := tx.QueryRowContext(ctx, `SELECT coalesce(string_agg(format('ALTER SEQUENCE %I RENAME TO %I', relname, replace(relname, '_divided', '')), '; '), '')
		FROM pg_class WHERE relkind = 'S' AND relname LIKE '%\_divided\_%' AND relnamespace = current_schema()::regnamespace`).Scan(&statements)
	if err != nil || statements == "" {
		return err
	}
	return execAll(ctx, tx, strings.Split(statements, "; ")...)
}
