package erasure_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

// TestErase_RepeatedSubmission sends what was erased again: it is refused and brings nothing back, whatever the key looks like, and also while the user is
// being erased.
func TestErase_RepeatedSubmission(t *testing.T) {
	t.Parallel()
	driveRepetition(t, testdb.New(t))
}

func TestCitus_RepeatedSubmission(t *testing.T) { driveRepetition(t, testdb.Citus(t)) }

// driveRepetition sends through another instance than the one that erases.
func driveRepetition(t *testing.T, on testdb.DB) {
	t.Helper()
	s := testsite.Start(t, testsite.Form(), 2, on)
	i := s.Instances[1]
	send := func(user, key string) (ticket.Ticket, error) {
		return i.Desk.Submit(t.Context(), ticket.Submission{UserID: user, Extra: []byte(`{"full_name": "MARKED"}`), FormVersion: "f", By: "key:crm", Key: key})
	}
	for user, key := range map[string]string{"ann": "order-17", "bob": uuid.NewString(), "cid": "MARKED@example.com"} {
		made, err := send(user, key)
		if err != nil {
			t.Fatal(err)
		}
		if user == "cid" { // by time
			decide(t, s, made, ticket.Reject("agent:a", "blurry", "words", ""))
			if _, err := i.Primary.Exec(t.Context(), "SELECT erase_tickets(ARRAY[$1::uuid], 'retention', 'retention')", made.ID); err != nil {
				t.Fatal(err)
			}
		} else {
			erase(t, s, user)
		}
		if again, err := send(user, key); !errors.Is(err, ticket.ErrKeyReused) || again.ID != made.ID || !again.Erased() {
			t.Errorf("%q again: ticket %s (%v), want ErrKeyReused with %s, erased", key, again.ID, err, made.ID)
		}
	}
	if _, err := send("dan", "order-18"); err != nil {
		t.Fatal(err)
	}
	err := duringErasure(t, i.Primary, "dan", func() error { _, err := send("dan", "order-18"); return err })
	if !errors.Is(err, ticket.ErrKeyReused) {
		t.Errorf("sent again during the erasure: %v, want ErrKeyReused", err)
	}
	if found := findInTables(t, i.Primary, "MARKED"); len(found) > 0 {
		t.Errorf("what was erased is in %v", found)
	}
	if _, err := send("ann", "order-19"); err != nil {
		t.Errorf("another submission: %v", err)
	}
	checkWhole(t, i.Primary)
}

// TestCitus_RepeatedBetweenCommits: a cluster commits an erasure on one worker after the other. That of the submission key comes first here.
func TestCitus_RepeatedBetweenCommits(t *testing.T) {
	s := testsite.Start(t, testsite.Form(), 1, testdb.Citus(t))
	i := s.Instances[0]
	sent := ticket.Submission{UserID: "eve", Extra: []byte(`{"full_name": "MARKED"}`), FormVersion: "f", By: "key:crm", Key: "order-20"}
	if _, err := i.Desk.Submit(t.Context(), sent); err != nil {
		t.Fatal(err)
	}
	if _, err := i.Primary.Exec(t.Context(), "DELETE FROM submissions WHERE submission_key = $1", sent.Key); err != nil {
		t.Fatal(err)
	}
	err := duringErasure(t, i.Primary, sent.UserID, func() error { _, err := i.Desk.Submit(t.Context(), sent); return err })
	if !errors.Is(err, ticket.ErrKeyReused) {
		t.Errorf("sent again between two commits: %v, want ErrKeyReused", err)
	}
	checkWhole(t, i.Primary)
}
