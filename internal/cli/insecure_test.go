package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"docket/internal/testkit/testdb"
)

func TestServe_Unencrypted(t *testing.T) {
	t.Parallel()
	db := testdb.New(t).Primary
	const elsewhere = "postgres://docket:geheim@192.0.2.7/docket?connect_timeout=1&sslmode="
	for name, try := range map[string]struct{ listen, variable, says string }{
		"pages by http":           {"0.0.0.0:0", "BASE_URL=http://tickets.example.com", "BASE_URL (--base-url) is not https"},
		"pages without a name":    {"0.0.0.0:0", "", "BASE_URL (--base-url) is not https"},
		"a database without TLS":  {"127.0.0.1:0", "DATABASE_URL=" + elsewhere + "disable", "DATABASE_URL (--database-url) reaches 192.0.2.7 without TLS"},
		"a database with some":    {"127.0.0.1:0", "DATABASE_URL=" + elsewhere + "require", "add sslmode=verify-full"},
		"a database to listen on": {"127.0.0.1:0", "DATABASE_DIRECT_URL=" + elsewhere + "verify-ca", "DATABASE_DIRECT_URL (--database-direct-url) reaches 192.0.2.7"},
		"a replica":               {"127.0.0.1:0", "REPLICA_URL=" + db + "," + elsewhere + "prefer", "REPLICA_URL (--replica-url) reaches 192.0.2.7"},
		"a bucket":                {"127.0.0.1:0", "FILES_URL=s3://bucket/docket?endpoint=http://minio:9000", "FILES_URL (--files-url) reaches minio:9000 by http"},
	} {
		env := []string{"DATABASE_URL=" + db, sessionKey, "LISTEN_ADDR=" + try.listen, try.variable}
		got := run(t, docket(t, env, "serve"), "").want(t, 1, try.says, "--insecure")
		if strings.Contains(got.err, "geheim") || strings.Contains(got.err, `"ready"`) {
			t.Errorf("%s: it says %s", name, got.err)
		}
	}
}

func TestServe_Insecure(t *testing.T) {
	t.Parallel()
	key := filepath.Join(t.TempDir(), "session-key")
	if err := os.WriteFile(key, []byte(strings.TrimPrefix(sessionKey, "SESSION_KEY=")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"DATABASE_URL=" + testdb.New(t).Primary, "SESSION_KEY_FILE=" + key, "LISTEN_ADDR=0.0.0.0:0"}
	trusted, _ := startServe(t, env, "--insecure")
	if status, _ := get(t, trusted+"/healthz"); status != 200 {
		t.Errorf("/healthz answers %d", status)
	}
	proxied, _ := startServe(t, append(env, "BASE_URL=https://tickets.example.com"))
	if status, _ := get(t, proxied+"/healthz"); status != 200 {
		t.Errorf("behind a proxy with TLS, /healthz answers %d", status)
	}
	run(t, docket(t, append(env, sessionKey), "serve"), "").want(t, 1, "SESSION_KEY and SESSION_KEY_FILE are both set")
}
