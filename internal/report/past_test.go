package report_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/report"
	"docket/internal/ticket"
)

// TestBacktest_OtherTicketsOfTheUser has users with a few tickets and with many, on both sides of pages, of
// which some stay open for long and some for ever; the database is asked about each of them alone.
func TestBacktest_OtherTicketsOfTheUser(t *testing.T) {
	t.Parallel()
	_, p := desk(t)
	damage(t, p, `INSERT INTO tickets (id, user_id, status, version, extra, one_open, decided_by, decided_at_ms, reject_reason, reject_comment, reject_class, revoked_by, created_at_ms, updated_at_ms)
		SELECT gen_random_uuid(), 'u' || n % (1 + n % 300), status, CASE status WHEN 'processing' THEN 1 ELSE 2 END, '{}', false, CASE WHEN status IN ('approved', 'rejected', 'revoked') THEN 'agent:a' END,
			CASE WHEN status IN ('approved', 'rejected') THEN closed WHEN status = 'revoked' THEN at + (closed - at) / 2 END, CASE WHEN status IN ('rejected', 'revoked') THEN 'r' END, CASE WHEN status IN ('rejected', 'revoked') THEN 'x' END,
			CASE status WHEN 'revoked' THEN 'retry' END, CASE status WHEN 'revoked' THEN 'agent:b' END, at, closed
		FROM generate_series(0, 2499) n, LATERAL (SELECT 1767225600000 + n / 2 * 10 AS at, (ARRAY['approved', 'rejected', 'withdrawn', 'processing', 'revoked'])[1 + n * 7 % 5] AS status) a,
			LATERAL (SELECT at + CASE status WHEN 'processing' THEN 0 ELSE 1 + n * 13 % 4000 END AS closed) b`)
	want := map[uuid.UUID]ticket.StatusCounts{}
	rows, err := p.Query(t.Context(), `SELECT t.id, CASE WHEN o.updated_at_ms <= t.created_at_ms THEN o.status WHEN o.status = 'revoked' AND o.decided_at_ms <= t.created_at_ms THEN 'approved' ELSE 'processing' END, count(*)
		FROM tickets t JOIN tickets o ON o.user_id = t.user_id AND (o.created_at_ms, o.id) < (t.created_at_ms, t.id) GROUP BY 1, 2`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var id uuid.UUID
		var status ticket.Status
		var tickets int
		if err := rows.Scan(&id, &status, &tickets); err != nil {
			t.Fatal(err)
		}
		if want[id] == nil {
			want[id] = ticket.StatusCounts{}
		}
		want[id][status] = tickets
	}
	seen := 0
	err = report.Read(report.PastTickets{
		From: time.UnixMilli(1767225600000 + 1000), To: time.UnixMilli(1767225600000 + 12_000), Others: true, Begin: func(int64) {},
		Each: func(past report.PastTicket) error {
			if seen++; !maps.Equal(past.Others, want[past.ID]) {
				return fmt.Errorf("ticket %d of %s had %v beside it, want %v", seen, past.UserID, past.Others, want[past.ID])
			}
			return nil
		},
	}, t.Context(), p)
	if err != nil || seen != 2200 {
		t.Errorf("reviewed %d tickets, %v; want 2200", seen, err)
	}
}

// TestBacktest_Windows has three tickets of a user on three days: the first was rejected on the second day, after the second ticket was submitted.
func TestBacktest_Windows(t *testing.T) {
	t.Parallel()
	_, p := desk(t)
	const day = 86_400_000
	damage(t, p, `INSERT INTO tickets (id, user_id, status, version, extra, one_open, decided_by, decided_at_ms, reject_reason, reject_comment, created_at_ms, updated_at_ms)
		SELECT gen_random_uuid(), 'ann', CASE n WHEN 0 THEN 'rejected' ELSE 'processing' END, CASE n WHEN 0 THEN 2 ELSE 1 END, '{"amount": 5}', false,
			CASE n WHEN 0 THEN 'agent:a' END, CASE n WHEN 0 THEN 1767225600000 + 100000000 END, CASE n WHEN 0 THEN 'r' END, CASE n WHEN 0 THEN 'x' END,
			1767225600000 + n * 86400000, CASE n WHEN 0 THEN 1767225600000 + 100000000 ELSE 1767225600000 + n * 86400000 END
		FROM generate_series(0::bigint, 2) n`)
	var seen []map[string]float64
	err := report.Read(report.PastTickets{
		From: time.UnixMilli(1767225600000), To: time.UnixMilli(1767225600000 + 3*day), Begin: func(int64) {},
		Windows: []ticket.Window{
			{Name: "rejected", Status: "rejected", Length: 72 * time.Hour},
			{Name: "yesterday", Status: ticket.SubmittedStatus, Length: 36 * time.Hour},
			{Name: "sum", Field: "amount", Length: 72 * time.Hour},
		},
		Each: func(past report.PastTicket) error { seen = append(seen, past.Windows); return nil },
	}, t.Context(), p)
	want := []map[string]float64{{}, {"yesterday": 1, "sum": 5}, {"rejected": 1, "yesterday": 1, "sum": 5}}
	if err != nil || !reflect.DeepEqual(seen, want) {
		t.Errorf("found %v, %v; want %v", seen, err, want)
	}
}

// TestBacktest_SignalsOfEveryAttempt has two tickets that name the same photo: the first was rejected.
func TestBacktest_SignalsOfEveryAttempt(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	photo := uuid.New()
	_, err := p.Exec(t.Context(), `INSERT INTO files (id, user_id, field, state, blob, media_type, size, sha256, signals, uploaded_by)
		VALUES ($1, 'ann', 'front', 'kept', 'b', 'image/jpeg', 1, sha256('x'), '{"blur": 7}', 'user:ann')`, photo)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		s := submission("ann", fmt.Sprint(i))
		s.Files = ticket.Files{"front": {photo}}
		made, err := d.Submit(t.Context(), s)
		if err == nil {
			_, err = d.Decide(t.Context(), made.ID, 1, ticket.Reject("agent:a", "blurry", "Again.", ""))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var seen []string
	err = report.Read(report.PastTickets{
		To: time.Now().Add(time.Hour), Signals: true, Begin: func(int64) {},
		Each: func(past report.PastTicket) error { seen = append(seen, string(past.Signals["front"])); return nil },
	}, t.Context(), p)
	if err != nil || !slices.Equal(seen, []string{`{"blur": 7}`, `{"blur": 7}`}) {
		t.Errorf("seen %q, %v; want what was measured, of both", seen, err)
	}
}
