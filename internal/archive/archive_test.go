package archive_test

import (
	"cmp"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/db/migrations"
	"docket/internal/archive"
	"docket/internal/consistency"
	"docket/internal/report"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

func start(t *testing.T) *testsite.Site {
	t.Helper()
	return testsite.Start(t, testsite.Form(), 1, testdb.New(t))
}

func exec(t *testing.T, s *testsite.Site, statement string, args ...any) {
	t.Helper()
	if _, err := s.Instances[0].Primary.Exec(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func count(t *testing.T, s *testsite.Site, query string, args ...any) (n int) {
	t.Helper()
	if err := s.Instances[0].Primary.QueryRow(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func submit(t *testing.T, s *testsite.Site, sub ticket.Submission) ticket.Ticket {
	t.Helper()
	sub.Key = cmp.Or(sub.Key, uuid.NewString())
	if sub.Extra == nil {
		sub.Extra = []byte(`{"full_name": "X", "empty": null}`)
	}
	sub.FormVersion, sub.By = "f", ticket.User(sub.UserID)
	made, err := s.Instances[0].Desk.Submit(t.Context(), sub)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func decide(t *testing.T, s *testsite.Site, of ticket.Ticket, d ticket.Decision) ticket.Ticket {
	t.Helper()
	decided, err := s.Instances[0].Desk.Decide(t.Context(), of.ID, of.Version, d)
	if err != nil {
		t.Fatal(err)
	}
	return decided
}

var (
	approve = ticket.Approve("agent:a", "fine")
	reject  = ticket.Reject("agent:a", "blurry", "Again, please.", "not sharp")
)

// run moves what was closed a number of days before the clock of the database.
func run(t *testing.T, s *testsite.Site, days int) archive.Result {
	t.Helper()
	var now int64
	if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT now_ms()").Scan(&now); err != nil {
		t.Fatal(err)
	}
	before := time.UnixMilli(now).AddDate(0, 0, -days)
	result, err := s.Instances[0].Archive.Run(t.Context(), before, false, func(archive.Result) {})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// checkWhole fails if docket verify finds anything, or the invariant of latest approvals does not hold.
func checkWhole(t *testing.T, s *testsite.Site) {
	t.Helper()
	primary := s.Instances[0].Primary
	found := func(problem string) error { t.Errorf("verify: %s", problem); return nil }
	if err := report.Verify(t.Context(), primary, found, report.Progress{Begin: func(string, int64) {}, Done: func(int64) {}}); err != nil {
		t.Error(err)
	}
	var holds bool
	if err := primary.QueryRow(t.Context(), consistency.Invariant).Scan(&holds); err != nil || !holds {
		t.Errorf("the invariant holds: %v (%v)", holds, err)
	}
}

func TestRun_ReadAsBefore(t *testing.T) {
	t.Parallel()
	s := start(t)
	desk := s.Instances[0].Desk
	var old []ticket.Ticket
	for _, d := range []ticket.Decision{reject, approve} {
		old = append(old, decide(t, s, submit(t, s, ticket.Submission{UserID: "ann", OneOpen: true}), d))
	}
	latest := decide(t, s, submit(t, s, ticket.Submission{UserID: "ann", OneOpen: true}), approve)
	histories := map[uuid.UUID][]ticket.Event{}
	for _, before := range old {
		histories[before.ID], _ = desk.History(t.Context(), before.ID)
	}
	s.PassDays(t, 401)
	if got := run(t, s, 400); got != (archive.Result{Seen: 3, Moved: 2}) {
		t.Errorf("moved %+v, want two of three", got)
	}
	if n := count(t, s, "SELECT count(*) FROM tickets WHERE id = $1", latest.ID); n != 1 {
		t.Error("the latest approval is gone")
	}
	for _, before := range old {
		got, err := desk.Ticket(t.Context(), before.ID)
		if before.Archived = true; err != nil || !reflect.DeepEqual(got, before) {
			t.Errorf("from the archive: %+v, %v; want %+v", got, err, before)
		}
		if got, err := desk.TicketOf(t.Context(), "ann", before.ID); err != nil || got.ID != before.ID {
			t.Errorf("for its owner: %+v, %v", got, err)
		}
		if _, err := desk.TicketOf(t.Context(), "bob", before.ID); !errors.Is(err, ticket.ErrNotFound) {
			t.Errorf("for somebody else: %v, want ErrNotFound", err)
		}
		if got, err := desk.History(t.Context(), before.ID); err != nil || !reflect.DeepEqual(got, histories[before.ID]) {
			t.Errorf("history from the archive: %+v, %v; want %+v", got, err, histories[before.ID])
		}
	}
	if n := count(t, s, "SELECT count(*) FROM ticket_events WHERE ticket_id <> $1", latest.ID); n != 0 {
		t.Errorf("%d events are left of what was moved", n)
	}
	checkWhole(t, s)
}

// TestRun_PartitionedBetween: what was moved before the tables were divided into partitions is read as what is moved after, by an instance that works on.
func TestRun_PartitionedBetween(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	s := testsite.Start(t, testsite.Form(), 1, db)
	closeTwo := func(user string) (old ticket.Ticket) {
		old = decide(t, s, submit(t, s, ticket.Submission{UserID: user, OneOpen: true}), reject)
		decide(t, s, submit(t, s, ticket.Submission{UserID: user, OneOpen: true}), approve)
		return old
	}
	before := closeTwo("ann")
	s.PassDays(t, 401)
	moved := run(t, s, 400)
	if err := migrations.Partition(t.Context(), db.Primary, 4); err != nil {
		t.Fatal(err)
	}
	after := closeTwo("bob")
	s.PassDays(t, 802)
	if later := run(t, s, 400); moved.Moved != 1 || later.Moved != 1 {
		t.Errorf("moved %+v, then %+v; want one ticket each time", moved, later)
	}
	for _, old := range []ticket.Ticket{before, after} {
		if got, err := s.Instances[0].Desk.TicketOf(t.Context(), old.UserID, old.ID); err != nil || !got.Archived {
			t.Errorf("ticket of %s: %+v, %v; want it from the archive", old.UserID, got, err)
		}
	}
	checkWhole(t, s)
}

func TestRun_LeavesWhatIsNeeded(t *testing.T) {
	t.Parallel()
	s := start(t)
	many := func(user string) ticket.Ticket { return submit(t, s, ticket.Submission{UserID: user}) }
	one := func(user, subject string) ticket.Ticket {
		return submit(t, s, ticket.Submission{UserID: user, OneOpen: true, Subject: subject})
	}
	kept := map[string]ticket.Ticket{
		"the newest":                       decide(t, s, one("newest", ""), reject),
		"the latest approval":              decide(t, s, one("latest", ""), approve),
		"the latest approval of a subject": decide(t, s, one("subject", "a"), approve),
		"an open one":                      many("open"),
	}
	decide(t, s, one("latest", ""), reject)
	decide(t, s, one("subject", "b"), approve)
	decide(t, s, one("subject", "a"), reject)
	decide(t, s, many("newest of many"), reject)
	kept["the newest of many"] = decide(t, s, many("newest of many"), reject)
	before := decide(t, s, one("open follower", ""), reject)
	kept["before an open one"] = before
	one("open follower", "")
	moved := decide(t, s, many("moved"), reject)
	many("moved")
	s.PassDays(t, 401)
	unread := decide(t, s, many("unread"), reject)
	many("unread")
	exec(t, s, "CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql AS $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint + 86400000::bigint * 802 $$")
	kept["one whose events the feed keeps"] = unread
	if got := run(t, s, 0); got.Moved != 2 {
		t.Errorf("moved %+v, want two", got)
	}
	for what, of := range kept {
		if n := count(t, s, "SELECT count(*) FROM tickets WHERE id = $1", of.ID); n != 1 {
			t.Errorf("%s was moved", what)
		}
	}
	if n := count(t, s, "SELECT count(*) FROM archived_tickets WHERE id = $1", moved.ID); n != 1 {
		t.Error("a rejected ticket with a newer one of its user is not in the archive")
	}
	checkWhole(t, s)
}

func TestRun_LeavesWhatIsYoung(t *testing.T) {
	t.Parallel()
	s := start(t)
	decide(t, s, submit(t, s, ticket.Submission{UserID: "ann"}), reject)
	submit(t, s, ticket.Submission{UserID: "ann"})
	for _, after := range []struct {
		days int
		want int64
	}{{89, 0}, {91, 1}} {
		s.PassDays(t, after.days)
		if got := run(t, s, 0); got.Moved != after.want {
			t.Errorf("after %d days: moved %+v, want %d", after.days, got, after.want)
		}
	}
}
