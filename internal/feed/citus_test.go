package feed_test

import (
	"context"
	"testing"
	"time"

	"docket/internal/feed"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
)

// TestCitus_Numbered: on a Citus cluster an event gets its number while nobody reads.
func TestCitus_Numbered(t *testing.T) {
	pool, err := postgres.ConnectPrimary(t.Context(), testdb.Citus(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	pool.FindDistribution()
	s := &site{T: t, feed: feed.New(pool), pool: pool}
	s.run(s.feed)
	s.waitUntil("SELECT EXISTS (SELECT FROM feed_marks)") // until it has looked once, and has no other reason to
	if _, err := pool.Exec(t.Context(), `SELECT ticket_submit(gen_random_uuid(), 'ann', '{}', '', '', '', true, 3, 'key:k', 'k', '\x', '', '', '', 0)`); err != nil {
		t.Fatal(err)
	}
	s.waitUntil("SELECT EXISTS (SELECT FROM ticket_events WHERE user_id = 'ann' AND seq IS NOT NULL)")
}

// waitUntil asks the database until it says that something is so.
func (s *site) waitUntil(query string) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), 30*time.Second)
	defer cancel()
	for so := false; !so; {
		if err := s.pool.QueryRow(ctx, query).Scan(&so); err != nil {
			s.Fatalf("%s: %v", query, err)
		}
	}
}
