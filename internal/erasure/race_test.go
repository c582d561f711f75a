package erasure_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/account"
	"docket/internal/erasure"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

// waitUntilBlocked returns when a statement waits for a lock, and what done has if that comes first.
func waitUntilBlocked(t *testing.T, p *postgres.Pool, done <-chan error) {
	t.Helper()
	blocked := `SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = current_database())`
	if distributed, err := p.Distributed(t.Context(), p); err != nil {
		t.Fatal(err)
	} else if distributed {
		blocked += " OR EXISTS (SELECT FROM citus_lock_waits)"
	}
	for waiting := false; !waiting; {
		select {
		case err := <-done:
			t.Fatalf("it did not wait for the erasure: %v", err)
		case <-time.After(5 * time.Millisecond): // until the next look
		}
		if err := p.QueryRow(t.Context(), blocked).Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
}

// duringErasure begins an erasure, calls do, commits when that waits, and returns what do did.
func duringErasure(t *testing.T, p *postgres.Pool, user string, do func() error) error {
	t.Helper()
	tx, err := p.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.WithoutCancel(t.Context())) // after the commit it does nothing
	if _, err := tx.Exec(t.Context(), "SELECT erase_user($1, 'cli', 'request')", user); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- do() }()
	waitUntilBlocked(t, p, done)
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	return <-done
}

// TestEraseUser_Meanwhile sends what a session that has just ended may still send, and decides, while an erasure is not
// committed yet.
func TestEraseUser_Meanwhile(t *testing.T) {
	t.Parallel()
	sendMeanwhile(t, testdb.New(t))
}

func TestCitus_Meanwhile(t *testing.T) { sendMeanwhile(t, testdb.Citus(t)) }

func sendMeanwhile(t *testing.T, on testdb.DB) {
	t.Helper()
	s := testsite.Start(t, testsite.Form(), 1, on)
	i := s.Instances[0]
	photo := testpicture.JPEG(testpicture.Front(testpicture.Anna, 600), 85)
	for name, c := range map[string]struct {
		send func(user string, open ticket.Ticket) error
		want error
	}{
		"submission": {func(user string, _ ticket.Ticket) error {
			_, err := i.Desk.Submit(t.Context(), ticket.Submission{
				UserID: user, Extra: []byte(`{"full_name": "MARKED"}`), By: ticket.User(user), Key: uuid.NewString(),
			})
			return err
		}, ticket.ErrOverloaded},
		"draft": {func(user string, _ ticket.Ticket) error {
			_, err := i.Files.SaveDraft(t.Context(), user, files.Draft{SubmissionID: "d", Answers: form.Input{"full_name": {"MARKED"}}})
			return err
		}, ticket.ErrOverloaded},
		"upload": {func(user string, _ ticket.Ticket) error {
			_, err := i.Files.Add(t.Context(), files.Upload{
				UserID: user, Field: form.Field{Name: "document_front", Type: form.Image}, By: ticket.User(user), Body: bytes.NewReader(photo),
			})
			return err
		}, ticket.ErrOverloaded},
		"approval": {func(_ string, open ticket.Ticket) error {
			_, err := i.Desk.Decide(t.Context(), open.ID, open.Version, ticket.Approve("agent:a", "MARKED"))
			return err
		}, ticket.ErrDecided},
	} {
		_, user := s.Account(t, name, account.Customer)
		open := submit(t, s, user, "MARKED", files.File{})
		if err := duringErasure(t, i.Primary, user, func() error { return c.send(user, open) }); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if found := findInTables(t, i.Primary, "MARKED"); len(found) > 0 {
		t.Errorf("what was sent meanwhile is in %v", found)
	}
	checkWhole(t, i.Primary)
}

// TestEraseUser_AnotherSystem: an API key may send for the same user again.
func TestEraseUser_AnotherSystem(t *testing.T) {
	t.Parallel()
	s := start(t)
	i := s.Instances[0]
	_, user := s.Account(t, "customer", account.Customer)
	submit(t, s, user, "A", files.File{})
	erase(t, s, user)
	sub := ticket.Submission{UserID: user, Extra: []byte(`{}`), By: ticket.Key("shop"), Key: "1", OneOpen: true}
	if _, err := i.Desk.Submit(t.Context(), sub); err != nil {
		t.Errorf("by a key: %v", err)
	}
	sub.By, sub.OneOpen = ticket.User(user), false
	if _, err := i.Desk.Submit(t.Context(), sub); !errors.Is(err, ticket.ErrOverloaded) {
		t.Errorf("by the account that is gone: %v, want ErrOverloaded", err)
	}
	checkWhole(t, i.Primary)
}

// TestEraseUser_AccountChange: a change of the account, which ends its sessions, has begun before the erasure.
func TestEraseUser_AccountChange(t *testing.T) {
	t.Parallel()
	s := start(t)
	i := s.Instances[0]
	_, user := s.Account(t, "customer", account.Customer)
	if _, err := i.Primary.Exec(t.Context(), "INSERT INTO sessions (token_hash, account_id) VALUES (sha256('s'), $1)", user); err != nil {
		t.Fatal(err)
	}
	tx, err := i.Primary.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.WithoutCancel(t.Context())) // after the commit it does nothing
	if _, err := tx.Exec(t.Context(), "SELECT FROM accounts WHERE id = $1 FOR NO KEY UPDATE", user); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, _, err := i.Erasures.EraseUser(t.Context(), user, by, "request")
		done <- err
	}()
	waitUntilBlocked(t, i.Primary, done)
	if _, err := tx.Exec(t.Context(), "DELETE FROM sessions WHERE account_id = $1", user); err != nil {
		t.Errorf("end the sessions: %v", err)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Errorf("erase: %v", err)
	}
}

