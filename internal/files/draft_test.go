package files_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/ticket"
)

// during has a statement committed while do waits for its transaction.
func (d desk) during(t *testing.T, statement string, do func() error) {
	t.Helper()
	tx, err := d.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }() // after a commit it does nothing
	if _, err := tx.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- do() }()
	for d.count(t, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0 {
		if t.Context().Err() != nil {
			return
		}
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestDraft_SavedAtTheSameTime(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	saveDraft(t, d, "ann", files.Draft{SubmissionID: uuid.NewString(), Answers: form.Input{"a": {"first"}}}, true)
	draft, err := d.Draft(t.Context(), "ann")
	if err != nil {
		t.Fatal(err)
	}
	d.during(t, "UPDATE drafts SET version = version + 1", func() error {
		saved, err := d.SaveDraft(t.Context(), "ann", draft)
		if saved {
			t.Error("it was saved over what another request saved meanwhile")
		}
		return err
	})
	file := d.add(t, "ann", front, photo())
	d.during(t, `UPDATE drafts SET answers = answers || '{"a": ["typed meanwhile"]}'`, func() error {
		return d.AddToDraft(t.Context(), "ann", draft.SubmissionID, file)
	})
	if draft, err = d.Draft(t.Context(), "ann"); err != nil || draft.Answers.Text("a") != "typed meanwhile" || draft.Answers.Text("front") != file.ID.String() {
		t.Errorf("the draft is %v, %v; want what was typed meanwhile and the file", draft, err)
	}
}

func TestDraft_FileAfterOneThatWasSent(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	sent, next := uuid.NewString(), uuid.NewString()
	saveDraft(t, d, "ann", files.Draft{SubmissionID: sent, Answers: form.Input{"a": {"sent"}}}, true)
	if _, err := d.store.Submit(t.Context(), ticket.Submission{UserID: "ann", Extra: []byte("{}"), By: "user:ann", Key: sent}); err != nil {
		t.Fatal(err)
	}
	file := d.add(t, "ann", front, photo())
	if err := d.AddToDraft(t.Context(), "ann", next, file); err != nil {
		t.Fatal(err)
	}
	if draft, err := d.Draft(t.Context(), "ann"); err != nil || draft.SubmissionID != next || draft.Answers.Has("a") || draft.Answers.Text("front") != file.ID.String() {
		t.Errorf("the draft is %v, %v; want the file alone", draft, err)
	}
}

// A draft was sent only when its user has sent it: others may use the same key.
func TestDraft_KeyOfOthers(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	id := uuid.NewString()
	for _, sub := range []ticket.Submission{{UserID: "bob", By: "user:bob"}, {UserID: "ann", By: "key:k"}} {
		sub.Key, sub.Extra = id, []byte("{}")
		if _, err := d.store.Submit(t.Context(), sub); err != nil {
			t.Fatal(err)
		}
	}
	saveDraft(t, d, "ann", files.Draft{SubmissionID: id, Answers: form.Input{"a": {"typed"}}}, true)
}
