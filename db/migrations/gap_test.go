package migrations_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"docket/db/migrations"
)

// upWithout migrates up to a version as a release did that lacked another one.
func upWithout(t *testing.T, address string, missing, version int64) {
	t.Helper()
	db := stdlib.OpenDB(*connect(t, address).Config())
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations.Files, goose.WithExcludeVersions([]int64{missing}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
}

// earlyAttempts is what version 8 was before version 5 came: its checks read every row, and its index is that of version 11.
const earlyAttempts = `ALTER TABLE tickets
		DROP CONSTRAINT tickets_attempt, DROP CONSTRAINT tickets_turn_counts, DROP CONSTRAINT tickets_previous,
		ADD CHECK (attempt > 0), ADD CHECK (turn > 0), ADD FOREIGN KEY (previous_id) REFERENCES tickets (id);
	CREATE UNIQUE INDEX tickets_turn ON tickets (user_id, turn) WHERE turn IS NOT NULL`

func TestUp_FillsTheGapBeforeVersion6To10(t *testing.T) {
	t.Parallel()
	for version := int64(6); version <= 10; version++ {
		address := empty(t)
		upWithout(t, address, 5, version)
		if version >= 8 {
			exec(t, address, earlyAttempts)
		}
		if err := migrations.Up(t.Context(), address); err != nil {
			t.Fatalf("from version %d without 5: %v", version, err)
		}
		if err := migrations.Check(t.Context(), address); err != nil {
			t.Errorf("from version %d without 5: %v", version, err)
		}
		if n := countRows(t, address, "SELECT count(*) FROM pg_proc WHERE proname = 'user_tickets_guard' AND prosrc LIKE '%decided_by = NEW.decided_by%'"); n != 1 {
			t.Errorf("from version %d without 5: the guard of version 5 is missing", version)
		}
	}
}

func TestUp_RefusesOtherGaps(t *testing.T) {
	t.Parallel()
	for _, gap := range []struct{ missing, version int64 }{{7, 10}, {5, 11}, {2, 4}} {
		address := empty(t)
		upWithout(t, address, gap.missing, gap.version)
		err := migrations.Up(t.Context(), address)
		if err == nil || !strings.Contains(err.Error(), "missing") {
			t.Errorf("from version %d without %d: %v, want an error that says what is missing", gap.version, gap.missing, err)
		}
	}
}
