package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// seeded is a store with n open tickets, each of another user, a second apart and the last one a minute old.
func seeded(t *testing.T, n int) (d ticket.Desk, ids []uuid.UUID) {
	t.Helper()
	s, p := desk(t)
	last := time.Now().Add(-time.Minute)
	for i := range n {
		id, err := uuid.NewV7()
		if err != nil {
			t.Fatal(err)
		}
		at := last.Add(time.Duration(i-n) * time.Second / 2).Truncate(time.Second).UnixMilli() // two by two at the same time
		if _, err := p.Exec(t.Context(), `INSERT INTO tickets (id, user_id, status, extra, created_at_ms, updated_at_ms)
			VALUES ($1, $2, 'processing', '{}', $3, $3)`, id, fmt.Sprint("user", i), at); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return s, ids
}

func TestQueue_Pages(t *testing.T) {
	t.Parallel()
	d, want := seeded(t, 23)
	for _, newest := range []bool{false, true} {
		q := lastWeek(5)
		q.Newest = newest
		var got []uuid.UUID
		for {
			page, err := d.Queue(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range page.Tickets {
				got = append(got, one.ID)
			}
			if page.Next.IsZero() {
				break
			}
			q.After = page.Next
		}
		if newest {
			slices.Reverse(got)
		}
		if !slices.Equal(got, want) {
			t.Errorf("newest %v: pages give\n%v, want\n%v", newest, got, want)
		}
	}
}

func TestQueue_Filter(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	ann, bob := submit(t, d, "ann"), submit(t, d, "bob")
	approve(t, d, bob)
	old := uuid.New()
	if _, err := p.Exec(t.Context(), `INSERT INTO tickets (id, user_id, status, extra, created_at_ms, updated_at_ms)
		VALUES ($1, 'old', 'processing', '{}', 1000, 1000)`, old); err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]struct {
		change func(*ticket.Query)
		want   []uuid.UUID
	}{
		"open":         {func(*ticket.Query) {}, []uuid.UUID{ann.ID}},
		"approved":     {func(q *ticket.Query) { q.Status = ticket.Approved }, []uuid.UUID{bob.ID}},
		"of ann":       {func(q *ticket.Query) { q.UserID = "ann" }, []uuid.UUID{ann.ID}},
		"of bob":       {func(q *ticket.Query) { q.UserID = "bob" }, nil},
		"of a percent": {func(q *ticket.Query) { q.UserID = "%" }, nil},
		"long ago":     {func(q *ticket.Query) { q.From, q.To = time.UnixMilli(0), time.UnixMilli(2000) }, []uuid.UUID{old}},
		"before it":    {func(q *ticket.Query) { q.From, q.To = time.UnixMilli(0), time.UnixMilli(1000) }, nil},
		"at it":        {func(q *ticket.Query) { q.From, q.To = time.UnixMilli(1000), time.UnixMilli(1001) }, []uuid.UUID{old}},
	} {
		for _, newest := range []bool{false, true} {
			q := lastWeek(10)
			q.Newest = newest
			try.change(&q)
			page, err := d.Queue(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			var got []uuid.UUID
			for _, one := range page.Tickets {
				got = append(got, one.ID)
			}
			if !slices.Equal(got, try.want) {
				t.Errorf("%s, newest %v: %v, want %v", name, newest, got, try.want)
			}
		}
	}
	older, err := d.Backlog(t.Context(), time.Now().AddDate(0, 0, -7))
	if err != nil || older.Count != 1 || older.Oldest.UnixMilli() != 1000 {
		t.Errorf("older %+v, %v; want one of 1970", older, err)
	}
}

func TestBacklog_Most(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	execAll(t, p, fmt.Sprintf(`SET LOCAL statement_timeout = 0; INSERT INTO tickets (id, user_id, status, extra, created_at_ms, updated_at_ms)
		SELECT gen_random_uuid(), n::text, 'processing', '{}', n, n FROM generate_series(1, %d) n`, 2*ticket.BacklogMost))
	for before, want := range map[int64]int64{1: 0, 8: 7, ticket.BacklogMost + 1: ticket.BacklogMost, 2 * ticket.BacklogMost: ticket.BacklogMost + 1} {
		older, err := d.Backlog(t.Context(), time.UnixMilli(before))
		if err != nil || older.Count != want || want > 0 && older.Oldest.UnixMilli() != 1 {
			t.Errorf("before %d: %+v, %v, want %d since 1", before, older, err, want)
		}
	}
}
