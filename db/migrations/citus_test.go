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

// archiveOne puts a ticket into the archive.
const archiveOne = `SELECT archive_month('1970-01-01');
	INSERT INTO archived_tickets (id, user_id, status, version, extra, form_version, one_open, submitted_by, submission_key, submission_hash, created_at_ms, updated_at_ms,
		language, attempt, queue, subject, words, history)
	VALUES (gen_random_uuid(), 'a', 'withdrawn', 2, '{}', '', false, 'key:k', '1', '', 1000, 2000, '', 1, '', '', '', '{}')`

// TestDistribute_Cluster: on a Citus cluster the tables get shards, with triggers that write the history and refuse what must not be. DOCKET_TEST_CITUS_URL
// is the address of an empty database of its coordinator.
func TestDistribute_Cluster(t *testing.T) {
	address := os.Getenv("DOCKET_TEST_CITUS_URL")
	if address == "" {
		t.Skip("DOCKET_TEST_CITUS_URL is not set")
	}
	if err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	exec(t, address, archiveOne)
	if err := errors.Join(migrations.Distribute(t.Context(), address), migrations.Distribute(t.Context(), address)); err != nil {
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
	if _, err := connect(t, address).Exec(t.Context(), "SELECT draft_add('link:00000000-0000-0000-0000-00000000000a', 's', '{}', '')"); err == nil {
		t.Error("a draft was saved for a submission link that is not there")
	}
	checkArchiveOfShards(t, address)
	due := func(want int) {
		t.Helper()
		if n := countRows(t, address, "SELECT coalesce(cardinality(archive_due(array_agg(id))), 0) FROM tickets WHERE submission_key IN ('1', '2')"); n != want {
			t.Errorf("%d tickets can be archived as far as their events are concerned, want %d", n, want)
		}
	}
	exec(t, address, "INSERT INTO feed_marks (at_ms, seq) VALUES (1, 2000000000)")
	due(0)
	checkFeedOfShards(t, address)
	due(2)
	checkSessionsEnd(t, address)
}

// checkArchiveOfShards: what the archive held before is on a shard, where nobody changes it, and is followed. What comes late to its half hours is not noted.
func checkArchiveOfShards(t *testing.T, address string) {
	t.Helper()
	if countRows(t, address, "SELECT count(*) FROM archived_rows") != 1 || countRows(t, address, "SELECT count(*) FROM citus_shards WHERE table_name = 'archived_tickets_1970_01'::regclass") == 0 {
		t.Error("the ticket of the archive is lost, or on no shard")
	}
	if _, err := connect(t, address).Exec(t.Context(), "DELETE FROM archived_tickets WHERE user_id = 'a'"); err == nil {
		t.Error("a ticket of the archive was deleted on a worker, want it refused")
	}
	const follow = `INSERT INTO tickets (id, user_id, status, version, extra, one_open, previous_id, submission_key) SELECT '00000000-0000-0000-0000-00000000000f', 'a', 'processing', 1, '{}', false, `
	if _, err := connect(t, address).Exec(t.Context(), follow+"'00000000-0000-0000-0000-00000000000e', 'nowhere'"); err == nil {
		t.Error("a ticket follows one that is nowhere")
	}
	exec(t, address, follow+"id, 'archived' FROM archived_tickets WHERE user_id = 'a'") // a third event
	exec(t, address, "INSERT INTO archived_slots VALUES (0)")
	exec(t, address, "SELECT follow_events('{}', '{}', '{}', '{1000, 1801000}')")
	if n := countRows(t, address, "SELECT count(*) FROM rollup_late"); n != 1 {
		t.Errorf("noted %d half hours, want the one of which the archive has nothing", n)
	}
}

// checkFeedOfShards: the three events of two users on the shards get numbers in one place, which the next look shows, and keep them.
func checkFeedOfShards(t *testing.T, address string) {
	t.Helper()
	for _, want := range []string{"1000000002 1", "1000000002 0"} {
		var got string
		if err := connect(t, address).QueryRow(t.Context(), "SELECT taken || ' ' || cardinality(holders) FROM feed_state()").Scan(&got); err != nil || got != want {
			t.Errorf("the feed is at %q (%v), want %q: the number taken, and who may hold one", got, err, want)
		}
	}
	if n := countRows(t, address, "SELECT count(*) FROM ticket_events WHERE seq >= 1000000000"); n != 3 {
		t.Errorf("%d events with a number, want 3", n)
	}
	for _, change := range []string{"UPDATE ticket_events SET seq = 1", "UPDATE ticket_events SET kind = 'approved'", "DELETE FROM ticket_events"} {
		if _, err := connect(t, address).Exec(t.Context(), change+" WHERE user_id = 'a'"); err == nil {
			t.Errorf("%s was done on a worker, want it refused", change)
		}
	}
}

// checkSessionsEnd: a changed password ends the sessions of its account, which are on the coordinator.
func checkSessionsEnd(t *testing.T, address string) {
	t.Helper()
	const add = "INSERT INTO accounts (id, email, role, password_hash) VALUES ('00000000-0000-0000-0000-000000000001', 'a@example.com', 'customer', 'h')"
	const signIn = `INSERT INTO sessions (token_hash, account_id) VALUES (sha256('x'), '00000000-0000-0000-0000-000000000001')`
	for _, statement := range []string{add, signIn, "UPDATE accounts SET password_hash = 'other' WHERE email = 'a@example.com'"} {
		if _, err := connect(t, address).Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if n := countRows(t, address, "SELECT count(*) FROM sessions"); n != 0 {
		t.Errorf("%d sessions after the password was changed, want none", n)
	}
}
