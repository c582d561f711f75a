package reopening_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"testing"

	"github.com/google/uuid"

	"docket/internal/postgres"
	"docket/internal/reopening"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

func connect(t *testing.T) *postgres.Pool {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// submission is one of the user ann.
func submission(key string) ticket.Submission {
	return ticket.Submission{
		UserID: "ann", By: ticket.User("ann"), Key: key, OneOpen: true, FormVersion: "1", Extra: json.RawMessage(`{}`),
	}
}

func submit(t *testing.T, d *store.Store, key string) ticket.Ticket {
	t.Helper()
	made, err := d.Submit(t.Context(), submission(key))
	if err != nil {
		t.Fatalf("submit: %v", err)
	}
	return made
}

// reject rejects a ticket for good.
func reject(t *testing.T, d *store.Store, open ticket.Ticket) ticket.Ticket {
	t.Helper()
	decision := ticket.Reject("agent:a", "other", "no", "")
	decision.Class = ticket.Final
	decided, err := d.Decide(t.Context(), open.ID, open.Version, decision)
	if err != nil {
		t.Fatalf("reject %s: %v", open.ID, err)
	}
	return decided
}

func TestAdd_AttemptsStartAgain(t *testing.T) {
	t.Parallel()
	pool := connect(t)
	d := store.New(pool, slog.New(slog.DiscardHandler))
	var published []string
	reopenings := reopening.New(pool, func(_ context.Context, change ticket.Change) { published = append(published, change.UserID) })
	wanted := ticket.Reopening{UserID: "ann", By: "agent:admin", Note: "They sent the right one by post."}
	if _, err := reopenings.Add(t.Context(), wanted, 9); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("resubmission that is not closed: %v, want ErrNotFound", err)
	}
	ended := reject(t, d, submit(t, d, uuid.NewString()))
	for range 2 {
		opened, err := reopenings.Add(t.Context(), wanted, 9)
		if err != nil || opened.TicketID != ended.ID || opened.Note != wanted.Note || opened.By != wanted.By || opened.At.IsZero() {
			t.Errorf("opened %+v, %v; want it for %s", opened, err, ended.ID)
		}
	}
	again := submit(t, d, uuid.NewString())
	if again.Attempt != 1 || again.Previous != ended.ID {
		t.Errorf("attempt %d after %s, want 1 after %s", again.Attempt, again.Previous, ended.ID)
	}
	reject(t, d, again)
	if _, err := d.Submit(t.Context(), submission("more")); !errors.Is(err, ticket.ErrResubmissionClosed) {
		t.Errorf("after another final rejection: %v, want ErrClosed: each needs a reopening of its own", err)
	}
	if all, err := reopenings.List(t.Context(), "ann"); err != nil || len(all) != 1 {
		t.Errorf("%d reopenings, %v; want 1", len(all), err)
	}
	if !slices.Equal(published, []string{"ann"}) {
		t.Errorf("published changes of %q, want one of ann", published)
	}
	for _, statement := range []string{"UPDATE reopenings SET note = 'x'", "DELETE FROM reopenings", "TRUNCATE reopenings"} {
		if _, err := pool.Exec(t.Context(), statement); err == nil {
			t.Errorf("%s was done", statement)
		}
	}
}
