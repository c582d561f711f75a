package migrations

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3/lock"
)

// citusFunctions are the functions that take the place of triggers which a worker cannot run.
//
//go:embed citus/functions.sql
var citusFunctions string

// citusArchive distributes the archive, once the tickets are.
//
//go:embed citus/archive.sql
var citusArchive string

// Errors of Distribute.
var (
	ErrNoCitus   = errors.New("the database lacks the extension citus: CREATE EXTENSION citus there and on each worker")
	ErrNoWorkers = errors.New("the coordinator knows no worker that takes shards: SELECT citus_add_node('HOST', PORT)")
)

// referenceTables are on every worker, since triggers and checks of users' data read them there.
var referenceTables = []string{"accounts", "provider_identities", "team_members", "erasures", "holds", "forms", "mail_senders"}

// Distribution is how tables are distributed over the workers of a Citus cluster.
type Distribution struct{ Shards, Workers int }

const readDistribution = `SELECT count(*), count(DISTINCT nodename || ':' || nodeport) FROM citus_shards WHERE table_name = to_regclass('tickets')`

// Distributed returns how the tables of users' data are distributed; no shards when they are not.
func Distributed(ctx context.Context, databaseURL string) (d Distribution, err error) {
	conn, err := connect(ctx, databaseURL)
	if err != nil {
		return d, fmt.Errorf("read how the tables are distributed: %w", err)
	}
	defer conn.Close(ctx)
	var has bool
	if err := conn.QueryRow(ctx, hasCitus, pgx.QueryExecModeSimpleProtocol).Scan(&has); err != nil || !has {
		return d, wrapError(err)
	}
	if err := conn.QueryRow(ctx, readDistribution, pgx.QueryExecModeSimpleProtocol).Scan(&d.Shards, &d.Workers); err != nil {
		return d, fmt.Errorf("read how the tables are distributed: %w", err)
	}
	return d, nil
}

const hasCitus = "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')"

