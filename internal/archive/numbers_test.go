package archive_test

import (
	"context"
	"testing"
	"time"

	"docket/internal/ticket"
)

// TestArchived_StaysCounted: what is archived is not in the tables that are counted, so a half hour that has some of it is not counted again
// although it was noted for that before the move.
func TestArchived_StaysCounted(t *testing.T) {
	t.Parallel()
	s := start(t)
	old := decide(t, s, submit(t, s, ticket.Submission{UserID: "ann"}), reject)
	submit(t, s, ticket.Submission{UserID: "ann"})
	const half = 30 * 60 * 1000
	slot := old.CreatedAt.UnixMilli() - old.CreatedAt.UnixMilli()%half
	exec(t, s, "SELECT rollup_count($1::bigint, $1::bigint + 2 * 1800000)", slot)
	counted := func() (text string) {
		t.Helper()
		query := "SELECT coalesce(string_agg(r::text, ' ' ORDER BY r::text), '') FROM rollup_slots r WHERE at_ms BETWEEN $1::bigint AND $1::bigint + 1800000"
		if err := s.Instances[0].Primary.QueryRow(t.Context(), query, slot).Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	before := counted()
	s.PassDays(t, 401)
	exec(t, s, "UPDATE rollup_state SET settled_ms = now_ms() - now_ms() % 1800000")
	exec(t, s, "INSERT INTO rollup_late (at_ms) VALUES ($1)", slot)
	if got := run(t, s, 400); got.Moved != 1 {
		t.Fatalf("moved %+v, want one", got)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for count(t, s, "SELECT count(*) FROM rollup_late") > 0 { // the instance may be counting by itself
		if err := s.Instances[0].Rollups.Count(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if after := counted(); after != before || before == "" {
		t.Errorf("counted %q, want %q as before", after, before)
	}
}

// TestArchived_NotNotedLate: what comes late to a half hour of which the archive has something is not even noted.
func TestArchived_NotNotedLate(t *testing.T) {
	t.Parallel()
	s := start(t)
	const half = 30 * 60 * 1000
	archived := submit(t, s, ticket.Submission{UserID: "ann"}).CreatedAt.UnixMilli()/half*half - 10*half
	exec(t, s, "INSERT INTO archived_slots (at_ms) VALUES ($1)", archived)
	for i, slot := range []int64{archived, archived + half} {
		exec(t, s, "INSERT INTO tickets (id, user_id, status, extra, created_at_ms, updated_at_ms) VALUES (gen_random_uuid(), 'bob ' || $1::bigint, 'processing', '{}', $1, $1)", slot)
		if n := count(t, s, "SELECT count(*) FROM rollup_late"); n != i {
			t.Errorf("%d notes after what came late to half hour %d, want %d", n, i, i)
		}
	}
}
