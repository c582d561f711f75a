package erasure_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

var retain = form.Retain{
	Approved: form.Period{Years: 5}, Rejected: form.Period{Years: 1}, Withdrawn: form.Period{Days: 7}, Drafts: form.Period{Days: 30},
}

// insertClosed adds a ticket that was closed at a time; the last approval of a user is the latest.
func insertClosed(t *testing.T, s *testsite.Site, user string, status ticket.Status, at time.Time) uuid.UUID {
	t.Helper()
	id := uuid.Must(uuid.NewV7())
	_, err := s.Instances[0].Primary.Exec(t.Context(), `WITH latest AS (
			INSERT INTO user_tickets (user_id, ticket_id, extra, decided_by, created_at_ms, updated_at_ms)
			SELECT $1, $2::uuid, '{"full_name": "X"}', 'agent:a', $4::bigint, $4::bigint WHERE $3 = 'approved'
			ON CONFLICT (user_id) DO UPDATE SET ticket_id = excluded.ticket_id, updated_at_ms = excluded.updated_at_ms
		)
		INSERT INTO tickets (id, user_id, status, version, extra, created_at_ms, updated_at_ms, decided_by, decided_at_ms, reject_reason, reject_comment)
		SELECT $2::uuid, $1::text, $3::text, 2, '{"full_name": "X"}', $4::bigint, $4::bigint, CASE WHEN $3 <> 'withdrawn' THEN 'agent:a' END,
			CASE WHEN $3 <> 'withdrawn' THEN $4::bigint END, CASE WHEN $3 = 'rejected' THEN 'blurry' END, CASE WHEN $3 = 'rejected' THEN 'words' END`,
		user, id, string(status), at.UnixMilli())
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestRetention_EachClass(t *testing.T) {
	t.Parallel()
	s := start(t)
	e, now := s.Instances[0].Erasures, time.Now()
	ago := func(p form.Period) time.Time { return p.Before(now).Add(-time.Minute) }
	due := map[string]uuid.UUID{
		"rejected":            insertClosed(t, s, "r", ticket.Rejected, ago(retain.Rejected)),
		"withdrawn":           insertClosed(t, s, "w", ticket.Withdrawn, ago(retain.Withdrawn)),
		"superseded approval": insertClosed(t, s, "a", ticket.Approved, ago(form.Period{Years: 7})),
	}
	kept := map[string]uuid.UUID{
		"latest approval":        insertClosed(t, s, "a", ticket.Approved, ago(form.Period{Years: 6})),
		"approval that was late": insertClosed(t, s, "b", ticket.Approved, ago(form.Period{Years: 7})),
		"younger rejection":      insertClosed(t, s, "r2", ticket.Rejected, retain.Rejected.Before(now).Add(time.Minute)),
		"held":                   insertClosed(t, s, "h", ticket.Rejected, ago(retain.Rejected)),
	}
	insertClosed(t, s, "b", ticket.Approved, now.Add(-time.Hour)) // so that the one before was superseded an hour ago
	if _, err := e.AddHold(t.Context(), "h", by, "a lawsuit"); err != nil {
		t.Fatal(err)
	}
	for _, user := range []string{"r", "h"} {
		if _, err := s.Instances[0].Files.SaveDraft(t.Context(), user, files.Draft{SubmissionID: "d"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Instances[0].Primary.Exec(t.Context(), "UPDATE drafts SET updated_at_ms = $1", ago(retain.Drafts).UnixMilli()); err != nil {
		t.Fatal(err)
	}
	find := e.Report
	for _, doing := range []string{"report", "run", "run again"} {
		found, err := find(t.Context(), retain, now)
		if err != nil || len(found) != 4 {
			t.Fatalf("%s: %+v, %v", doing, found, err)
		}
		want := int64(1)
		if doing == "run again" {
			want = 0
		}
		for _, class := range found {
			if class.Count != want || class.Oldest.IsZero() != (want == 0) {
				t.Errorf("%s: %+v, want %d", doing, class, want)
			}
		}
		find = e.EraseDue
	}
	checkEach(t, s, due, true)
	checkEach(t, s, kept, false)
	checkWhole(t, s.Instances[0].Primary)
}

func checkEach(t *testing.T, s *testsite.Site, ids map[string]uuid.UUID, erased bool) {
	t.Helper()
	for name, id := range ids {
		if got, err := s.Instances[0].Desk.Ticket(t.Context(), id); err != nil || got.Erased() != erased {
			t.Errorf("%s: erased = %v (%v), want %v", name, got.Erased(), err, erased)
		}
	}
}

// TestRetention_SharedFile: a file that a later ticket names, too, stays until that is erased.
func TestRetention_SharedFile(t *testing.T) {
	t.Parallel()
	s := start(t)
	i := s.Instances[0]
	file := upload(t, s, "u-1")
	first := decide(t, s, submit(t, s, "u-1", "A", file), ticket.Reject("agent:a", "blurry", "words", ""))
	second := decide(t, s, submit(t, s, "u-1", "B", file), ticket.Reject("agent:a", "blurry", "words", ""))
	only := form.Retain{Rejected: form.Period{Days: 1}}
	after := first.UpdatedAt.Add(time.Millisecond)
	if second.UpdatedAt.Before(after) {
		t.Skip("both were rejected in one millisecond")
	}
	if found, err := i.Erasures.EraseDue(t.Context(), only, after.AddDate(0, 0, 1)); err != nil || found[0].Count != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	if _, err := i.Files.Get(t.Context(), file.ID); err != nil {
		t.Errorf("after the first: %v", err)
	}
	if found, err := i.Erasures.EraseDue(t.Context(), only, second.UpdatedAt.AddDate(0, 0, 2)); err != nil || found[0].Count != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	if _, err := i.Files.Get(t.Context(), file.ID); !errors.Is(err, files.ErrNotFound) {
		t.Errorf("after the second: %v, want ErrNotFound", err)
	}
	checkWhole(t, i.Primary)
}

// TestRetention_FileTakenMeanwhile: a file that a new ticket is given while the old one is erased stays.
func TestRetention_FileTakenMeanwhile(t *testing.T) {
	t.Parallel()
	s := start(t)
	i := s.Instances[0]
	file := upload(t, s, "u-1")
	old := decide(t, s, submit(t, s, "u-1", "A", file), ticket.Reject("agent:a", "blurry", "words", ""))
	tx, err := i.Primary.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.WithoutCancel(t.Context())) // after the commit it does nothing
	next := uuid.Must(uuid.NewV7())
	if _, err := tx.Exec(t.Context(), "INSERT INTO tickets (id, user_id, status, extra) VALUES ($1, 'u-1', 'processing', '{}')", next); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "UPDATE files SET ticket_id = $1 WHERE id = $2", next, file.ID); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := i.Erasures.EraseDue(t.Context(), form.Retain{Rejected: form.Period{Days: 1}}, time.Now().AddDate(0, 0, 2))
		done <- err
	}()
	waitUntilBlocked(t, i.Primary, done)
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if kept, err := i.Files.Get(t.Context(), file.ID); err != nil || kept.Ticket != next {
		t.Errorf("the file is %+v (%v), want that of ticket %s", kept, err, next)
	}
	checkEach(t, s, map[string]uuid.UUID{"the old ticket": old.ID}, true)
	checkWhole(t, i.Primary)
}

// TestRetention_LatestApproval: the database itself does not erase a latest approval, whoever found it due, and does once there is a later one.
func TestRetention_LatestApproval(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := insertClosed(t, s, "ann", ticket.Approved, time.Now().AddDate(-6, 0, 0))
	erase := func(want int64) {
		t.Helper()
		var erased int64
		err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT erase_tickets(ARRAY[$1::uuid], 'retention', 'retention')", id).Scan(&erased)
		if err != nil || erased != want {
			t.Errorf("erased %d (%v), want %d", erased, err, want)
		}
	}
	erase(0)
	insertClosed(t, s, "ann", ticket.Approved, time.Now().AddDate(-1, 0, 0))
	erase(1)
}
