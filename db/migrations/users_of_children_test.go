package migrations_test

import (
	"testing"

	"docket/db/migrations"
)

// childrenOf are rows of all tables that belong to a ticket or a file, as the release before user_id was in them adds them.
const childrenOf = `
	INSERT INTO files (id, user_id, field, blob, media_type, size, sha256, uploaded_by, state, ticket_id)
	VALUES ('00000000-0000-7000-8000-00000000000f', 'u', 'scan', 'b', 'image/jpeg', 1, sha256('x'), 'key:k', 'kept', '00000000-0000-7000-8000-000000000001');
	INSERT INTO file_views (file_id, actor) VALUES ('00000000-0000-7000-8000-00000000000f', 'agent:x');
	INSERT INTO ticket_words (ticket_id, words, created_at_ms) VALUES ('00000000-0000-7000-8000-000000000001', 'a', 1);
	INSERT INTO placements (ticket_id, snoozed_until_ms, placed_by) VALUES ('00000000-0000-7000-8000-000000000001', 1, 'agent:x');
	INSERT INTO verdicts (ticket_id, rule, hash, shadow, outcome, at_ms) VALUES ('00000000-0000-7000-8000-000000000001', 'r', 'h', true, 'approve', 1);
	INSERT INTO ticket_notes (id, ticket_id, kind, actor, text) VALUES (gen_random_uuid(), '00000000-0000-7000-8000-000000000001', 'commented', 'agent:x', 'Seen.');
	INSERT INTO opinions (ticket_id, ordinal, given_by, verdict) VALUES ('00000000-0000-7000-8000-000000000001', 1, 'agent:x', 'approved');
	INSERT INTO approval_ends (ticket_id, due_at_ms) VALUES ('00000000-0000-7000-8000-000000000001', 1);
	INSERT INTO second_looks (ticket_id, decided_by, status, decided_at_ms, given_by, verdict, note, given_at_ms)
	VALUES ('00000000-0000-7000-8000-000000000001', 'agent:x', 'approved', 1, 'agent:y', 'approved', 'Right.', 2)`

// childrenOfUser counts those rows, with the event of the ticket, that say whose they are.
const childrenOfUser = `SELECT count(*) FROM (SELECT user_id FROM files UNION ALL SELECT user_id FROM ticket_files UNION ALL SELECT user_id FROM file_views UNION ALL
	SELECT user_id FROM ticket_words UNION ALL SELECT user_id FROM placements UNION ALL SELECT user_id FROM verdicts UNION ALL SELECT user_id FROM ticket_notes UNION ALL
	SELECT user_id FROM opinions UNION ALL SELECT user_id FROM approval_ends UNION ALL SELECT user_id FROM second_looks UNION ALL SELECT user_id FROM ticket_events) c
	WHERE user_id = 'u'`

const childTicket = `INSERT INTO tickets (id, user_id, status, extra) VALUES ('00000000-0000-7000-8000-000000000001', 'u', 'processing', '{}')`

// TestUsersOfChildren_OldRows: what was added before user_id was in a table gets it, also where history cannot be changed.
func TestUsersOfChildren_OldRows(t *testing.T) {
	t.Parallel()
	address := empty(t)
	upTo(t, address, 98)
	exec(t, address, childTicket+";"+childrenOf+"; INSERT INTO ticket_words (ticket_id, words, created_at_ms) VALUES (gen_random_uuid(), 'b', 1)")
	if err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	if n := countRows(t, address, childrenOfUser); n != 11 {
		t.Errorf("%d rows say whose they are, want 11", n)
	}
	if n := countRows(t, address, "SELECT count(*) FROM pg_trigger WHERE tgname IN ('ticket_notes_keep', 'second_looks_keep') AND tgenabled = 'O'"); n != 2 {
		t.Errorf("%d of two guards are on", n)
	}
}

// TestUsersOfChildren_PreviousRelease: what a release adds that does not say whose it is gets that.
func TestUsersOfChildren_PreviousRelease(t *testing.T) {
	t.Parallel()
	address := empty(t)
	if err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	exec(t, address, childTicket+";"+childrenOf)
	if n := countRows(t, address, childrenOfUser); n != 11 {
		t.Errorf("%d rows say whose they are, want 11", n)
	}
}
