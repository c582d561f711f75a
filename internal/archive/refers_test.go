package archive_test

import (
	"testing"

	"github.com/google/uuid"
)

// TestArchived_Previous: an attempt may follow a ticket of the archive, and no ticket that is nowhere.
func TestArchived_Previous(t *testing.T) {
	t.Parallel()
	s := start(t)
	old, _, _ := archivedWithPhoto(t, s, "ann")
	follow := func(id uuid.UUID) error {
		_, err := s.Instances[0].Primary.Exec(t.Context(),
			"INSERT INTO tickets (id, user_id, status, extra, one_open, previous_id) VALUES (gen_random_uuid(), 'ann', 'processing', '{}', false, $1)", id)
		return err
	}
	if err := follow(old.ID); err != nil {
		t.Errorf("after an archived one: %v", err)
	}
	if err := follow(uuid.New()); err == nil {
		t.Error("an attempt follows a ticket that is nowhere")
	}
}

// TestArchived_Held: the database itself refuses to erase an archived ticket of a user on hold, whoever found it due.
func TestArchived_Held(t *testing.T) {
	t.Parallel()
	s := start(t)
	old, _, _ := archivedWithPhoto(t, s, "ann")
	if _, err := s.Instances[0].Erasures.AddHold(t.Context(), "ann", "cli", "a lawsuit"); err != nil {
		t.Fatal(err)
	}
	erase := func() int {
		return count(t, s, "SELECT erase_tickets(ARRAY[$1::uuid], 'retention', 'retention')", old.ID)
	}
	if n := erase(); n != 0 {
		t.Error("the ticket of a user on hold is erased")
	}
	exec(t, s, "DELETE FROM holds")
	if n := erase(); n != 1 {
		t.Errorf("erased %d without the hold, want one", n)
	}
}
