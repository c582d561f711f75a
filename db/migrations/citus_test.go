package migrations_test

import (
	"errors"
	"os"
	"testing"

	"docket/db/migrations"
)

// TestDistribute_NoExtension: a database without Citus is left as it is, and the error says what it lacks.
func TestDistribute_NoExtension(t *testing.T) {
	t.Parallel()
	address := empty(t)
	if err := migrations.Distribute(t.Context(), address); !errors.Is(err, migrations.ErrNoCitus) {
		t.Errorf("distribute a database without Citus: %v, want ErrNoCitus", err)
	}
	if d, err := migrations.Distributed(t.Context(), address); err != nil || d.Shards != 0 {
		t.Errorf("%d shards (%v), want none", d.Shards, err)
	}
}

// TestDistribute_Cluster: on a Citus cluster the tables get shards, with triggers that write the history and refuse what must not be. DOCKET_TEST_CITUS_URL
// is the address of an empty database of its coordinator.
func TestDistribute_Cluster(t *testing.T) {
	address := os.Getenv("DOCKET_TEST_CITUS_URL")
	if address == "" {
		t.Skip("DOCKET_TEST_CITUS_URL is not set")
	}
	if err := errors.Join(migrations.Up(t.Context(), address), migrations.Distribute(t.Context(), address), migrations.Distribute(t.Context(), address)); err != nil {
		t.Fatal(err)
	}
	if d, err := migrations.Distributed(t.Context(), address); err != nil || d.Shards == 0 || d.Workers == 0 {
		t.Errorf("%d shards on %d workers (%v), want some", d.Shards, d.Workers, err)
	}
	const add = `SELECT ticket_submit(gen_random_uuid(), $1, '{}', '', '', '', true, 3, 'key:k', $2, '\x', '', '', '', 0)`
	for _, c := range []struct {
		user, key string
		want      bool
	}{{"a", "1", true}, {"b", "1", false}, {"a", "2", false}, {"b", "2", true}} {
		var added bool
		if err := connect(t, address).QueryRow(t.Context(), add, c.user, c.key).Scan(&added); err != nil || added != c.want {
			t.Errorf("user %s with the key %s: added %t (%v), want %t", c.user, c.key, added, err, c.want)
		}
	}
	if n := countRows(t, address, "SELECT count(*) FROM ticket_events"); n != 2 {
		t.Errorf("%d events of two tickets, want 2", n)
	}
	if _, err := connect(t, address).Exec(t.Context(), "DELETE FROM tickets WHERE user_id = 'a'"); err == nil {
		t.Error("a ticket was deleted on a worker, want it refused")
	}
}
