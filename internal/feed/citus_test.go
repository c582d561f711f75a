package feed_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"docket/db/migrations"
	"docket/internal/feed"
	"docket/internal/postgres"
)

// TestCitus_Numbered: on a Citus cluster an event gets its number while nobody reads. DOCKET_TEST_CITUS_URL is the address of a database of its coordinator that is empty.
func TestCitus_Numbered(t *testing.T) {
	address := os.Getenv("DOCKET_TEST_CITUS_URL")
	if address == "" {
		t.Skip("DOCKET_TEST_CITUS_URL is not set")
	}
	if err := errors.Join(migrations.Up(t.Context(), address), migrations.Distribute(t.Context(), address)); err != nil {
		t.Fatal(err)
	}
	pool, err := postgres.ConnectPrimary(t.Context(), address)
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
