package store_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/internal/testdb"
	"docket/internal/ticket"
)

// submitAtOnce submits for so many users at the same time and tells what became of each.
func submitAtOnce(t *testing.T, d ticket.Desk, users []string) []error {
	t.Helper()
	told := make([]error, len(users))
	var all sync.WaitGroup
	start := make(chan struct{})
	for i, user := range users {
		all.Go(func() {
			<-start
			made, err := d.Submit(t.Context(), submission(user, "key of "+user))
			if told[i] = err; err == nil && (made.UserID != user || made.Status != ticket.Processing) {
				told[i] = fmt.Errorf("told of a ticket of %q that is %s", made.UserID, made.Status)
			}
		})
	}
	close(start)
	all.Wait()
	return told
}

// numbered are so many users, with another after the first half of them.
func numbered(n int, other string) (users []string) {
	for i := range n {
		users = append(users, fmt.Sprint("u", i))
	}
	users[n/2] = other
	return users
}

func run(t *testing.T, p *pgxpool.Pool, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := p.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// refuseAtTheCommit makes the database refuse the user "late", and not before the commit.
const refuseAtTheCommit = `
	CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'too late' USING ERRCODE = 'integrity_constraint_violation'; END $$;
	CREATE CONSTRAINT TRIGGER late AFTER INSERT ON tickets DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.user_id = 'late') EXECUTE FUNCTION late()`

func TestOneWhoIsRefusedSpoilsItForNobodyElse(t *testing.T) {
	t.Parallel()
	for when, bad := range map[string]string{"at once": strings.Repeat("x", 129), "at the commit": "late"} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			d, p := desk(t)
			run(t, p, refuseAtTheCommit)
			users := numbered(300, bad)
			for i, err := range submitAtOnce(t, d, users) {
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

func TestWhoWriteTogetherWaitNotLongForALock(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	run(t, p, "CREATE TABLE waits AS SELECT ''::text AS most LIMIT 0", `
		CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO waits VALUES (current_setting('lock_timeout')); RETURN NEW; END $$;
		CREATE TRIGGER note BEFORE INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION note()`)
	for i, err := range submitAtOnce(t, d, numbered(300, "ann")) {
		if err != nil {
			t.Errorf("u%d: %v", i, err)
		}
	}
	submit(t, d, "bob")
	brief, long := count(t.Context(), t, p, "SELECT count(*) FROM waits WHERE most = '100ms'"), count(t.Context(), t, p, "SELECT count(*) FROM waits WHERE most = '1s'")
	if brief == 0 || long == 0 || brief+long != 301 {
		t.Errorf("%d would wait for 100 ms and %d for a second: want most and the last one", brief, long)
	}
}

func TestACrowdWhoseAnswerIsLostIsKeptOnceAndToldTruly(t *testing.T) {
	t.Parallel()
	d, p := severed(t, 1, func(b testdb.Bytes) testdb.Fate {
		return breaks["when it was committed and before that was said"](b, "", "INSERT 0 1")
	})
	for i, err := range submitAtOnce(t, d, numbered(100, "ann")) {
		if err != nil {
			t.Errorf("u%d: %v", i, err)
		}
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM tickets"); n != 100 {
		t.Errorf("%d tickets, want 100", n)
	}
}