// TestHold_DuringRetention begins a hold while a sweep erases a ticket and a draft of the user: it waits, so that no hold that has
// begun is passed over. A sweep erases nothing of a user on whom a hold is just beginning.
func TestHold_DuringRetention(t *testing.T) {
	t.Parallel()
	s := start(t)
	e, primary := s.Instances[0].Erasures, s.Instances[0].Primary
	begin := func() pgx.Tx {
		tx, err := primary.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }) // after the commit it does nothing
		return tx
	}
	rows := func(tx pgx.Tx, statement string, args ...any) (n int64) {
		if err := tx.QueryRow(t.Context(), statement, args...).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	old := time.Now().AddDate(-9, 0, 0)
	for user, erase := range map[string]func(tx pgx.Tx, ticket uuid.UUID) int64{
		"ticket": func(tx pgx.Tx, id uuid.UUID) int64 {
			return rows(tx, "SELECT erase_tickets($1, 'retention', 'retention')", []uuid.UUID{id})
		},
		"draft": func(tx pgx.Tx, _ uuid.UUID) int64 {
			n, err := db.New().DraftDeleteOld(t.Context(), tx, db.DraftDeleteOldParams{AgeMs: 1000, Most: 10})
			if err != nil {
				t.Fatal(err)
			}
			return n
		},
	} {
		id := insertClosed(t, s, user, ticket.Rejected, old)
		if _, err := primary.Exec(t.Context(), "INSERT INTO drafts (user_id, submission_id, answers, updated_at_ms) VALUES ($1, 'd', '{}', 1)", user); err != nil {
			t.Fatal(err)
		}
		holding := begin()
		rows(holding, "WITH l AS MATERIALIZED (SELECT pg_advisory_xact_lock(user_lock($1))) SELECT count(*) FROM l", user)
		if n := erase(begin(), id); n != 0 {
			t.Errorf("%s: %d were erased while a hold began", user, n)
		}
		if err := holding.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		sweep, held := begin(), make(chan error, 1)
		if n := erase(sweep, id); n != 1 {
			t.Errorf("%s: %d were erased, want 1", user, n)
		}
		go func() {
			_, err := e.AddHold(t.Context(), user, by, "a lawsuit")
			held <- err
		}()
		waitUntilBlocked(t, primary, held)
		if err := sweep.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := <-held; err != nil {
			t.Errorf("%s: %v", user, err)
		}
	}
}

func TestHold_UserID(t *testing.T) {
	t.Parallel()
	e := start(t).Instances[0].Erasures
	for _, id := range []string{"", strings.Repeat("a", 129), "a\x00b", "a\xffb"} {
		if _, err := e.AddHold(t.Context(), id, by, "a lawsuit"); !errors.Is(err, erasure.ErrUserID) {
			t.Errorf("%q: %v, want ErrUserID", id, err)
		}
	}
	if _, err := e.AddHold(t.Context(), strings.Repeat("é", 128), by, "a lawsuit"); err != nil {
		t.Error(err)
	}
}
