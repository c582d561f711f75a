package cli_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"docket/db/migrations"
	"docket/internal/testkit/testdb"
)

func TestMigrate_Partitions(t *testing.T) {
	t.Parallel()
	env := []string{"DATABASE_URL=" + testdb.New(t).Primary}
	run(t, docket(t, env, "migrate", "up", "--partitions", "1"), "").want(t, 80, "from 2 to 64")
	for range 2 { // the second time there is nothing to do
		run(t, docket(t, env, "migrate", "up", "--partitions", "2"), "").want(t, 0, "up to date")
	}
	run(t, docket(t, env, "migrate", "up"), "").want(t, 0, "up to date")
	run(t, docket(t, env, "migrate", "status"), "").want(t, 0, "have 2 partitions")
	run(t, docket(t, env, "migrate", "up", "--partitions", "4"), "").want(t, 1, "it has 2 partitions")
}

// TestMigrate_PartitionsGoOn: what a command that was ended has made is told, and the next goes on.
func TestMigrate_PartitionsGoOn(t *testing.T) {
	t.Parallel()
	address := testdb.New(t).Primary
	env := []string{"DATABASE_URL=" + address}
	ctx, end := context.WithCancel(t.Context())
	if err := migrations.PartitionWith(ctx, address, 2, func(step string) {
		if strings.HasPrefix(step, "copies") {
			end()
		}
	}); !errors.Is(err, context.Canceled) {
		t.Fatalf("a command that was ended: %v", err)
	}
	run(t, docket(t, env, "migrate", "status"), "").want(t, 0, "partitioning: 0 % of the rows are copied into 2 partitions")
	run(t, docket(t, env, "migrate", "up", "--partitions", "2"), "").want(t, 0, "goes on where it was ended")
	run(t, docket(t, env, "migrate", "status"), "").want(t, 0, "have 2 partitions")
}
