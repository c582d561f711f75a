package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// runConcurrently calls do n times at the same time and returns the error of each.
func runConcurrently(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range errs {
		all.Go(func() { <-start; errs[i] = do(i) })
	}
	close(start)
	all.Wait()
	return errs
}

// submitConcurrently submits for users at the same time and returns the error of each.
func submitConcurrently(t *testing.T, d ticket.Desk, users []string) []error {
	t.Helper()
	return runConcurrently(len(users), func(i int) error {
		made, err := d.Submit(t.Context(), submission(users[i], "key of "+users[i]))
		if err == nil && (made.UserID != users[i] || made.Status != ticket.Processing) {
			err = fmt.Errorf("returned a ticket of %q that is %s", made.UserID, made.Status)
		}
		return err
	})
}

// insertOpen makes n open tickets, of one user or of one each.
func insertOpen(t *testing.T, p *postgres.Pool, n int, user string) []uuid.UUID {
	t.Helper()
	rows, err := p.Query(t.Context(), `INSERT INTO tickets (id, user_id, status, extra, one_open)
		SELECT gen_random_uuid(), coalesce(nullif($2, ''), 'u' || i), 'processing', '{}', false FROM generate_series(1, $1::integer) AS i RETURNING id`, n, user)
	if err != nil {
		t.Fatal(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// approveConcurrently approves tickets at the same time, each by another agent, and returns the error of each.
func approveConcurrently(t *testing.T, d ticket.Desk, ids []uuid.UUID) []error {
	t.Helper()
	return runConcurrently(len(ids), func(i int) error {
		decided, err := d.Decide(t.Context(), ids[i], 1, ticket.Approve(fmt.Sprint("agent:", i), ""))
		if err == nil && (decided.ID != ids[i] || decided.Status != ticket.Approved) {
			err = fmt.Errorf("returned ticket %s that is %s", decided.ID, decided.Status)
		}
		return err
	})
}

// numberUsers makes n users; the one in the middle is other.
func numberUsers(n int, other string) (users []string) {
	for i := range n {
		users = append(users, fmt.Sprint("u", i))
	}
	users[n/2] = other
	return users
}

func execAll(t *testing.T, p *postgres.Pool, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := p.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// refuseAtCommit makes the database refuse the user "late", and not before the commit.
const refuseAtCommit = `
	CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'too late' USING ERRCODE = 'integrity_constraint_violation'; END $$;
	CREATE CONSTRAINT TRIGGER late AFTER INSERT ON tickets DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.user_id = 'late') EXECUTE FUNCTION late()`

func TestSubmit_BatchWithRefusedRequest(t *testing.T) {
	t.Parallel()
	for when, bad := range map[string]string{"at once": strings.Repeat("x", 129), "at the commit": "late"} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			d, p := desk(t)
			execAll(t, p, refuseAtCommit)
			users := numberUsers(100, bad)
			for i, err := range submitConcurrently(t, retrying{d}, users) {
				if refused := users[i] == bad; refused != (err != nil) {
					t.Errorf("%.10s: %v", users[i], err)
				}
			}
			if n := count(t.Context(), t, p, "SELECT count(*) FROM tickets"); n != len(users)-1 {
				t.Errorf("%d tickets are kept, want %d", n, len(users)-1)
			}
		})
	}
}

func TestBatch_LockTimeout(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	ids := insertOpen(t, p, 100, "")
	execAll(t, p, "CREATE TABLE waits AS SELECT ''::text AS most LIMIT 0", `
		CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO waits VALUES (current_setting('lock_timeout')); RETURN NEW; END $$;
		CREATE TRIGGER note BEFORE INSERT OR UPDATE ON tickets FOR EACH ROW EXECUTE FUNCTION note()`)
	for i, err := range append(submitConcurrently(t, retrying{d}, numberUsers(100, "ann")), approveConcurrently(t, retrying{d}, ids)...) {
		if err != nil {
			t.Errorf("number %d: %v", i, err)
		}
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM waits WHERE most = '50ms'"); n != 200 {
		t.Errorf("%d of 200 were written with the short lock timeout, want all", n)
	}
}

func TestDecide_LockedTicket(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	ids := insertOpen(t, p, 100, "")
	tx, err := p.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.WithoutCancel(t.Context()))
	if _, err := tx.Exec(t.Context(), "SELECT FROM tickets WHERE id = $1 FOR UPDATE", ids[50]); err != nil {
		t.Fatal(err)
	}
	for i, err := range approveConcurrently(t, d, ids) { // the lock is held until all have their answers
		if i == 50 && !errors.Is(err, ticket.ErrOverloaded) || i != 50 && err != nil {
			t.Errorf("number %d: %v", i, err)
		}
	}
}

func TestDecide_ConcurrentApprovalsOfUser(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	for i, err := range approveConcurrently(t, retrying{d}, insertOpen(t, p, 20, "ann")) {
		if err != nil {
			t.Errorf("number %d: %v", i, err)
		}
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM tickets WHERE status = 'approved'"); n != 20 {
		t.Errorf("%d are approved, want 20", n)
	}
	if !invariantHolds(t, p) {
		t.Error("there are users whose latest approval is wrong")
	}
}

func TestSubmit_BatchAnswerLost(t *testing.T) {
	t.Parallel()
	d, p := openCut(t, 1, func(b testdb.Bytes) testdb.Action {
		return cuts["after the commit, before the answer"](b, "", "INSERT 0 1")
	})
	for i, err := range submitConcurrently(t, retrying{d}, numberUsers(100, "ann")) {
		if err != nil {
			t.Errorf("u%d: %v", i, err)
		}
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM tickets"); n != 100 {
		t.Errorf("%d tickets, want 100", n)
	}
}

// TestSubmit_EveryRowLocked submits for many users at once while none of them can be written: they are refused before each of
// them has waited for the lock, and most connections stay free for others.
func TestSubmit_EveryRowLocked(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	execAll(t, p, "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$",
		"CREATE TRIGGER wait BEFORE INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION wait()")
	conn, err := pgx.Connect(t.Context(), p.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if _, err := conn.Exec(t.Context(), "SELECT pg_advisory_lock(1)"); err != nil {
		t.Fatal(err)
	}
	var refused []error
	done, most, began := make(chan []error, 1), int32(0), time.Now()
	go func() { done <- submitConcurrently(t, d, numberUsers(200, "somebody")) }()
	for refused == nil {
		select {
		case refused = <-done:
		case <-time.After(time.Millisecond):
			most = max(most, p.Stat().AcquiredConns())
		}
	}
	t.Logf("refused within %v, with %d connections", time.Since(began), most)
	for _, err := range refused {
		if !errors.Is(err, ticket.ErrOverloaded) {
			t.Errorf("%v, want ErrOverloaded", err)
		}
	}
	if half := p.Config().MaxConns / 2; most > half {
		t.Errorf("%d connections waited for the lock, want at most %d", most, half)
	}
}
