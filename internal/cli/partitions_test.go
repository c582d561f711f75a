package cli_test

import (
	"testing"

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
