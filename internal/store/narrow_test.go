package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/store"
	"docket/internal/ticket"
)

// TestNarrow_TimeIsOver looks for rare tickets with no time: each page reads one part of the range, and the next goes on after it.
func TestNarrow_TimeIsOver(t *testing.T) {
	t.Parallel()
	_, p := desk(t)
	begin := time.UnixMilli(1_700_000_000_000)
	var want, waiting []uuid.UUID
	for hours := 0; hours < 31*24; hours += 12 {
		id, open, reason := uuid.New(), uuid.New(), "common"
		if hours%84 == 0 { // each three and a half days; some at the end of a part
			reason, want, waiting = "rare", append(want, id), append(waiting, open)
		}
		_, err := p.Exec(t.Context(), `INSERT INTO tickets (id, user_id, status, version, extra, one_open, decided_by, decided_at_ms, reject_reason, reject_comment, note, created_at_ms, updated_at_ms)
			VALUES ($1, $2, 'rejected', 2, '{}', false, 'key:x', $3, $4, 'x', '', $3, $3)`, id, id.String(), begin.Add(time.Duration(hours)*time.Hour).UnixMilli(), reason)
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Exec(t.Context(), `INSERT INTO tickets (id, user_id, status, extra, one_open, created_at_ms, updated_at_ms)
			VALUES ($1, $2, 'processing', jsonb_build_object('a', $4::text), false, $3, $3)`, open, open.String(), begin.Add(time.Duration(hours)*time.Hour).UnixMilli(), reason)
		if err != nil {
			t.Fatal(err)
		}
	}
	reader := store.NewReader(p)
	reader.NarrowFor(0)
	for _, test := range []struct {
		status ticket.Status
		where  ticket.Where
		newest bool
		want   []uuid.UUID
	}{
		{ticket.Rejected, ticket.Where{Reason: "rare"}, false, want},
		{ticket.Rejected, ticket.Where{Reason: "rare"}, true, want},
		{ticket.Processing, ticket.Where{Answers: `{"a":"rare"}`}, false, waiting},
		{ticket.Processing, ticket.Where{Answers: `{"a":"rare"}`}, true, waiting},
	} {
		q := ticket.Query{Status: test.status, Newest: test.newest, From: begin, To: begin.AddDate(0, 0, 31), Where: test.where, Page: ticket.Page{Limit: 3}}
		var got []uuid.UUID
		pages := 0
		for more := true; more && pages < 100; pages++ {
			list, err := reader.Queue(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range list.Tickets {
				got = append(got, found.ID)
			}
			q.After, more = list.Next, !list.Next.IsZero()
		}
		if test.newest {
			slices.Reverse(got)
		}
		if !slices.Equal(got, test.want) || pages < 10 {
			t.Errorf("%s, newest %v: %d pages with %d tickets %v, want %v in many", test.status, test.newest, pages, len(got), got, test.want)
		}
	}
	reader.NarrowFor(time.Hour)
	list, err := reader.Queue(t.Context(), ticket.Query{
		Status: ticket.Rejected, From: begin, To: begin.AddDate(0, 0, 31), Where: ticket.Where{Reason: "rare"}, Page: ticket.Page{Limit: 50},
	})
	if err != nil || len(list.Tickets) != len(want) || !list.Next.IsZero() {
		t.Errorf("with time %d tickets and another page from %v, %v; want %d", len(list.Tickets), list.Next, err, len(want))
	}
}

// TestNarrow_Plans reads tickets with a reason, and those of a later attempt, by indexes that hold no others.
func TestNarrow_Plans(t *testing.T) {
	t.Parallel()
	_, p := desk(t)
	addOpenTickets(t, p, 4)
	execAll(t, p, "ALTER TABLE tickets DISABLE TRIGGER USER",
		"UPDATE tickets SET attempt = 3 WHERE created_at_ms % 50 = 0",
		`INSERT INTO tickets (id, user_id, status, version, extra, one_open, decided_by, decided_at_ms, reject_reason, reject_reasons, reject_comment, note, created_at_ms, updated_at_ms)
			SELECT gen_random_uuid(), 'r' || i, 'rejected', 2, '{}', false, 'key:x', i * 1000000::bigint, 'blurry', CASE WHEN i = 7 THEN '{blurry,glare}'::text[] END, 'x', '', i * 1000000::bigint, i * 1000000::bigint
			FROM generate_series(1, 2000) i`,
		"ALTER TABLE tickets ENABLE TRIGGER USER", "ANALYZE tickets")
	var plan string
	for index, q := range map[string]ticket.Query{
		"tickets_reasons":  {Status: ticket.Rejected, Where: ticket.Where{Reason: "glare"}},
		"tickets_repeated": {Status: ticket.Processing, Where: ticket.Where{Attempt: 2}},
	} {
		for _, q.Newest = range []bool{false, true} {
			q.From, q.To, q.Limit = time.UnixMilli(0), time.UnixMilli(31*86_400_000), 50
			if err := store.NarrowQueue(t.Context(), planned{Pool: p, plan: &plan, any: true}, q); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(plan, index) {
				t.Errorf("newest %v: the plan is\n%s\nwant %s", q.Newest, plan, index)
			}
		}
	}
	found, err := store.NewReader(p).Queue(t.Context(), ticket.Query{
		Status: ticket.Rejected, From: time.UnixMilli(0), To: time.UnixMilli(31 * 86_400_000), Where: ticket.Where{Reason: "glare"}, Page: ticket.Page{Limit: 50},
	})
	if err != nil || len(found.Tickets) != 1 || found.Tickets[0].UserID != "r7" {
		t.Errorf("with the second reason of one ticket %v, %v; want it", found.Tickets, err)
	}
	var kept int
	if err := p.QueryRow(t.Context(), "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '-- name: TicketNarrow%'").Scan(&kept); err != nil || kept > 0 {
		t.Errorf("%d statements are kept (%v), whose plans would soon be for any values", kept, err)
	}
}
