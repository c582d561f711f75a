package erasure_test

import (
	"slices"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/files"
	"docket/internal/postgres"
	"docket/internal/report"
	"docket/internal/ticket"
)

// verify is what docket verify finds.
func verify(t *testing.T, p *postgres.Pool) (problems []string) {
	t.Helper()
	err := report.Verify(t.Context(), p, func(problem string) error {
		problems = append(problems, problem)
		return nil
	}, report.Progress{Begin: func(string, int64) {}, Done: func(int64) {}})
	if err != nil {
		t.Fatal(err)
	}
	return problems
}

// TestVerify_Erased damages what an erasure left, one after the other.
func TestVerify_Erased(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.Instances[0].Primary
	_, user := s.Account(t, "customer", account.Customer)
	decide(t, s, submit(t, s, user, "A", upload(t, s, user)), ticket.Approve("agent:a", ""))
	submit(t, s, user, "B", files.File{})
	erase(t, s, user)
	if found := verify(t, p); len(found) > 0 {
		t.Fatalf("before: %v", found)
	}
	const words = "was erased, but still has answers"
	for _, damage := range []struct{ do, undo, want string }{
		{`UPDATE tickets SET extra = '{"a": 1}' WHERE status = 'approved'`, "UPDATE tickets SET extra = '{}'", words},
		{"UPDATE ticket_events SET comment = 'x' WHERE kind = 'submitted'", "UPDATE ticket_events SET comment = NULL", words},
		{"UPDATE files SET state = 'kept', sha256 = sha256('x')", "UPDATE files SET state = 'gone', sha256 = '', previewed_at_ms = NULL", words},
		{"UPDATE tickets SET erased_at_ms = erased_at_ms + 1", "UPDATE tickets SET erased_at_ms = erased_at_ms - 1", "was erased at another time than its events say"},
		{"UPDATE latest_removed SET version = 0", "UPDATE latest_removed SET version = 4000000000000", "has an approved ticket, but no latest one"},
		{"INSERT INTO drafts (user_id, submission_id, answers) SELECT user_id, 'd', '{}' FROM erasures", "DELETE FROM drafts", "was erased, but has a draft"},
	} {
		change := func(statement string) {
			t.Helper()
			if _, err := p.Exec(t.Context(), "SET session_replication_role = replica; "+statement+"; RESET session_replication_role"); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
		change(damage.do)
		if found := verify(t, p); !slices.ContainsFunc(found, func(problem string) bool { return strings.Contains(problem, damage.want) }) {
			t.Errorf("after %s verify finds %v, want that something %s", damage.do, found, damage.want)
		}
		change(damage.undo)
	}
	if found := verify(t, p); len(found) > 0 {
		t.Errorf("at the end: %v", found)
	}
}
