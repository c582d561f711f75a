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

// A replica of another database, or another schema of the same, would answer with the tickets of others.
func TestServe_ReplicaOfAnotherDatabase(t *testing.T) {
	t.Parallel()
	db := testdb.NewWithReplica(t)
	for name, replica := range map[string]string{
		"another database": testdb.NewWithReplica(t).Replica,
		"another schema":   db.Replica + "&search_path=pg_catalog",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := []string{
				"DATABASE_URL=" + db.Primary, "REPLICA_URL=" + replica, sessionKey,
				"LISTEN_ADDR=127.0.0.1:0", "FILES_URL=file://" + t.TempDir(),
			}
			run(t, docket(t, env, "serve"), "").want(t, 1, "REPLICA_URL (--replica-url) leads to another database")
		})
	}
}

// An address may have the settings of a pool, which no server knows, with every command.
func TestDatabaseURL_PoolSettings(t *testing.T) {
	t.Parallel()
	db := testdb.NewWithReplica(t)
	env := []string{
		"DATABASE_URL=" + db.Primary + "&pool_max_conns=5", "REPLICA_URL=" + db.Replica + "&pool_max_conns=5", sessionKey,
		"FILES_URL=file://" + t.TempDir(),
	}
	for _, command := range []string{"migrate up", "migrate status", "key list", "verify"} {
		run(t, docket(t, env, strings.Fields(command)...), "").want(t, 0)
	}
	_, end := startServe(t, env, "--listen", "127.0.0.1:0")
	end()
}
