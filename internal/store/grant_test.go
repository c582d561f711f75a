package store_test

import (
	"errors"
	"testing"
	"time"

	"docket/internal/ticket"
)

// What an approval grants is kept with the ticket and with the user, survives a revocation, and goes with an erasure.
func TestGrant_KeptAndErased(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agent := deciders(t, p, 1)[0]
	made := submit(t, d, "ann")
	approve := approval(agent)
	approve.Grant = []byte(`{"role":"reader","amount":1.50}`)
	if err := d.Postpone(t.Context(), made.ID, 1, approve, time.Minute); err != nil {
		t.Fatal(err)
	}
	pending, err := d.Pending(t.Context(), agent, made.ID)
	if err != nil || len(pending) != 1 || !approve.Repeats(pending[0].Decision) {
		t.Fatalf("pending %+v, %v; want %+v", pending, err, approve)
	}
	decided, err := d.DecideNow(t.Context(), made.ID, agent)
	if err != nil || !approve.Repeats(decided.Decision) {
		t.Fatalf("decided %+v, %v; want %+v", decided.Decision, err, approve)
	}
	if _, err := d.Decide(t.Context(), made.ID, 1, approve); err != nil {
		t.Errorf("the same decision again: %v", err)
	}
	other := approve
	other.Grant = []byte(`{"role":"reader","amount":2}`)
	if _, err := d.Decide(t.Context(), made.ID, 1, other); !errors.Is(err, ticket.ErrDecided) {
		t.Errorf("the same decision with another grant: %v, want ErrDecided", err)
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM user_tickets WHERE ticket_id = $1 AND grant_extra->>'role' = 'reader'", made.ID); n != 1 {
		t.Errorf("%d users know what was granted, want 1", n)
	}
	if _, err := p.Exec(t.Context(), "SELECT erase_user('ann', 'cli', 'request')"); err != nil {
		t.Fatal(err)
	}
	if erased, err := d.Ticket(t.Context(), made.ID); err != nil || erased.Decision.Grant != nil {
		t.Errorf("after the erasure: %s, %v", erased.Decision.Grant, err)
	}
}

// A revocation leaves what was granted, and a rejection grants nothing, whatever writes it.
func TestGrant_Guards(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agent := deciders(t, p, 1)[0]
	approve := approval(agent)
	approve.Grant = []byte(`{"role":"reader"}`)
	made := submit(t, d, "ann")
	if _, err := d.Decide(t.Context(), made.ID, 1, approve); err != nil {
		t.Fatal(err)
	}
	const revoke = "UPDATE tickets SET status = 'revoked', version = 3, revoked_by = 'agent:x', updated_at_ms = updated_at_ms + 1, reject_reason = 'other', " +
		"reject_class = 'retry', reject_comment = ''"
	if _, err := p.Exec(t.Context(), revoke+", grant_extra = NULL WHERE id = $1", made.ID); err == nil {
		t.Error("a revocation changed what was granted")
	}
	if _, err := p.Exec(t.Context(), revoke+" WHERE id = $1", made.ID); err != nil {
		t.Error(err)
	}
	open := submit(t, d, "bob")
	if _, err := p.Exec(t.Context(), "UPDATE tickets SET status = 'rejected', version = 2, decided_by = 'agent:x', decided_at_ms = now_ms(), updated_at_ms = now_ms(), "+
		"reject_reason = 'other', reject_comment = '', grant_extra = '{}' WHERE id = $1", open.ID); err == nil {
		t.Error("a rejection granted something")
	}
}
