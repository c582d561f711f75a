package archive_test

import (
	"testing"

	"docket/internal/ticket"
)

// TestRun_Guards has for each reason to stay a ticket that only this reason keeps: without the row that is the reason, it is moved.
func TestRun_Guards(t *testing.T) {
	t.Parallel()
	for reason, guard := range map[string]struct{ add, remove string }{
		"a turn that nobody counts after": {
			"UPDATE tickets SET turn = 9 WHERE id = $1", "UPDATE tickets SET turn = NULL WHERE id = $1",
		},
		"an open ticket that follows": {
			"UPDATE tickets SET previous_id = $1 WHERE user_id = 'ann' AND status = 'processing'", "UPDATE tickets SET previous_id = NULL WHERE user_id = 'ann' AND $1::uuid IS NOT NULL",
		},
		"a decision that can be undone": {
			`INSERT INTO pending_decisions (user_id, ticket_id, version, status, decided_by, note) VALUES ('ann', $1, 2, 'approved', 'agent:b', '')`,
			"DELETE FROM pending_decisions WHERE ticket_id = $1",
		},
		"a second look that nobody has given": {
			"INSERT INTO second_looks (user_id, ticket_id, decided_by, status, decided_at_ms) VALUES ('ann', $1, 'agent:a', 'rejected', 1)",
			"DELETE FROM second_looks WHERE ticket_id = $1",
		},
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			old := decide(t, s, submit(t, s, ticket.Submission{UserID: "ann"}), reject)
			submit(t, s, ticket.Submission{UserID: "ann"})
			s.PassDays(t, 401)
			change := func(statement string) {
				t.Helper()
				exec(t, s, "ALTER TABLE tickets DISABLE TRIGGER USER")
				exec(t, s, statement, old.ID)
				exec(t, s, "ALTER TABLE tickets ENABLE TRIGGER USER")
			}
			change(guard.add)
			if got := run(t, s, 400); got.Seen != 1 || got.Moved != 0 {
				t.Errorf("with it: moved %+v, want none of one", got)
			}
			change(guard.remove)
			if got := run(t, s, 400); got.Moved != 1 {
				t.Errorf("without it: moved %+v, want one", got)
			}
		})
	}
}
