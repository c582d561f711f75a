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

// batchRows is how many rows a transaction copies. It holds their locks for some tens of milliseconds.
const batchRows = 1000

// fill copies the rows of all tables, in batches. A call that was ended has left behind which key it goes on.
func (d *division) fill(ctx context.Context) error {
	var columns map[string]tableColumns
	if err := d.transact(ctx, func(tx *sql.Tx) (err error) { columns, err = readColumns(ctx, tx); return err }); err != nil {
		return err
	}
	d.report("copies the rows")
	for _, table := range partitionedTables {
		var told time.Time
		for ended := false; !ended; {
			if err := d.transact(ctx, func(tx *sql.Tx) (err error) { ended, err = copyBatch(ctx, tx, table, columns[table.name]); return err }); err != nil {
				return err
			}
			if percent, parts := 0, 0; !ended && time.Since(told) > 5*time.Second {
				if err := d.conn.QueryRowContext(ctx, readProgress).Scan(&percent, &parts); err != nil {
					return err
				}
				d.report(fmt.Sprintf("copies %s: %d %% of all", table.name, percent))
				told = time.Now()
			}
		}
	}
	return nil
}

// readProgress is how much is copied, in percent of the rows that there were about when it began; not 100 before all is.
const readProgress = "SELECT CASE WHEN bool_and(ended) THEN 100 ELSE least(99, sum(copied) * 100 / greatest(1, sum(rows)))::int END, min(parts) FROM partition_progress"

// copyBatch copies the rows behind the last key, and reports whether these were all. It locks each row before it reads it and waits for none for long: whoever
// changes a row has its lock first and carries the change over then, so that neither waits for the other in turn.
func copyBatch(ctx context.Context, tx *sql.Tx, table partitionedTable, c tableColumns) (ended bool, err error) {
	var has bool
	if err := tx.QueryRowContext(ctx, "SELECT ended, last IS NOT NULL FROM partition_progress WHERE name = $1", table.name).Scan(&ended, &has); err != nil || ended {
		return ended, err
	}
	if err := execAll(ctx, tx, "SET LOCAL synchronous_commit = off"); err != nil { // the progress is lost with the rows
		return false, err
	}
	_, err = tx.ExecContext(ctx, c.copyRows(table, has), table.name)
	if err != nil {
		return false, fmt.Errorf("copy %s: %w", table.name, err)
	}
	return false, nil
}

// copyRows is the statement that copies a batch and notes its last key.
func (c tableColumns) copyRows(table partitionedTable, has bool) string {
	after := ""
	texts := make([]string, len(c.key))
	values := make([]string, len(c.key))
	for i, column := range c.key {
		texts[i] = column + "::text"
		values[i] = fmt.Sprintf("(p.last)[%d]::%s", i+1, c.keyTypes[i])
	}
	key := strings.Join(c.key, ", ")
	if has {
		after = fmt.Sprintf(" WHERE (%s) > (SELECT %s FROM partition_progress p WHERE p.name = $1)", key, strings.Join(values, ", "))
	}
	keys := ""
	if table.name == "tickets" {
		keys = `, keys AS (INSERT INTO submissions AS s (submitted_by, submission_key, user_id, ticket_id) SELECT submitted_by, submission_key, user_id, id FROM batch
			ON CONFLICT (submitted_by, submission_key) DO UPDATE SET user_id = excluded.user_id, ticket_id = excluded.ticket_id)`
	}
	return fmt.Sprintf(`WITH batch AS MATERIALIZED (SELECT * FROM %[1]s%[2]s ORDER BY %[3]s LIMIT %[4]d FOR NO KEY UPDATE),
		added AS (INSERT INTO %[5]s (%[6]s, user_id) OVERRIDING SYSTEM VALUE SELECT r.%[7]s, %[8]s FROM batch r ON CONFLICT (%[9]s) DO NOTHING)%[10]s
		UPDATE partition_progress SET copied = copied + (SELECT count(*) FROM batch), ended = (SELECT count(*) FROM batch) < %[4]d,
			last = coalesce((SELECT ARRAY[%[11]s] FROM batch ORDER BY %[12]s DESC LIMIT 1), last)
		WHERE name = $1`, table.name, after, key, batchRows, table.divided(), strings.Join(c.copied, ", "), strings.Join(c.copied, ", r."), table.user(),
		strings.Join(c.keyWithUser(), ", "), keys, strings.Join(texts, ", "), strings.Join(c.key, " DESC, "))
}

// keyWithUser are the columns of the key of a divided table.
func (c tableColumns) keyWithUser() []string {
	if slices.Contains(c.key, "user_id") {
		return c.key
	}
	return append(slices.Clip(c.key), "user_id")
}

// changed are the columns that are not of the key.
func (c tableColumns) changed() []string {
	return slices.DeleteFunc(slices.Clone(c.copied), func(column string) bool { return slices.Contains(c.key, column) })
}

// waitForOlder waits until each transaction has ended that began before all rows were copied: its snapshot may not have them.
func (d *division) waitForOlder(ctx context.Context) error {
	const open = `SELECT coalesce(string_agg(l.virtualxid, ' '), '') FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
		WHERE l.locktype = 'virtualxid' AND l.granted AND a.datname = current_database() AND a.usesysid IS NOT NULL AND l.pid <> pg_backend_pid()` // autovacuum has no user
	var before string
	if err := d.conn.QueryRowContext(ctx, open).Scan(&before); err != nil {
		return err
	}
	d.report("waits until transactions have ended that began before all was copied")
	for waits := strings.Fields(before); len(waits) > 0; {
		var now string
		if err := d.conn.QueryRowContext(ctx, open).Scan(&now); err != nil {
			return err
		}
		running := strings.Fields(now)
		waits = slices.DeleteFunc(waits, func(id string) bool { return !slices.Contains(running, id) })
		if len(waits) > 0 {
			if err := pause(ctx, retryPause/20); err != nil {
				return err
			}
		}
	}
	return nil
}

// ErrDiffers says that a divided table does not have the rows of the other.
var ErrDiffers = errors.New("the copy differs from the table; nothing is changed")

// compare checks that the divided tables have the rows that the others have: their number, and the sum of a hash of each.
func (d *division) compare(ctx context.Context) error {
	d.report("compares the copies")
	var columns map[string]tableColumns
	if err := d.transact(ctx, func(tx *sql.Tx) (err error) { columns, err = readColumns(ctx, tx); return err }); err != nil {
		return err
	}
	for _, table := range partitionedTables {
		var same bool
		const sum = "(SELECT count(*) AS n, coalesce(sum(hashtextextended(ROW (r.%s, %s)::text, 0)), 0) AS hash FROM %s r)"
		copied := strings.Join(columns[table.name].copied, ", r.")
		if err := d.conn.QueryRowContext(ctx, "SELECT (w.n, w.hash) = (d.n, d.hash) FROM "+fmt.Sprintf(sum, copied, table.user(), table.name)+" w, "+
			fmt.Sprintf(sum, copied, "r.user_id", table.divided())+" d").Scan(&same); err != nil {
			return fmt.Errorf("compare %s: %w", table.name, err)
		}
		if !same {
			return fmt.Errorf("%s: %w", table.name, ErrDiffers)
		}
	}
	_, err := d.conn.ExecContext(ctx, "ANALYZE "+joinNames(partitionedTable.divided)) // else the first plans would be bad
	return err
}
