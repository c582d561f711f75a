package erasure_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
)

// privacyRow is a row of the table of columns: the table, its columns, their class.
var privacyRow = regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| ((?:`[a-z_0-9]+`(?:, )?)+) \\| ([a-z]+) \\|")

// readClasses reads docs/privacy.md: the class of each column, by table and column.
func readClasses(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/privacy.md")
	if err != nil {
		t.Fatal(err)
	}
	classes := map[string]string{}
	for _, row := range privacyRow.FindAllStringSubmatch(string(text), -1) {
		for _, column := range strings.Split(row[2], ", ") {
			name := row[1] + "." + strings.Trim(column, "`")
			if _, twice := classes[name]; twice {
				t.Errorf("docs/privacy.md has %s twice", name)
			}
			classes[name] = row[3]
		}
	}
	return classes
}

// TestPrivacy_EveryColumnIsClassified: what can hold personal data has a row in docs/privacy.md.
func TestPrivacy_EveryColumnIsClassified(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	rows, err := pool.Query(t.Context(), `SELECT c.relname || '.' || a.attname FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type y ON y.oid = a.atttypid
		WHERE c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
			AND c.relname NOT IN ('docket_migrations', 'goose_db_version')
			AND y.typname IN ('text', 'varchar', 'bpchar', 'json', 'jsonb', 'bytea', 'inet', 'cidr', '_text', '_bytea', 'tsvector', 'xml')`)
	if err != nil {
		t.Fatal(err)
	}
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	classes := readClasses(t)
	known := []string{"content", "account", "secret", "identifier", "record", "setting"}
	for _, column := range columns {
		class, ok := classes[column]
		if !ok {
			t.Errorf("docs/privacy.md does not say of which class %s is", column)
		} else if !slices.Contains(known, class) {
			t.Errorf("docs/privacy.md: %s is of the class %s, which is none of %s", column, class, strings.Join(known, ", "))
		}
	}
	for column := range classes {
		if !slices.Contains(columns, column) {
			t.Errorf("docs/privacy.md has a row for %s, which is no such column", column)
		}
	}
}
