package store_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/ticket"
)

// listAll reads a list page by page.
func listAll(t *testing.T, d ticket.Desk, q ticket.Query) (ids []uuid.UUID) {
	t.Helper()
	for range 10 {
		page, err := d.Queue(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range page.Tickets {
			ids = append(ids, one.ID)
		}
		if page.Next.IsZero() {
			return ids
		}
		q.After = page.Next
	}
	t.Fatal("the list does not end")
	return nil
}

// TestQueue_ClosedInOrderOfClosing closes what was created first last, and two tickets in the same millisecond.
func TestQueue_ClosedInOrderOfClosing(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	var oldest []uuid.UUID // by closing
	for i := range 7 {
		id := uuid.MustParse(fmt.Sprintf("00000000-0000-7000-8000-00000000000%d", i))
		created, closed := 10_000+i, 20_000-i/2
		execAll(t, p, fmt.Sprintf(`INSERT INTO tickets (id, user_id, status, version, extra, one_open, created_at_ms, updated_at_ms)
			VALUES ('%s', '%s', 'withdrawn', 2, '{}', false, %d, %d)`, id, []string{"ann", "bob"}[i/6], created, closed))
		oldest = append(oldest, id)
	}
	slices.SortFunc(oldest, func(a, b uuid.UUID) int { // i/2 is the same for two
		if i, j := a[15]/2, b[15]/2; i != j {
			return int(j) - int(i)
		}
		return int(a[15]) - int(b[15])
	})
	q := ticket.Query{Status: ticket.Withdrawn, From: time.UnixMilli(19_997), To: time.UnixMilli(20_001), Page: ticket.Page{Limit: 2}}
	if got := listAll(t, d, q); !slices.Equal(got, oldest) {
		t.Errorf("oldest first %v, want %v", got, oldest)
	}
	newest := slices.Clone(oldest)
	slices.Reverse(newest)
	q.Newest = true
	if got := listAll(t, d, q); !slices.Equal(got, newest) {
		t.Errorf("newest first %v, want %v", got, newest)
	}
	q.UserID = "ann" // not the first of oldest
	if got := listAll(t, d, q); !slices.Equal(got, newest[:6]) {
		t.Errorf("of ann, newest first %v, want %v", got, newest[:6])
	}
	q.Newest, q.From, q.To = false, time.UnixMilli(19_998), time.UnixMilli(20_000) // neither the first nor the last to be closed
	if got := listAll(t, d, q); !slices.Equal(got, oldest[1:5]) {
		t.Errorf("of ann in a shorter range %v, want %v", got, oldest[1:5])
	}
	q.From, q.To = time.UnixMilli(10_000), time.UnixMilli(10_010)
	if got := listAll(t, d, q); got != nil {
		t.Errorf("in the range in which they were created: %v, want none", got)
	}
}

// planned keeps the plan of each statement that is read through it.
type planned struct {
	*postgres.Pool
	plan *string
	any  bool // the planner may use what it likes; else no plan that is for small tables
}

func (p planned) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	err := pgx.BeginFunc(ctx, p.Pool, func(tx pgx.Tx) error {
		if !p.any {
			if _, err := tx.Exec(ctx, "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"); err != nil {
				return err
			}
		}
		rows, err := tx.Query(ctx, "EXPLAIN "+sql, args...)
		if err != nil {
			return err
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		*p.plan = strings.Join(lines, "\n")
		return err
	})
	if err != nil {
		return nil, err
	}
	return p.Pool.Query(ctx, sql, args...)
}

// notSnoozed is what leaves out snoozed tickets in a plan, which no index of tickets can do.
var notSnoozed = regexp.MustCompile(`Filter: \(\(InitPlan \d+\)\.col1 OR \(NOT EXISTS.*|Filter: \(\(user_id = tickets\.user_id\) AND \(snoozed_until_ms.*`)

// TestQueue_Plans keeps docs/performance.md true: one index has the whole condition and the order of a list.
func TestQueue_Plans(t *testing.T) {
	t.Parallel()
	_, p := desk(t)
	var plan string
	for _, status := range ticket.Statuses {
		index := "tickets_closed"
		if status.Open() {
			index = "tickets_status"
		}
		for _, newest := range []bool{false, true} {
			q := ticket.Query{Status: status, Newest: newest, From: time.UnixMilli(1), To: time.UnixMilli(1_000_000), Page: ticket.Page{Limit: 50}}
			if _, err := store.QueryQueue(t.Context(), db.New(), planned{Pool: p, plan: &plan}, q); err != nil {
				t.Fatal(err)
			}
			plan = notSnoozed.ReplaceAllString(plan, "")
			if !strings.Contains(plan, index) || strings.Contains(plan, "Sort") || strings.Contains(plan, "Filter") {
				t.Errorf("%s, newest %v: the plan is\n%s\nwant %s alone", status, newest, plan, index)
			}
		}
	}
}

// TestQueue_PlansOfHandedOver: an index finds what is handed over to an agent, and has the order of what is handed over to a team.
func TestQueue_PlansOfHandedOver(t *testing.T) {
	t.Parallel()
	_, p := desk(t)
	var plan string
	for want, place := range map[string]ticket.Place{
		`placements_account_oldest on placements p .*\n +Index Cond: \(account_id`:                           {Tab: ticket.Mine, Agent: uuid.New()},
		`placements_team_oldest on placements p .*\n +Index Cond: \(\(team = .*ROW\(submitted_ms, ticket_id`: {Tab: ticket.Team, Teams: []string{"fraud"}},
	} {
		q := ticket.Query{Status: ticket.Processing, Place: place, Page: ticket.Page{Limit: 50}}
		if _, err := store.QueryQueue(t.Context(), db.New(), planned{Pool: p, plan: &plan}, q); err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(want).MatchString(plan) {
			t.Errorf("%s: the plan is\n%s\nwant in it %s", place.Tab, plan, want)
		}
	}
}

// addOpenTickets adds so many thousand open tickets, of which the planner knows nothing yet.
func addOpenTickets(t *testing.T, p *postgres.Pool, thousands int) {
	t.Helper()
	execAll(t, p, "ALTER TABLE tickets DISABLE TRIGGER USER")
	for from := range thousands { // within the limit of a statement
		execAll(t, p, fmt.Sprintf(`INSERT INTO tickets (id, user_id, status, extra, one_open, queue, created_at_ms, updated_at_ms)
			SELECT gen_random_uuid(), 'u' || i, 'processing', '{}', false, (ARRAY['', 'high', 'low'])[1 + i %% 3], i, i FROM generate_series(%d, %d) i`, 1000*from+1, 1000*from+1000))
	}
	execAll(t, p, "ALTER TABLE tickets ENABLE TRIGGER USER")
}

// TestQueue_PlansWithoutStatistics reads the queue after a burst of submissions, before the planner knows of them.
func TestQueue_PlansWithoutStatistics(t *testing.T) {
	t.Parallel()
	_, p := desk(t)
	addOpenTickets(t, p, 40)
	var plan string
	for _, queue := range []string{"", "high"} {
		for _, newest := range []bool{false, true} {
			q := ticket.Query{Status: ticket.Processing, Newest: newest, Queue: queue, From: time.UnixMilli(1), To: time.UnixMilli(1_000_000), Page: ticket.Page{Limit: 50}}
			if _, err := store.QueryQueue(t.Context(), db.New(), planned{Pool: p, plan: &plan, any: true}, q); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(plan, "Sort") {
				t.Errorf("queue %q, newest %v: the plan is\n%s\nwant an index that has the order", queue, newest, plan)
			}
		}
	}
}

// TestQueue_PlansOfPlaces reads the open tickets of a queue and of each tab, of very many, by an index.
func TestQueue_PlansOfPlaces(t *testing.T) {
	t.Parallel()
	_, p := desk(t)
	addOpenTickets(t, p, 10)
	execAll(t, p, `INSERT INTO placements (user_id, ticket_id, snoozed_until_ms, placed_by) SELECT user_id, id, now_ms() + 100000, 'agent:x' FROM tickets WHERE created_at_ms % 500 = 0`,
		`INSERT INTO placements (user_id, ticket_id, team, placed_by) SELECT user_id, id, 'fraud', 'agent:x' FROM tickets WHERE created_at_ms % 500 = 1`,
		"ANALYZE tickets, placements, claims")
	var plan string
	for name, q := range map[string]ticket.Query{
		"waiting":         {Place: ticket.Place{Tab: ticket.Waiting}},
		"waiting, newest": {Place: ticket.Place{Tab: ticket.Waiting}, Newest: true},
		"queue":           {Place: ticket.Place{Tab: ticket.Waiting}, Queue: "high"},
		"queue, newest":   {Place: ticket.Place{Tab: ticket.Waiting}, Queue: "high", Newest: true},
		"mine":            {Place: ticket.Place{Tab: ticket.Mine, Agent: uuid.New()}},
		"team":            {Place: ticket.Place{Tab: ticket.Team, Teams: []string{"fraud"}, Queues: []string{"high"}}},
		"snoozed":         {Place: ticket.Place{Tab: ticket.Snoozed}},
	} {
		q.Status, q.From, q.To, q.Limit = ticket.Processing, time.UnixMilli(1), time.UnixMilli(1_000_000), 50
		if _, err := store.QueryQueue(t.Context(), db.New(), planned{Pool: p, plan: &plan}, q); err != nil {
			t.Fatal(err)
		}
		sorts := (q.Place.Tab == ticket.Waiting || q.Place.Tab == ticket.Snoozed) && strings.Contains(plan, "Sort")
		if sorts || regexp.MustCompile(`Seq Scan on tickets|Bitmap Heap Scan on tickets`).MatchString(plan) {
			t.Errorf("%s: the plan is\n%s\nwant an index", name, plan)
		}
	}
}
