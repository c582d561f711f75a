package migrations

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3/lock"
)

// partitionedTables are the tables of users' data. Each is partitioned by user_id; a row that says nothing of its user is of the user of the
// row that it refers to.
var partitionedTables = []partitionedTable{
	{name: "tickets"},
	{name: "user_tickets"},
	{name: "user_subject_tickets"},
	{name: "latest_removed"},
	{name: "subject_removed"},
	{name: "files"},
	{name: "drafts"},
	{name: "daily_counts"},
	{name: "reopenings"},
	{name: "ticket_events", of: "tickets", by: "ticket_id"},
	{name: "ticket_files", of: "files", by: "file_id"},
	{name: "ticket_words", of: "tickets", by: "ticket_id"},
	{name: "ticket_notes", of: "tickets", by: "ticket_id"},
	{name: "claims", of: "tickets", by: "ticket_id"},
	{name: "placements", of: "tickets", by: "ticket_id"},
	{name: "pending_decisions", of: "tickets", by: "ticket_id"},
	{name: "opinions", of: "tickets", by: "ticket_id"},
	{name: "approval_steps", of: "tickets", by: "ticket_id"},
	{name: "approval_ends", of: "tickets", by: "ticket_id"},
	{name: "second_looks", of: "tickets", by: "ticket_id"},
	{name: "verdicts", of: "tickets", by: "ticket_id"},
	{name: "file_views", of: "files", by: "file_id"},
}

type partitionedTable struct {
	name   string
	of, by string // the table that a row refers to, and the column; empty where rows have always said whose they are
}

// whole is the name of the table that is not partitioned, until its rows are copied.
func (t partitionedTable) whole() string { return t.name + "_whole" }

// MostPartitions is how many partitions there may be: with many more, planning a statement takes longer than running it.
const MostPartitions = 64

// ErrPartitioned says that a database has another number of partitions than was asked for.
var ErrPartitioned = errors.New("the database is partitioned already, and cannot be partitioned anew")

// Partitions returns into how many partitions the tables of users' data are divided: 0 when they are not.
func Partitions(ctx context.Context, databaseURL string) (int, error) {
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return 0, fmt.Errorf("read how the tables are partitioned: %w", err)
	}
	defer conn.Close(ctx)
	var parts int
	if err := conn.QueryRow(ctx, countPartitions, pgx.QueryExecModeSimpleProtocol).Scan(&parts); err != nil {
		return 0, fmt.Errorf("read how the tables are partitioned: %w", err)
	}
	return parts, nil
}

const countPartitions = "SELECT count(*) FROM pg_inherits WHERE inhparent = to_regclass('tickets')"

// Partition divides the tables of users' data into so many partitions by a hash of user_id, with user_id in every key and reference. It copies all of
// them in one transaction, in which nothing else can use them. On a database that has so many it does nothing.
func Partition(ctx context.Context, databaseURL string, parts int) error {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return fmt.Errorf("partition: %w", err)
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	if err := partitionWith(ctx, db, parts); err != nil {
		return fmt.Errorf("partition: %w", err)
	}
	return nil
}

func partitionWith(ctx context.Context, db *sql.DB, parts int) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 600))
	if err != nil {
		return err
	}
	if err := locker.SessionLock(ctx, conn); err != nil {
		return err
	}
	defer func() { _ = locker.SessionUnlock(context.WithoutCancel(ctx), conn) }() // the connection closes in any case
	var has int
	err = conn.QueryRowContext(ctx, countPartitions).Scan(&has)
	switch {
	case err != nil || has == parts:
		return err
	case has > 0:
		return fmt.Errorf("%w: it has %d partitions", ErrPartitioned, has)
	}
	for left := maxTries - 1; ; left-- {
		err := divideTables(ctx, conn, parts)
		if err == nil {
			break
		}
		if !isLockTimeout(err) {
			return err
		}
		if left == 0 {
			return fmt.Errorf("%w (%w)", ErrLocked, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(retryPause):
		}
	}
	_, err = conn.ExecContext(ctx, "ANALYZE "+joinNames(partitionedTable.tableName))
	return err
}

func (t partitionedTable) tableName() string { return t.name }

// joinNames lists a name of each partitioned table.
func joinNames(name func(partitionedTable) string) string {
	names := make([]string, len(partitionedTables))
	for i, table := range partitionedTables {
		names[i] = name(table)
	}
	return strings.Join(names, ", ")
}

func divideTables(ctx context.Context, conn *sql.Conn, parts int) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := execAll(ctx, tx, "SET LOCAL lock_timeout = '"+lockTimeout+"'", "LOCK TABLE "+joinNames(partitionedTable.tableName)+" IN ACCESS EXCLUSIVE MODE",
		"SET LOCAL lock_timeout = 0", "SET LOCAL statement_timeout = 0", "SET LOCAL synchronize_seqscans = off", "SET LOCAL docket.erasing = on"); err != nil {
		return err
	}
	restored, err := readDefinitions(ctx, tx)
	if err != nil {
		return err
	}
	if err := execAll(ctx, tx, restored.views.drop...); err != nil {
		return err
	}
	for _, table := range partitionedTables {
		if err := execAll(ctx, tx, fmt.Sprintf("ALTER TABLE %s RENAME TO %s", table.name, table.whole())); err != nil {
			return err
		}
	}
	for _, table := range partitionedTables {
		if err := copyTable(ctx, tx, table, parts); err != nil {
			return err
		}
	}
	if err := execAll(ctx, tx, "DROP TABLE "+joinNames(partitionedTable.whole)); err != nil {
		return err
	}
	if err := execAll(ctx, tx, restored.statements...); err != nil {
		return err
	}
	if err := execAll(ctx, tx, submissionKeys...); err != nil {
		return err
	}
	return tx.Commit()
}

