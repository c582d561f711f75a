// Package migrations brings a database to the schema that docket needs, and says whether it is there.
// Migrations only go forward; the previous release still runs on them.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Files are the migrations as goose reads them.
//
//go:embed *.sql
var Files embed.FS

// ErrOld is what Check returns for a database that lacks a migration of this release.
var ErrOld = errors.New("the schema of the database is older than this release: run docket migrate up")

// Migration is one step of the schema. AppliedAt is zero until it is applied.
type Migration struct {
	Version   int64
	Name      string
	AppliedAt time.Time
}

// ErrLocked says that a table was locked for as long as Up tried. The migrations before it are applied, it and those after
// it are not, and none is half applied.
var ErrLocked = errors.New("a long query or transaction holds a table that a migration has to change: " +
	"nothing is half done; try again when it has ended")

// While a migration waits for the lock of a table, every later statement on that table waits behind it. So it gives up soon
// and lets those statements run before it tries again.
const (
	lockTimeout = "250ms" // shorter than those statements wait for a lock
	retryPause  = time.Second
	maxTries    = 50
)

// Up applies what is missing. Any number of instances may call it at once: one of them works, the others wait.
func Up(ctx context.Context, databaseURL string) error {
	return upWithTries(ctx, databaseURL, maxTries)
}

func upWithTries(ctx context.Context, databaseURL string, tries int) error {
	if Check(ctx, databaseURL) == nil {
		return nil // so that a restart of many instances does not queue for the lock
	}
	provider, err := newProvider(ctx, databaseURL)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer provider.Close()
	for left := tries - 1; ; left-- {
		_, err := provider.Up(ctx)
		if !isLockTimeout(err) {
			return wrapError(err)
		}
		if left == 0 {
			return fmt.Errorf("migrate: %w (%w)", ErrLocked, err)
		}
		if err := pause(ctx, retryPause); err != nil {
			return wrapError(err)
		}
	}
}

func wrapError(err error) error {
	if err != nil {
		err = fmt.Errorf("migrate: %w", err)
	}
	return err
}

// parseURL reads a URL without the settings of a pool in it, such as pool_max_conns, which a server would refuse.
func parseURL(databaseURL string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(config.RuntimeParams, func(name, _ string) bool { return strings.HasPrefix(name, "pool_") })
	return config, nil
}

func connect(ctx context.Context, databaseURL string) (*pgx.Conn, error) {
	config, err := parseURL(databaseURL)
	if err != nil {
		return nil, err
	}
	return pgx.ConnectConfig(ctx, config)
}

func newProvider(ctx context.Context, databaseURL string) (*goose.Provider, error) {
	config, err := parseURL(databaseURL)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["lock_timeout"] = lockTimeout
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 600))
	if err != nil {
		return nil, err
	}
	db := stdlib.OpenDB(*config)
	table, _, err := findVersionTable(ctx, db)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	applied, err := readApplied(ctx, db)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	files, err := filesFor(ctx, db)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker), goose.WithTableName(table),
		goose.WithAllowOutofOrder(hasKnownGap(applied)))
}

// hasKnownGap reports whether a database has the one gap that is filled: version 5 came after some databases had been made
// with 6 to 10. Any other gap stays an error.
func hasKnownGap(applied map[int64]time.Time) bool {
	newest := int64(0)
	for version := range applied {
		newest = max(newest, version)
	}
	for version := int64(1); version <= newest; version++ {
		if _, ok := applied[version]; ok == (version == 5) {
			return false
		}
	}
	return 6 <= newest && newest <= 10
}

func isLockTimeout(err error) bool {
	answer, ok := errors.AsType[*pgconn.PgError](err)
	return ok && answer.Code == "55P03"
}

// Check returns ErrOld when a migration of this release is missing. It accepts a newer schema.
func Check(ctx context.Context, databaseURL string) error {
	all, err := Status(ctx, databaseURL)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.AppliedAt.IsZero() {
			return fmt.Errorf("%w (%s is missing)", ErrOld, m.Name)
		}
	}
	return nil
}

// Status lists the migrations of this release, oldest first. It only reads.
func Status(ctx context.Context, databaseURL string) ([]Migration, error) {
	config, err := parseURL(databaseURL)
	if err != nil {
		return nil, fmt.Errorf("read the schema's version: %w", err)
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe // works through any pooler
	db := stdlib.OpenDB(*config)
	defer db.Close()
	applied, err := readApplied(ctx, db)
	if err != nil {
		return nil, fmt.Errorf("read the schema's version: %w", err)
	}
	names, _ := fs.Glob(Files, "*.sql") // the pattern is well formed
	var all []Migration
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		all = append(all, Migration{Version: version, Name: name, AppliedAt: applied[version]})
	}
	return all, nil
}

// readApplied says when each version was applied. goose would create its table on a read; a server may have no right to.
func readApplied(ctx context.Context, db *sql.DB) (map[int64]time.Time, error) {
	table, exists, err := findVersionTable(ctx, db)
	if err != nil || !exists {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, "SELECT version_id, tstamp FROM "+table+" WHERE is_applied")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	applied := map[int64]time.Time{}
	for rows.Next() {
		var version int64
		var at time.Time
		if err := rows.Scan(&version, &at); err != nil {
			return nil, err
		}
		applied[version] = at
	}
	return applied, rows.Err()
}

// The applied migrations are in a table of docket's own. Databases that an earlier release made have them in goose's default
// table, which another program may have in the same schema: it is docket's only beside a table that docket's first
// migration made.
const (
	versionTable    = "docket_migrations"
	oldVersionTable = "goose_db_version"

	versionTables = `SELECT to_regclass('` + versionTable + `') IS NOT NULL, EXISTS (
		SELECT FROM pg_class versions
		JOIN pg_class tickets ON tickets.relnamespace = versions.relnamespace AND tickets.relname = 'tickets'
		JOIN pg_trigger guard ON guard.tgrelid = tickets.oid AND guard.tgname = 'tickets_guard'
		WHERE versions.oid = to_regclass('` + oldVersionTable + `'))`
)

// findVersionTable returns the table of the applied migrations, and whether it exists.
func findVersionTable(ctx context.Context, db *sql.DB) (table string, exists bool, err error) {
	var own, old bool
	err = db.QueryRowContext(ctx, versionTables).Scan(&own, &old)
	if old && !own {
		return oldVersionTable, true, err
	}
	return versionTable, own, err
}
