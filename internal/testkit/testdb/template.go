package testdb

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"strconv"

	"github.com/jackc/pgx/v5"

	"docket/db/migrations"
)

// ensureTemplate returns the name of a database with the migrations of this build and without sessions. The first
// process that asks creates it; the others wait.
func ensureTemplate(ctx context.Context, primary string) (string, error) {
	parts, err := partitions()
	if err != nil {
		return "", err
	}
	template := fmt.Sprintf("template_%s_%d", migrationsHash(), parts)
	conn, err := pgx.Connect(ctx, primary)
	if err != nil {
		return "", fmt.Errorf("make %s: %w", template, err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtext($1))", template); err != nil {
		return "", fmt.Errorf("make %s: %w", template, err)
	}
	var there bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", template).Scan(&there)
	if err == nil && !there {
		err = buildTemplate(ctx, conn, primary, template, parts)
	}
	if err != nil {
		return "", fmt.Errorf("make %s: %w", template, err)
	}
	return template, nil
}

// partitions is into how many partitions the tables of users' data are divided, as PartitionsVariable says.
func partitions() (int, error) {
	text := os.Getenv(PartitionsVariable)
	if text == "" {
		return 0, nil
	}
	parts, err := strconv.Atoi(text)
	if err != nil || parts < 2 {
		return 0, fmt.Errorf("%s is %q, want a number from 2 on", PartitionsVariable, text)
	}
	return parts, nil
}

// buildTemplate makes the template, under another name until it is complete.
func buildTemplate(ctx context.Context, conn *pgx.Conn, primary, template string, parts int) error {
	unfinished := template + "_unfinished"
	if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+unfinished+" WITH (FORCE)"); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+unfinished+" STRATEGY FILE_COPY"); err != nil {
		return err
	}
	if err := migrations.Up(ctx, withDatabase(primary, unfinished)); err != nil {
		return err
	}
	if parts > 0 {
		if err := migrations.Partition(ctx, withDatabase(primary, unfinished), parts); err != nil {
			return err
		}
	}
	_, err := conn.Exec(ctx, "ALTER DATABASE "+unfinished+" RENAME TO "+template)
	return err
}

// migrationsHash changes whenever a migration does.
func migrationsHash() string {
	sum := sha256.New()
	names, _ := fs.Glob(migrations.Files, "*.sql") // the pattern is well formed
	for _, name := range names {
		text, _ := migrations.Files.ReadFile(name) // it is in the binary
		fmt.Fprintf(sum, "%s %d %s", name, len(text), text)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))[:16]
}
