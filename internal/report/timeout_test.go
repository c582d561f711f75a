package report_test

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"docket/internal/postgres"
	"docket/internal/report"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// slowDown makes each read of a table fail as one that takes too long for a page, but not for a command.
func slowDown(t *testing.T, p *postgres.Pool, table string) {
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

// submitJudged adds a ticket of which a rule has said something.
func submitJudged(t *testing.T, d *store.Store) {
	t.Helper()
	s := submission("ann", "k")
	s.Evaluation.Verdicts = []ticket.Verdict{{Rule: "r", Hash: "h", Shadow: true, Outcome: ticket.OutcomeApprove}}
	if _, err := d.Submit(t.Context(), s); err != nil {
		t.Fatal(err)
	}
}

// reports reads the first of pools that answers.
func reports(pools ...*postgres.Pool) *report.Reports {
	return report.New(pools[len(pools)-1], func() []*postgres.Pool { return pools })
}

func TestReports_CommandHasMoreTime(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	submitJudged(t, d)
	slowDown(t, p, "tickets")
	from, to := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	if _, err := reports(p).Compare(t.Context(), from, to); !errors.Is(err, report.ErrRangeTooLarge) {
		t.Errorf("the page: %v, want ErrRangeTooLarge", err)
	}
	if _, err := report.Compare(t.Context(), p, from, to); err != nil {
		t.Errorf("the command: %v", err)
	}
	read := 0
	err := report.Read(report.PastTickets{
		From: from, To: to, Others: true, Signals: true, Begin: func(int64) {}, Each: func(report.PastTicket) error { read++; return nil },
	}, t.Context(), p)
	if err != nil || read != 1 {
		t.Errorf("read %d tickets, %v; want 1", read, err)
	}
	if problems := verify(t, p); problems != nil {
		t.Errorf("verified: %v", problems)
	}
}

func TestReports_TooLargeIsNotAskedTwice(t *testing.T) {
	t.Parallel()
	primary, replica := pool(t, testdb.New(t).Primary), pool(t, testdb.New(t).Primary)
	submitJudged(t, store.New(replica, slog.New(slog.DiscardHandler)))
	slowDown(t, replica, "tickets")
	_, err := reports(replica, primary).Compare(t.Context(), time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	if !errors.Is(err, report.ErrRangeTooLarge) {
		t.Errorf("compare: %v, want ErrRangeTooLarge", err)
	}
}

func TestReports_WhichDatabaseAnswers(t *testing.T) {
	t.Parallel()
	d, primary := desk(t)
	submitJudged(t, d)
	replica, down := pool(t, testdb.New(t).Primary), pool(t, testdb.New(t).Primary)
	down.Close()
	for name, test := range map[string]struct {
		reports *report.Reports
		fresh   bool
		rules   int // the replica has none
	}{
		"the replica":                         {reports(replica, primary), false, 0},
		"the primary, for a fresh read":       {reports(replica, primary), true, 1},
		"the primary, when a replica is down": {reports(down, primary), false, 1},
		"a replica, when the primary is down": {report.New(down, func() []*postgres.Pool { return []*postgres.Pool{down, replica} }), false, 0},
	} {
		ctx := t.Context()
		if test.fresh {
			ctx = ticket.Fresh(ctx)
		}
		found, err := test.reports.Compare(ctx, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
		if err != nil || len(found.Rules) != test.rules {
			t.Errorf("%s: %d rules, %v; want %d", name, len(found.Rules), err, test.rules)
		}
	}
}