// Distribute distributes the tables of users' data over the workers of a Citus cluster by user_id, with user_id in every key and reference. The address
// is that of its coordinator. Citus copies the rows; nothing else can use the tables meanwhile. On a database that is distributed it
// only writes the functions again that differ there.
func Distribute(ctx context.Context, databaseURL string) error {
	config, err := parseURL(databaseURL)
	if err != nil {
		return fmt.Errorf("distribute: %w", err)
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	if err := distributeWith(ctx, db); err != nil {
		return fmt.Errorf("distribute: %w", err)
	}
	return nil
}

func distributeWith(ctx context.Context, db *sql.DB) error {
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
	done, err := checkCluster(ctx, conn)
	if err != nil {
		return err
	}
	if done { // a migration since then may have written a function anew
		return renewDistribution(ctx, conn)
	}
	if err := setUpDatabase(ctx, conn); err != nil {
		return err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := distributeTables(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

// renewDistribution writes again what a migration may have written anew since the tables were distributed, and distributes the archive of a release that did not.
func renewDistribution(ctx context.Context, conn *sql.Conn) error {
	var archive bool
	if err := conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = 'archived_tickets'::regclass)").Scan(&archive); err != nil {
		return err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	statements := []string{"SET LOCAL citus.multi_shard_modify_mode = 'sequential'", citusFunctions}
	if !archive {
		statements = append(statements, citusArchive)
	}
	if err := execAll(ctx, tx, statements...); err != nil {
		return err
	}
	return tx.Commit()
}

// checkCluster reports whether the tables are distributed already, and what a database lacks for that.
func checkCluster(ctx context.Context, conn *sql.Conn) (done bool, err error) {
	var has bool
	if err := conn.QueryRowContext(ctx, hasCitus).Scan(&has); err != nil {
		return false, err
	}
	if !has {
		return false, ErrNoCitus
	}
	var workers, shards, parts, on int
	err = conn.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM pg_dist_node WHERE isactive AND shouldhaveshards AND noderole = 'primary')`).Scan(&workers)
	if err == nil {
		err = conn.QueryRowContext(ctx, readDistribution).Scan(&shards, &on)
	}
	if err == nil {
		err = conn.QueryRowContext(ctx, countPartitions).Scan(&parts)
	}
	switch {
	case err != nil:
		return false, err
	case shards > 0:
		return true, nil
	case parts > 0:
		return false, fmt.Errorf("%w: it has %d partitions", ErrPartitioned, parts)
	case workers == 0:
		return false, ErrNoWorkers
	}
	return false, nil
}

// setUpDatabase lets every session on the coordinator and, as Citus passes it on, on the workers run the triggers of shards, which see only rows of the same user.
func setUpDatabase(ctx context.Context, conn *sql.Conn) error {
	for _, setting := range []string{"citus.enable_unsafe_triggers = on"} {
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("DO $$ BEGIN EXECUTE format('ALTER DATABASE %%I SET %s', current_database()); END $$", setting)); err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, "SET "+setting); err != nil {
			return err
		}
	}
	return nil
}

func distributeTables(ctx context.Context, tx *sql.Tx) error {
	if err := execAll(ctx, tx, "SET LOCAL statement_timeout = 0", "SET LOCAL docket.erasing = on", "SET LOCAL citus.multi_shard_modify_mode = 'sequential'", citusFunctions); err != nil {
		return err
	}
	restored, err := readDefinitions(ctx, tx)
	if err != nil {
		return err
	}
	dropped, err := readStatements(ctx, tx, readDrops, "{"+joinNames(partitionedTable.tableName)+"}", "{"+strings.Join(referenceTables, ", ")+"}")
	if err != nil {
		return err
	}
	kept, err := readStatements(ctx, tx, readAccountTriggers)
	if err != nil {
		return err
	}
	for _, d := range restored {
		if d.kind == "drop view" {
			dropped = slices.Insert(dropped, 0, d.statement)
		}
	}
	if err := execAll(ctx, tx, append(dropped, prepareEvents...)...); err != nil {
		return err
	}
	for _, table := range referenceTables {
		if err := execAll(ctx, tx, fmt.Sprintf("SELECT create_reference_table('%s')", table)); err != nil {
			return err
		}
	}
	if err := execAll(ctx, tx, distributions(restored)...); err != nil {
		return err
	}
	return execAll(ctx, tx, slices.Concat([]string{citusArchive}, citusTriggers, kept)...)
}

// distributions are the statements that distribute the tables, and give them again what they had, in an order that Citus takes: keys, distribution,
// references, triggers.
func distributions(restored []definition) (all []string) {
	for _, d := range restored {
		if d.kind == "key" {
			all = append(all, d.statement)
		}
	}
	for _, table := range partitionedTables {
		with := "tickets"
		if table.name == "tickets" {
			with = "none"
		}
		all = append(all, fmt.Sprintf("SELECT create_distributed_table('%s', 'user_id', colocate_with => '%s')", table.name, with))
	}
	all = append(all, "INSERT INTO submissions (submitted_by, submission_key, user_id, ticket_id) SELECT submitted_by, submission_key, user_id, id FROM tickets",
		"SELECT create_distributed_table('submissions', 'submission_key', colocate_with => 'none')") // so that a key is found whoever it was used for
	for _, d := range restored {
		switch d.kind {
		case "reference", "other reference":
			all = append(all, strings.TrimSuffix(d.statement, " NOT VALID"))
		case "trigger", "view":
			if !replacedOnCitus(d.statement) {
				all = append(all, d.statement)
			}
		}
	}
	return append(all, restoredGrants(restored)...)
}

// restoredGrants are the rights to the views, which were made anew.
func restoredGrants(restored []definition) (grants []string) {
	views := false
	for _, d := range restored {
		views = views || d.kind == "view"
		if views && d.kind == "grant" {
			grants = append(grants, d.statement)
		}
	}
	return grants
}

// replacedOnCitus reports whether a trigger has another form on the shards of a worker.
func replacedOnCitus(statement string) bool {
	return slices.ContainsFunc(droppedOnCitus, func(name string) bool { return strings.HasPrefix(statement, "CREATE TRIGGER "+name+" ") }) ||
		strings.Contains(statement, "EXECUTE FUNCTION fill_user(")
}

// readStatements reads statements that the catalog makes: those that drop what a distributed table cannot have and what stands in the way of new keys, and
// those that give reference tables their triggers again.
func readStatements(ctx context.Context, tx *sql.Tx, query string, names ...any) (statements []string, err error) {
	rows, err := tx.QueryContext(ctx, query, names...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var order int
		var statement string
		if err := rows.Scan(&order, &statement); err != nil {
			return nil, err
		}
		statements = append(statements, statement)
	}
	return statements, rows.Err()
}
