package store_test

import (
	"slices"
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
	var want []uuid.UUID
	for hours := 0; hours < 31*24; hours += 12 {
		id, reason := uuid.New(), "common"
		if hours%84 == 0 { // each three and a half days; some at the end of a part
			reason, want = "rare", append(want, id)
		}
		_, err := p.Exec(t.Context(), `INSERT INTO tickets (id, user_id, status, version, extra, one_open, decided_by, decided_at_ms, reject_reason, reject_comment, note, created_at_ms, updated_at_ms)
			VALUES ($1, $2, 'rejected', 2, '{}', false, 'key:x', $3, $4, 'x', '', $3, $3)`, id, id.String(), begin.Add(time.Duration(hours)*time.Hour).UnixMilli(), reason)
		if err != nil {
			t.Fatal(err)
		}
	}
	reader := store.NewReader(p)
	reader.NarrowFor(0)
	for _, newest := range []bool{false, true} {
		q := ticket.Query{
			Status: ticket.Rejected, Newest: newest, From: begin, To: begin.AddDate(0, 0, 31), Where: ticket.Where{Reason: "rare"}, Page: ticket.Page{Limit: 3},
		}
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
		if newest {
			slices.Reverse(got)
		}
		if !slices.Equal(got, want) || pages < 10 {
			t.Errorf("newest %v: %d pages with %d tickets %v, want %v in many", newest, pages, len(got), got, want)
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
