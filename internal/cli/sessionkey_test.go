package cli_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/testkit/testdb"
)

func TestMigrate_SessionKey(t *testing.T) {
	t.Parallel()
	db := testdb.New(t).Primary
	conn, err := pgx.Connect(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	known := func() (keys int) {
		t.Helper()
		if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM mac_keys").Scan(&keys); err != nil {
			t.Fatal(err)
		}
		return keys
	}
	plain := []string{"DATABASE_URL=" + db}
	keyed := append(plain, sessionKey)
	run(t, docket(t, plain, "migrate", "up"), "").want(t, 0, "up to date")
	run(t, docket(t, plain, "migrate", "session-key"), "").want(t, 80, "SESSION_KEY")
	run(t, docket(t, append(plain, "SESSION_KEY=c2hvcnQ="), "migrate", "up"), "").want(t, 80, "32 bytes")
	if n := known(); n != 0 {
		t.Fatalf("%d keys are known before any was given", n)
	}
	for range 2 {
		run(t, docket(t, keyed, "migrate", "up"), "").want(t, 0, "up to date")
	}
	next := append(plain, "SESSION_KEY=BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=")
	run(t, docket(t, next, "migrate", "session-key"), "").want(t, 0, "knows this SESSION_KEY now")
	if n := known(); n != 2 {
		t.Errorf("%d keys are known, want the one of before and the new one", n)
	}
	run(t, docket(t, next, "migrate", "session-key", "--only"), "").want(t, 0, "alone")
	if n := known(); n != 1 {
		t.Errorf("%d keys are known, want the new one alone", n)
	}
}
