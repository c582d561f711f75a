package cli_test

import (
	"strings"
	"testing"

	"docket/internal/testkit/testdb"
)

func TestServe_Standby(t *testing.T) {
	t.Parallel()
	env := []string{
		"DATABASE_URL=" + testdb.NewWithReplica(t).Replica, "SESSION_KEY=" + strings.Repeat("07", 32),
		"LISTEN_ADDR=127.0.0.1:0", "FILES_URL=file://" + t.TempDir(),
	}
	run(t, docket(t, env, "serve"), "").want(t, 1, "is a standby", "REPLICA_URL")
}
