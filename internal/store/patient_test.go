package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// laborious makes each read of a table end as one that takes too long for a page, but not for a command.
func laborious(t *testing.T, p *pgxpool.Pool, table string) {
	t.Helper()
	_, err := p.Exec(t.Context(), `CREATE FUNCTION has_time() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
			IF current_setting('statement_timeout') <> '5min' THEN
				RAISE EXCEPTION 'canceling statement due to statement timeout' USING ERRCODE = 'query_canceled';
			END IF;
			RETURN true;
		END $$;
		ALTER TABLE `+table+` RENAME TO kept; CREATE VIEW `+table+` AS SELECT * FROM kept WHERE has_time()`)
	if err != nil {
		t.Fatal(err)
	}
}

// tried adds a ticket of which a rule has said something.
func tried(t *testing.T, d *store.Store) {
	t.Helper()
	s := submission("ann", "k")
	s.Evaluation.Verdicts = []ticket.Verdict{{Rule: "r", Hash: "h", Shadow: true, Outcome: ticket.OutcomeApprove}}
	if _, err := d.Submit(t.Context(), s); err != nil {
		t.Fatal(err)
	}
}

func TestACommandHasMoreTimeThanAPage(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	tried(t, d)
	laborious(t, p, "tickets")
	from, to := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	if _, err := d.Compare(t.Context(), from, to); !errors.Is(err, ticket.ErrRangeTooLarge) {
		t.Errorf("the page: %v, want ErrTooMuch", err)
	}
	if _, err := store.Compare(t.Context(), p, from, to); err != nil {
		t.Errorf("the command: %v", err)
	}
	reviewed := 0
	err := store.Review(t.Context(), p, store.Retrospect{
		From: from, To: to, Others: true, Signals: true, Begun: func(int64) {}, Each: func(store.Past) error { reviewed++; return nil },
	})
	if err != nil || reviewed != 1 {
		t.Errorf("reviewed %d tickets, %v; want 1", reviewed, err)
	}
	if problems := found(t, p); problems != nil {
		t.Errorf("verified: %v", problems)
	}
}

func TestWhatIsTooMuchForTheReplicaIsNotAskedOfThePrimary(t *testing.T) {
	t.Parallel()
	primary, replica := pool(t, testdb.New(t).Primary), pool(t, testdb.New(t).Primary)
	tried(t, store.New(replica, nil, silent))
	laborious(t, replica, "tickets")
	d, from := store.New(primary, replica, silent), time.Now().Add(-time.Hour)
	for range 2 { // the replica does not rest after it
		if _, err := d.Compare(t.Context(), from, time.Now().Add(time.Hour)); !errors.Is(err, ticket.ErrRangeTooLarge) {
			t.Errorf("compare: %v, want ErrTooMuch", err)
		}
	}
}
