package testsite

import (
	"testing"
	"time"

	"docket/internal/archive"
)

// MoveToArchive has the clock of the database say 401 days more while the site archives what is closed. It fails unless that is so many tickets.
func (s *Site) MoveToArchive(t testing.TB, want int64) {
	t.Helper()
	const clock = "CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql AS $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint + 86400000::bigint * "
	exec := func(statement string) {
		t.Helper()
		if _, err := s.Instances[0].Primary.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	exec(clock + "401 $$")
	exec("INSERT INTO feed_marks (at_ms, seq) SELECT now_ms() - 31 * 86400000::bigint, max(seq) FROM ticket_events")
	done, err := s.Instances[0].Archive.Run(t.Context(), time.Now().AddDate(0, 0, 1), false, func(archive.Result) {})
	if err != nil || done.Moved != want {
		t.Fatalf("archived %+v, %v; want %d", done, err, want)
	}
	exec(clock + "0 $$")
}
