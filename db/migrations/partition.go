package migrations

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
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

// divided is the name of the partitioned table until it takes the place of the other.
func (t partitionedTable) divided() string { return t.name + "_divided" }

// MostPartitions is how many partitions there may be: with many more, planning a statement takes longer than running it.
const MostPartitions = 64

// ErrPartitioned says that a database has another number of partitions than was asked for.
var ErrPartitioned = errors.New("the database is partitioned already, and cannot be partitioned anew")

// Partitions returns into how many partitions the tables of users' data are divided: 0 when they are not.
func Partitions(ctx context.Context, databaseURL string) (int, error) {
	conn, err := connect(ctx, databaseURL)
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

// ChangingOver returns how much of the tables is copied into how many partitions, in percent, while a database changes over: both 0 when it does not.
func ChangingOver(ctx context.Context, databaseURL string) (percent, parts int, err error) {
	conn, err := connect(ctx, databaseURL)
	if err != nil {
		return 0, 0, fmt.Errorf("read how far the partitions are: %w", err)
	}
	defer conn.Close(ctx)
	var changing bool
	err = conn.QueryRow(ctx, "SELECT to_regclass('partition_progress') IS NOT NULL", pgx.QueryExecModeSimpleProtocol).Scan(&changing)
	if err == nil && changing {
		err = conn.QueryRow(ctx, readProgress, pgx.QueryExecModeSimpleProtocol).Scan(&percent, &parts)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("read how far the partitions are: %w", err)
	}
	return percent, parts, nil
}

const countPartitions = "SELECT count(*) FROM pg_inherits WHERE inhparent = to_regclass('tickets')"

// Partition divides the tables of users' data into so many partitions by a hash of user_id, with user_id in every key and reference, while instances
// work on. It copies the tables in short transactions; called again after it was ended, it goes on. On a database that has so many it does nothing.
// It returns ErrPartitioned, and ErrDiffers when a copy is not as its table: then nothing has changed.
func Partition(ctx context.Context, databaseURL string, parts int) error {
	return PartitionWith(ctx, databaseURL, parts, func(string) {})
}

// PartitionWith is Partition. It calls report with each step, in words.
func PartitionWith(ctx context.Context, databaseURL string, parts int, report func(string)) error {
	config, err := parseURL(databaseURL)
	if err != nil {
		return fmt.Errorf("partition: %w", err)
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	if err := partitionWith(ctx, db, parts, report); err != nil {
		return fmt.Errorf("partition: %w", err)
	}
	return nil
}

func partitionWith(ctx context.Context, db *sql.DB, parts int, report func(string)) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	unlock, err := lockPartitioning(ctx, conn)
	if err != nil {
		return err
	}
	defer unlock()
	var has int
	err = conn.QueryRowContext(ctx, countPartitions).Scan(&has)
	switch {
	case err != nil || has == parts:
		return err
	case has > 0:
		return fmt.Errorf("%w: it has %d partitions", ErrPartitioned, has)
	}
	d := division{db: db, conn: conn, parts: parts, report: report}
	for _, step := range []func(context.Context) error{d.prepare, d.fill, d.waitForOlder, d.compare, d.refer, d.replace} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// lockPartitioning waits until no other process partitions this database. It asks again and again, because a statement that waits has a snapshot, for
// whose end waitForOlder waits.
func lockPartitioning(ctx context.Context, conn *sql.Conn) (unlock func(), err error) {
	const key = "hashtext('docket partitions')"
	for taken := false; ; {
		if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock("+key+")").Scan(&taken); err != nil {
			return nil, err
		}
		if taken {
			return func() { _, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock("+key+")") }, nil // the connection closes in any case
		}
		if err := pause(ctx, retryPause); err != nil {
			return nil, err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// lockMigrations waits until no migration runs, and keeps others from running until unlock is called.
func lockMigrations(ctx context.Context, conn *sql.Conn) (unlock func(), err error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 600))
	if err != nil {
		return nil, err
	}
	if err := locker.SessionLock(ctx, conn); err != nil {
		return nil, err
	}
	return func() { _ = locker.SessionUnlock(context.WithoutCancel(ctx), conn) }, nil // the connection closes in any case
}

// division is a change of a database to partitions. Its tables are beside the others under names of their own, and every change of a row is carried
// over by a trigger, until they take their places.
type division struct {
	db     *sql.DB
	conn   *sql.Conn
	parts  int
	report func(string)
}

// transact runs work in a transaction that gives up when a lock is not free soon, so that nobody waits behind it, and tries again. It returns
// ErrLocked after many tries.
func (d *division) transact(ctx context.Context, work func(*sql.Tx) error) error {
	for left := maxTries * 4; ; left-- {
		err := d.transactOnce(ctx, work)
		if !isLockTimeout(err) {
			return err
		}
		if left == 0 {
			return fmt.Errorf("%w (%w)", ErrLocked, err)
		}
		if err := pause(ctx, retryPause/4); err != nil {
			return err
		}
	}
}

func (d *division) transactOnce(ctx context.Context, work func(*sql.Tx) error) error {
	tx, err := d.conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := execAll(ctx, tx, "SET LOCAL lock_timeout = '"+lockTimeout+"'", "SET LOCAL statement_timeout = 0"); err != nil {
		return err
	}
	if err := work(tx); err != nil {
		return err
	}
	return tx.Commit()
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

func execAll(ctx context.Context, tx *sql.Tx, statements ...string) error {
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
