package store_test

import (
	"testing"

	"docket/internal/postgres"
	"docket/internal/ticket"
)

// TestClosed_WhatWasOpenGoes: whatever statement closes tickets, nothing stays of what is only about open ones, and a pending decision
// refuses another one.
func TestClosed_WhatWasOpenGoes(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	placed, pending := submit(t, d, "ann"), submit(t, d, "bob")
	exec := func(statement string, args ...any) error {
		_, err := p.Exec(t.Context(), statement, args...)
		return err
	}
	if err := exec("INSERT INTO placements (user_id, ticket_id, snoozed_until_ms, placed_by) SELECT user_id, id, now_ms() + 60000, 'agent:a' FROM tickets"); err != nil {
		t.Fatal(err)
	}
	if err := exec("INSERT INTO pending_decisions (user_id, ticket_id, version, status, decided_by, note, due_at_ms) VALUES ('bob', $1, 1, 'approved', 'agent:a', '', now_ms() + 60000)", pending.ID); err != nil {
		t.Fatal(err)
	}
	const reject = `UPDATE tickets SET status = 'rejected', version = 2, decided_by = 'agent:a', decided_at_ms = now_ms(), updated_at_ms = now_ms(),
		reject_reason = 'other', reject_comment = 'x' WHERE user_id IN ('ann', 'bob')`
	if err := exec(reject); !postgres.IsViolation(err, "tickets_pending") {
		t.Errorf("two tickets rejected, one beside a pending decision: %v, want tickets_pending", err)
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM placements"); n != 2 {
		t.Errorf("%d placements after that, want 2", n)
	}
	if err := exec("UPDATE tickets SET status = 'withdrawn', version = 2, updated_at_ms = now_ms()"); err != nil {
		t.Fatal(err)
	}
	if n := count(t.Context(), t, p, "SELECT (SELECT count(*) FROM placements) + (SELECT count(*) FROM pending_decisions)"); n != 0 {
		t.Errorf("%d placements and pending decisions of closed tickets, want none", n)
	}
	history, err := d.History(t.Context(), placed.ID)
	if err != nil || len(history) != 2 || history[1].Kind != ticket.EventKind(ticket.Withdrawn) || history[1].Actor != "user:ann" {
		t.Errorf("history: %+v, %v, want a submission and a withdrawal by the user", history, err)
	}
}