// submissionKeys has a table keep that a sender uses a key once: the index of tickets that said so holds user_id now.
var submissionKeys = []string{
	"INSERT INTO submissions (submitted_by, submission_key, user_id, ticket_id) SELECT submitted_by, submission_key, user_id, id FROM tickets",
	"CREATE TRIGGER tickets_submissions BEFORE INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION submissions_take()",
	`CREATE TRIGGER tickets_submissions_change AFTER UPDATE OF submission_key ON tickets FOR EACH ROW
		WHEN (old.submission_key <> new.submission_key) EXECUTE FUNCTION submissions_change()`,
}

func execAll(ctx context.Context, tx *sql.Tx, statements ...string) error {
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// copyTable makes a partitioned table like that which is not, without keys, and copies its rows in their order.
func copyTable(ctx context.Context, tx *sql.Tx, table partitionedTable, parts int) error {
	statements := []string{fmt.Sprintf(`CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY INCLUDING STORAGE
		INCLUDING COMPRESSION INCLUDING COMMENTS) PARTITION BY HASH (user_id)`, table.name, table.whole())}
	var owner, options, columns string
	err := tx.QueryRowContext(ctx, `SELECT pg_get_userbyid(c.relowner), coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', ''),
			(SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
			 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attname <> 'user_id')
		FROM pg_class c WHERE c.oid = $1::regclass`, table.whole()).Scan(&owner, &options, &columns)
	if err != nil {
		return fmt.Errorf("read %s: %w", table.name, err)
	}
	for i := range parts {
		part := fmt.Sprintf("%s_p%d", table.name, i)
		statements = append(statements, fmt.Sprintf("CREATE TABLE %s PARTITION OF %s FOR VALUES WITH (MODULUS %d, REMAINDER %d)%s", part, table.name, parts, i, options),
			fmt.Sprintf("ALTER TABLE %s OWNER TO %s", part, pgx.Identifier{owner}.Sanitize()))
	}
	statements = append(statements, fmt.Sprintf("ALTER TABLE %s OWNER TO %s", table.name, pgx.Identifier{owner}.Sanitize()),
		fmt.Sprintf("ALTER TABLE %s ALTER user_id SET NOT NULL", table.name), table.copyRows(columns))
	return execAll(ctx, tx, statements...)
}

// copyRows is the statement that copies the rows, with these columns and user_id.
func (t partitionedTable) copyRows(columns string) string {
	if t.of == "" {
		return fmt.Sprintf("INSERT INTO %s (%s, user_id) OVERRIDING SYSTEM VALUE SELECT %[2]s, user_id FROM %[3]s", t.name, columns, t.whole())
	}
	of := partitionedTable{name: t.of}.whole()
	return fmt.Sprintf(`INSERT INTO %s (%s, user_id) OVERRIDING SYSTEM VALUE
		SELECT %[2]s, coalesce(user_id, (SELECT o.user_id FROM %[4]s o WHERE o.id = %[3]s.%[5]s)) FROM %[3]s`, t.name, columns, t.whole(), of, t.by)
}

// definitions are the statements that give the tables again what they had.
type definitions struct {
	views      struct{ drop []string }
	statements []string
}

// readDefinitions reads what tables have that a copy lacks, and puts user_id into their keys and references.
func readDefinitions(ctx context.Context, tx *sql.Tx) (d definitions, err error) {
	rows, err := tx.QueryContext(ctx, readCatalog, "{"+joinNames(partitionedTable.tableName)+"}")
	if err != nil {
		return d, err
	}
	defer rows.Close()
	for rows.Next() {
		var order int
		var kind, statement string
		if err := rows.Scan(&order, &kind, &statement); err != nil {
			return d, err
		}
		switch kind {
		case "key":
			statement = putUser(statement, keyColumns)
		case "reference":
			statement = strings.TrimSuffix(putUser(statement, referenceColumns), " NOT VALID")
		case "drop view":
			d.views.drop = append(d.views.drop, statement)
			continue
		}
		d.statements = append(d.statements, statement)
	}
	return d, rows.Err()
}

// The lists of columns of a key, and of a reference in its own table and in the other.
var (
	keyColumns       = regexp.MustCompile(`(?:PRIMARY KEY|UNIQUE|USING btree) \(([^()]*)\)`)
	referenceColumns = regexp.MustCompile(`FOREIGN KEY \(([^()]*)\) REFERENCES [a-z_.]+\(([^()]*)\)`)
	userColumn       = regexp.MustCompile(`\buser_id\b`)
)

// putUser adds user_id to each list of columns that does not have it.
func putUser(statement string, columns *regexp.Regexp) string {
	at := columns.FindStringSubmatchIndex(statement)
	for i := len(at) - 2; i >= 2; i -= 2 {
		if list := statement[at[i]:at[i+1]]; !userColumn.MatchString(list) {
			statement = statement[:at[i]] + list + ", user_id" + statement[at[i+1]:]
		}
	}
	return statement
}
