package archive_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"docket/internal/archive"
	"docket/internal/form"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

// counted passes on how many tickets each batch moved, and how many it did not.
type counted struct{ moved, refused chan int64 }

func (c counted) CountArchived(n int64)    { c.moved <- n }
func (c counted) CountNotArchived(n int64) { c.refused <- n }

func TestSweep(t *testing.T) {
	t.Parallel()
	driveSweep(t, testdb.New(t))
}

func TestCitus_Sweep(t *testing.T) { driveSweep(t, testdb.Citus(t)) }

// driveSweep has two sweeps take turns on what many users have sent: each ticket that is due is moved once, in batches, and the newest of each user is not.
func driveSweep(t *testing.T, on testdb.DB) {
	t.Helper()
	s := testsite.Start(t, testsite.Form(), 2, on)
	const users, due = 3, 210 // more than a batch
	for i := range due + users {
		user := fmt.Sprint("user ", i%users)
		decide(t, s, submit(t, s, ticket.Submission{UserID: user}), reject)
	}
	s.PassDays(t, 401)
	batches := counted{make(chan int64, 100), make(chan int64, 100)}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	done := make(chan error, len(s.Instances))
	for _, i := range s.Instances {
		a := archive.New(i.Primary, batches, slog.New(slog.NewJSONHandler(s.Log, nil)))
		a.FirstSweep = 0
		go func() { done <- a.Sweep(ctx, form.Period{Days: 365}) }()
	}
	for moved := int64(0); moved < due; {
		select {
		case n := <-batches.moved:
			moved += n
		case <-ctx.Done():
			t.Fatalf("%d tickets are archived after a minute, want %d", moved, due)
		}
	}
	stop()
	for range s.Instances {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	for len(batches.refused) > 0 {
		if n := <-batches.refused; n > 0 {
			t.Errorf("%d tickets were refused", n)
		}
	}
	if archived, kept := count(t, s, "SELECT count(*) FROM archived_tickets"), count(t, s, "SELECT count(*) FROM tickets"); archived != due || kept != users {
		t.Errorf("%d tickets are archived and %d are not, want %d and the newest of each user", archived, kept, due)
	}
	checkWhole(t, s)
}
