package archive_test

import "testing"

// TestArchived_Columns sees to it that a new column of tickets is moved to the archive and read from there.
func TestArchived_Columns(t *testing.T) {
	t.Parallel()
	s := start(t)
	const columns = `SELECT attname, atttypid, attnotnull
		FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped AND attrelid = `
	if n := count(t, s, "SELECT count(*) FROM ("+columns+"'tickets'::regclass EXCEPT "+columns+"'archived_tickets'::regclass) missing"); n != 0 {
		t.Errorf("archived_tickets does not have %d of the columns of tickets as they are there", n)
	}
	const order = `SELECT string_agg(attname || ' ' || atttypid, ', ' ORDER BY attnum) FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped AND attrelid = `
	if n := count(t, s, "SELECT count(*) WHERE ("+order+"'tickets'::regclass) IS DISTINCT FROM ("+order+"'archived_rows'::regclass)"); n != 0 {
		t.Error("the view archived_rows does not have the columns of tickets in their order")
	}
}
