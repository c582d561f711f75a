package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
)

func TestReadOrigin(t *testing.T) {
	t.Parallel()
	db := testdb.NewWithReplica(t)
	read := func(url string) string {
		t.Helper()
		origin, err := postgres.ReadOrigin(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		return origin
	}
	own := read(db.Primary)
	if own == "" || read(db.Replica) != own || read(db.Replica+"&pool_max_conns=5") != own {
		t.Errorf("the primary says %q, its replica %q; want the same", own, read(db.Replica))
	}
	for name, url := range map[string]string{"another database": testdb.New(t).Primary, "another schema": db.Primary + "&search_path=pg_catalog"} {
		if read(url) == own {
			t.Errorf("%s says the same: %q", name, own)
		}
	}
	conn, err := pgx.Connect(t.Context(), db.Primary)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC"); err != nil {
		t.Fatal(err)
	}
	if got := read(db.Primary + "&options=-crole%3Dpg_monitor"); got != "" {
		t.Errorf("to a role that may not know it: %q, want nothing", got)
	}
}
