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
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib" // is also the driver by the name pgx
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Files are the migrations as goose reads them.
//
//go:embed *.sql
var Files embed.FS

// ErrOld is what Check says to a database that has not seen every migration of this release.
var ErrOld = errors.New("the schema of the database is older than this release: run docket migrate up")

// Migration is one step of the schema. AppliedAt is zero while the database has not seen it.
type Migration struct {
	Version   int64
	Name      string
	AppliedAt time.Time
}

// ErrHeld is what Up says when others did not let go of a table in all the time in which it tried. What it had not begun
// is not done, and nothing is half done.
var ErrHeld = errors.New("somebody holds a table that a migration has to change, such as by a long query: " +
	"nothing is half done; try again when that has ended")

// A migration that waits for a table makes everybody who comes after it wait too, for whatever they want there. So it does
// not wait for long, and lets them pass before it tries again.
const (
	lockTime = "1s"
	restTime = time.Second
	tries    = 30
)

// Up applies what is missing. Any number of instances may call it at once: one of them works, the others wait.
func Up(ctx context.Context, databaseURL string) error { return up(ctx, databaseURL, tries) }

func up(ctx context.Context, databaseURL string, tries int) error {
	if Check(ctx, databaseURL) == nil {
		return nil // so that a restart of many instances does not queue for the lock
	}
	provider, err := prepare(databaseURL)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer provider.Close()
	for left := tries - 1; ; left-- {
		_, err := provider.Up(ctx)
		if !held(err) {
			return wrapped(err)
		}
		if left == 0 {
			return fmt.Errorf("migrate: %w (%w)", ErrHeld, err)
		}
		select {
		case <-ctx.Done():
			return wrapped(ctx.Err())
		case <-time.After(restTime):
		}
	}
}

func wrapped(err error) error {
	if err != nil {
		err = fmt.Errorf("migrate: %w", err)
	}
	return err
}

func prepare(databaseURL string) (*goose.Provider, error) {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["lock_timeout"] = lockTime
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 600))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, stdlib.OpenDB(*config), Files, goose.WithSessionLocker(locker))
}

func held(err error) bool {
	answer, ok := errors.AsType[*pgconn.PgError](err)
	return ok && answer.Code == "55P03"
}

// Check returns ErrOld when a migration of this release is missing. A newer schema is none of its business.
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
	db, err := sql.Open("pgx", databaseURL)
	if err != nil {
		return nil, fmt.Errorf("read the schema's version: %w", err)
	}
	defer db.Close()
	applied, err := appliedIn(ctx, db)
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

// appliedIn says when each version was applied, according to goose's table. goose would create that table on a read;
// a server may have no right to.
func appliedIn(ctx context.Context, db *sql.DB) (map[int64]time.Time, error) {
	var there bool
	if err := db.QueryRowContext(ctx, "SELECT to_regclass('goose_db_version') IS NOT NULL").Scan(&there); err != nil || !there {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, "SELECT version_id, tstamp FROM goose_db_version WHERE is_applied")
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
