package archive_test

import "testing"

// TestArchive_LooksAgain: what was found due is looked at once more when it is locked, since a page of tickets is read before: open and young ones stay.
func TestArchive_LooksAgain(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.Instances[0].Primary
	_, err := p.Exec(t.Context(), `INSERT INTO tickets (id, user_id, status, version, extra, one_open, created_at_ms, updated_at_ms) VALUES
		(gen_random_uuid(), 'ann', 'processing', 1, '{}', false, 1000, 1000), (gen_random_uuid(), 'ann', 'withdrawn', 2, '{}', false, 1000, 2000),
		(gen_random_uuid(), 'ann', 'withdrawn', 2, '{}', false, 9000, 9000)`)
	if err != nil {
		t.Fatal(err)
	}
	const lock = "SELECT coalesce(cardinality(archive_lock(ARRAY(SELECT id FROM tickets), $1, $2)), 0)"
	for _, test := range []struct{ closedBefore, sentBefore, want int }{{5000, 5000, 1}, {2000, 5000, 0}, {5000, 1000, 0}} {
		if n := count(t, s, lock, test.closedBefore, test.sentBefore); n != test.want {
			t.Errorf("closed before %d and sent before %d: %d are due, want %d", test.closedBefore, test.sentBefore, n, test.want)
		}
	}
}
