package chaos_test

import (
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// TestUndo_InstanceKilled kills the only instance in the time in which a decision can be undone. One that is started later makes the
// decision, once.
func TestUndo_InstanceKilled(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	add := newCommand(t, db, "account", "add", "agent@example.com", "--role", "agent")
	add.Stdin = strings.NewReader("correct horse battery\n")
	if out, err := add.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	first := startInstance(t, db, "UNDO_SECONDS=5")
	pool, err := postgres.Connect(t.Context(), db.Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := pool.Exec(t.Context(), "UPDATE accounts SET must_change_password = false"); err != nil {
		t.Fatal(err)
	}
	desk := store.New(pool, slog.New(slog.DiscardHandler))
	made, err := desk.Submit(t.Context(), ticket.Submission{UserID: "u-1", By: ticket.User("u-1"), Key: "1", OneOpen: true, Extra: []byte(`{}`)})
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	agent := http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	post := func(path string, values url.Values) {
		answer, err := agent.PostForm(first.url+path, values)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: %d, want 303", path, answer.StatusCode)
		}
	}
	post("/login", url.Values{"email": {"agent@example.com"}, "password": {"correct horse battery"}})
	post("/review/"+made.ID.String()+"/approve", url.Values{"version": {"1"}})
	first.process().kill()
	if pending, err := desk.Pending(t.Context(), uuid.Nil, made.ID); err != nil || len(pending) != 1 {
		t.Fatalf("after the kill: %+v, %v; want one pending decision", pending, err)
	}
	startInstance(t, db)
	for deadline := time.Now().Add(60 * time.Second); ; {
		seen, err := desk.Ticket(t.Context(), made.ID)
		if err != nil {
			t.Fatal(err)
		}
		if seen.Status == ticket.Approved {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("no instance has made the decision")
		}
	}
	history, err := desk.History(t.Context(), made.ID)
	if err != nil || len(history) != 2 {
		t.Errorf("history %+v, %v; want a submission and one approval", history, err)
	}
}
