package formarchive_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/formarchive"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// connect opens a pool and counts the queries of forms that it sends.
func connect(t *testing.T, url string) (*postgres.Pool, *atomic.Int64) {
	t.Helper()
	relay, asked := testdb.NewRelay(t, url), &atomic.Int64{}
	relay.SetRule(func(b testdb.Bytes) testdb.Action {
		if b.ToServer && b.Has("-- name: Form") {
			asked.Add(1)
		}
		return testdb.Pass
	})
	pool, err := postgres.Connect(t.Context(), relay.URL+"&default_query_exec_mode=exec") // the text of each query is sent
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool, asked
}

func noReplicas() []*postgres.Pool { return nil }

func newForm(t *testing.T, title string) *form.Form {
	t.Helper()
	f, err := formfile.Parse([]byte("name: a\ntitle: " + title + "\nfields: [{name: a, label: A, type: text}]\nreasons: [{code: no, label: No, class: retry, text: No.}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestKeep_ConcurrentInstances(t *testing.T) {
	t.Parallel()
	pool, _ := connect(t, testdb.New(t).Primary)
	today := newForm(t, "Today")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := formarchive.New(pool, noReplicas, slog.Default()).Keep(t.Context(), today); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var n int
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM forms").Scan(&n); err != nil || n != 1 {
		t.Errorf("%d forms are kept, %v", n, err)
	}
	found := formarchive.New(pool, noReplicas, slog.Default()).Find(t.Context(), today.Version)[today.Version]
	if found == nil || found.Title != "Today" || !bytes.Equal(found.Text, today.Text) {
		t.Errorf("found %+v", found)
	}
}

func TestFind_OneQueryThenMemory(t *testing.T) {
	t.Parallel()
	pool, asked := connect(t, testdb.New(t).Primary)
	archive := formarchive.New(pool, noReplicas, slog.Default())
	one, two := newForm(t, "One"), newForm(t, "Two")
	for _, kept := range []*form.Form{one, two, two, two} {
		if err := archive.Keep(t.Context(), kept); err != nil {
			t.Fatal(err)
		}
	}
	if n := asked.Swap(0); n != 2 {
		t.Errorf("%d queries to keep two forms", n)
	}
	for range 3 {
		found := archive.Find(t.Context(), one.Version, "000000000000", two.Version)
		if len(found) != 2 || found[one.Version].Title != "One" || found[two.Version].Title != "Two" {
			t.Errorf("found %v", found)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("%d queries, want 1", n)
	}
}

// TestFind_ShortVersions finds the forms of tickets of earlier releases, whose versions have 12 digits.
func TestFind_ShortVersions(t *testing.T) {
	t.Parallel()
	pool, asked := connect(t, testdb.New(t).Primary)
	archive := formarchive.New(pool, noReplicas, slog.Default())
	before, both, today := newForm(t, "Before"), newForm(t, "Both"), newForm(t, "Today")
	for _, f := range []*form.Form{before, both} {
		if _, err := pool.Exec(t.Context(), "INSERT INTO forms (version, text) VALUES ($1, $2)", f.Version[:12], f.Text); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []*form.Form{both, today} {
		if err := archive.Keep(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	found := archive.Find(t.Context(), before.Version[:12], both.Version[:12], both.Version, today.Version[:12], today.Version)
	for version, title := range map[string]string{
		before.Version[:12]: "Before", both.Version[:12]: "Both", both.Version: "Both", today.Version[:12]: "Today", today.Version: "Today",
	} {
		if found[version] == nil || found[version].Title != title {
			t.Errorf("under %s there is %v, want the form %s", version, found[version], title)
		}
	}
	asked.Store(0)
	if earlier := archive.OfTickets(t.Context(), today, ticket.Ticket{FormVersion: today.Version[:12]}, ticket.Ticket{FormVersion: today.Version}); earlier != nil || asked.Load() != 0 {
		t.Errorf("tickets of today's form have the earlier forms %v, after %d queries", earlier, asked.Load())
	}
	if _, err := pool.Exec(t.Context(), "INSERT INTO forms (version, text) VALUES (left($1, 13), $2)", before.Version, before.Text); err == nil {
		t.Error("a version of 13 digits is kept")
	}
}

func TestFind_MemoryIsBounded(t *testing.T) {
	t.Parallel()
	pool, asked := connect(t, testdb.New(t).Primary)
	archive := formarchive.New(pool, noReplicas, slog.Default())
	for range 2 {
		for i := range 100 {
			archive.Find(t.Context(), fmt.Sprintf("%012d", i))
		}
	}
	if n := asked.Load(); n != 200 {
		t.Errorf("%d queries, want 200: of 100 versions the first is long forgotten", n)
	}
}

func TestFind_PrimaryUnavailable(t *testing.T) {
	t.Parallel()
	pool, _ := connect(t, testdb.New(t).Primary)
	old := newForm(t, "Old")
	if err := formarchive.New(pool, noReplicas, slog.Default()).Keep(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	unavailable, _ := connect(t, "postgres://nobody@127.0.0.1:1/none")
	archive := formarchive.New(unavailable, func() []*postgres.Pool { return []*postgres.Pool{pool} }, slog.Default())
	if found := archive.Find(t.Context(), old.Version); found[old.Version] == nil {
		t.Error("the replica was not asked")
	}
	if err := archive.Keep(t.Context(), old); err == nil {
		t.Error("a form was kept without a primary")
	}
}

func TestFind_TextIsNoForm(t *testing.T) {
	t.Parallel()
	pool, _ := connect(t, testdb.New(t).Primary)
	var version string
	if err := pool.QueryRow(t.Context(), `INSERT INTO forms (version, text)
		SELECT left(encode(sha256(text), 'hex'), 12), text FROM (SELECT 'title: [' ::bytea AS text) AS old RETURNING version`).Scan(&version); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	archive := formarchive.New(pool, noReplicas, slog.New(slog.NewTextHandler(&log, nil)))
	if found := archive.Find(t.Context(), version); len(found) != 0 {
		t.Errorf("found %v", found)
	}
	if !strings.Contains(log.String(), "cannot be read any more") {
		t.Errorf("logged %q", log.String())
	}
}

func TestKeep_NeverChanges(t *testing.T) {
	t.Parallel()
	pool, _ := connect(t, testdb.New(t).Primary)
	if err := formarchive.New(pool, noReplicas, slog.Default()).Keep(t.Context(), newForm(t, "Kept")); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"UPDATE forms SET created_at_ms = 1", "DELETE FROM forms", "TRUNCATE forms",
		"INSERT INTO forms (version, text) VALUES ('000000000000', 'another text')",
	} {
		if _, err := pool.Exec(t.Context(), statement); err == nil {
			t.Errorf("%s: it was done", statement)
		}
	}
}
