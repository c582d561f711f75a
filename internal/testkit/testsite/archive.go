package testsite

import (
	"fmt"
	"testing"
	"time"

	"docket/internal/archive"
)

// MoveToArchive has the clock of the database say 401 days more while the site archives what is closed. It fails unless that is so many tickets.
func (s *Site) MoveToArchive(t testing.TB, want int64) {
	t.Helper()
	s.PassDays(t, 401)
	done, err := s.Instances[0].Archive.Run(t.Context(), time.Now().AddDate(0, 0, 1), false, func(archive.Result) {})
	if err != nil || done.Moved != want {
		t.Fatalf("archived %+v, %v; want %d", done, err, want)
	}
	s.exec(t, setClock(0))
}

// PassDays has the clock of the database say so many days more, and notes that the feed has given out every event long ago.
func (s *Site) PassDays(t testing.TB, days int) {
	t.Helper()
	s.exec(t, setClock(days))
	s.exec(t, "SELECT taken FROM feed_state()") // numbers the events of a Citus cluster
	s.exec(t, "DELETE FROM feed_marks")
	s.exec(t, "INSERT INTO feed_marks (at_ms, seq) SELECT now_ms() - 31 * 86400000::bigint, max(seq) FROM ticket_events")
}

func (s *Site) exec(t testing.TB, statement string) {
	t.Helper()
	if _, err := s.Instances[0].Primary.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// setClock is the statement that has the clock of the database say so many days more.
func setClock(days int) string {
	return fmt.Sprintf(`DO $set$ BEGIN
		EXECUTE replace('CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql %%s AS $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint + 86400000::bigint * %d $$', '%%s',
			(SELECT CASE provolatile WHEN 's' THEN 'STABLE' ELSE '' END FROM pg_proc WHERE oid = 'now_ms()'::regprocedure));
	END $set$`, days)
}
