package report_test

import (
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/google/uuid"

	"docket/internal/postgres"
	"docket/internal/report"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// silent is the progress that nobody wants to hear of.
var silent = report.Progress{Begin: func(string, int64) {}, Done: func(int64) {}}

// pool connects to a test's database.
func pool(t *testing.T, url string) *postgres.Pool {
	t.Helper()
	p, err := postgres.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// desk is a store on a database of its own.
func desk(t *testing.T) (*store.Store, *postgres.Pool) {
	t.Helper()
	p := pool(t, testdb.New(t).Primary)
	return store.New(p, slog.New(slog.DiscardHandler)), p
}

// submission is what a user sends; key tells one from another.
func submission(user, key string) ticket.Submission {
	return ticket.Submission{
		UserID: user, By: ticket.User(user), Key: key, OneOpen: true, FormVersion: "1", Extra: json.RawMessage(`{"answer": "42"}`),
	}
}

func submit(t *testing.T, d ticket.Desk, user string) ticket.Ticket {
	t.Helper()
	made, err := d.Submit(t.Context(), submission(user, uuid.NewString()))
	if err != nil {
		t.Fatalf("submit for %s: %v", user, err)
	}
	return made
}

func approve(t *testing.T, d ticket.Desk, of ticket.Ticket) ticket.Ticket {
	t.Helper()
	decided, err := d.Decide(t.Context(), of.ID, of.Version, ticket.Approve("agent:a", ""))
	if err != nil {
		t.Fatalf("approve %s: %v", of.ID, err)
	}
	return decided
}
