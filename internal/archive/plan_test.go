package archive_test

import (
	"context"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

// planned runs each query for its plan alone, too.
type planned struct {
	db.DBTX
	plan *string
}

func (p planned) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	_, rest, _ := strings.Cut(sql, "\n") // without the name of the statement
	rows, err := p.DBTX.Query(ctx, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) "+rest, args...)
	if err != nil {
		return nil, err
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	*p.plan = strings.Join(lines, "\n")
	return p.DBTX.Query(ctx, sql, args...)
}

// monthsRead names the months of the archive that a plan has read rows of under an alias, such as 2024_03.
func monthsRead(plan, alias string) (months []string) {
	for _, scan := range regexp.MustCompile(`on archived_tickets_(\d{4}_\d\d) `+alias+`\w* \(actual`).FindAllStringSubmatch(plan, -1) {
		months = append(months, scan[1])
	}
	return months
}

// monthOf is the month of UTC in which a ticket was created, as it is named in the database.
func monthOf(t ticket.Ticket) string { return t.CreatedAt.UTC().Format("2006_01") }

// twoMonths is two tickets of ann in the archive, of which the first is 700 days old and the second 401.
func twoMonths(t *testing.T, s *testsite.Site) (first, second ticket.Ticket) {
	t.Helper()
	first = decide(t, s, submit(t, s, ticket.Submission{UserID: "ann", Extra: []byte(`{"amount": 3}`), Whole: []string{"=first"}}), approve)
	s.PassDays(t, 299)
	second = decide(t, s, submit(t, s, ticket.Submission{UserID: "ann", Extra: []byte(`{"amount": 4}`), Whole: []string{"=second"}}), approve)
	decide(t, s, submit(t, s, ticket.Submission{UserID: "ann"}), approve)
	s.PassDays(t, 700)
	if got := run(t, s, 400); got.Moved != 2 {
		t.Fatalf("moved %+v, want two", got)
	}
	return first, second
}

// TestArchived_Window: what rules count of a window of time reads no month before it, however many there are.
func TestArchived_Window(t *testing.T) {
	t.Parallel()
	s := start(t)
	first, second := twoMonths(t, s)
	for days, want := range map[int64]struct {
		sum    float64
		months string
	}{
		500: {4, monthOf(second)}, 800: {7, monthOf(first) + " " + monthOf(second)}, 100: {0, ""},
	} {
		var plan string
		rows, err := db.New().TicketHistory(t.Context(), planned{s.Instances[0].Primary, &plan}, db.TicketHistoryParams{
			Names: []string{"short", "long"}, LengthsMs: []int64{1000, days * 24 * time.Hour.Milliseconds()}, Statuses: []string{"", ""}, Fields: []string{"amount", "amount"}, UserID: "ann",
		})
		if err != nil {
			t.Fatal(err)
		}
		var sum float64
		for _, row := range rows {
			sum += row.Found
		}
		if got := strings.Join(monthsRead(plan, "a"), " "); sum != want.sum || got != want.months {
			t.Errorf("%d days: the sum is %v and read from %q, want %v from %q:\n%s", days, sum, got, want.sum, want.months, plan)
		}
	}
}

// TestArchived_WholeInItsMonth: what a number finds is read in its month alone, and what is not asked for is looked for in none.
func TestArchived_WholeInItsMonth(t *testing.T) {
	t.Parallel()
	s := start(t)
	first, _ := twoMonths(t, s)
	var plan string
	var rows []db.ArchivedRow
	err := pgx.BeginFunc(t.Context(), s.Instances[0].Primary, func(tx pgx.Tx) (err error) {
		if _, err := tx.Exec(t.Context(), "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off"); err != nil { // as for tables that are large
			return err
		}
		rows, err = db.New().ArchivedFindWhole(t.Context(), planned{tx, &plan}, db.ArchivedFindWholeParams{
			Whole: "'=first'", Most: 10, AfterMs: math.MaxInt64, AfterID: uuid.Max, Max: 10,
		})
		return err
	})
	if err != nil || len(rows) != 1 || rows[0].ID != first.ID {
		t.Fatalf("found %+v, %v; want the first ticket", rows, err)
	}
	if got := monthsRead(plan, "w"); len(got) != 2 {
		t.Errorf("the number is looked for in %q, want both months:\n%s", got, plan)
	}
	for alias, want := range map[string]string{"archived_tickets": monthOf(first), "u": "", "i": ""} {
		if got := strings.Join(monthsRead(plan, alias), " "); got != want {
			t.Errorf("%s is read from %q, want %q:\n%s", alias, got, want, plan)
		}
	}
}

// TestArchived_ExportStops: a page of an export reads its tickets in the order of an index, and does not sort what the archive has after it.
func TestArchived_ExportStops(t *testing.T) {
	t.Parallel()
	s := start(t)
	first, second := twoMonths(t, s)
	var plan string
	rows, err := db.New().TransferTickets(t.Context(), planned{s.Instances[0].Primary, &plan}, db.TransferTicketsParams{Max: 2})
	if err != nil || len(rows) != 2 || rows[0].ID != first.ID || rows[1].ID != second.ID {
		t.Fatalf("a page: %+v, %v; want both archived tickets", rows, err)
	}
	if parts := strings.Count(plan, "Limit ("); parts != 3 {
		t.Errorf("%d limits, want one of each part and one of both:\n%s", parts, plan)
	}
	rows, err = db.New().TransferTickets(t.Context(), s.Instances[0].Primary, db.TransferTicketsParams{
		Max: 2, AfterUser: rows[1].UserID, AfterMs: rows[1].CreatedAtMs, AfterID: rows[1].ID,
	})
	if err != nil || len(rows) != 1 || rows[0].Status != "approved" {
		t.Errorf("the next page: %+v, %v; want the ticket that is not archived", rows, err)
	}
}
