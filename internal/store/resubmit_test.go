package store_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"docket/internal/ticket"
)

// reject rejects a ticket for a reason of a class.
func reject(t *testing.T, d ticket.Desk, of ticket.Ticket, class ticket.Class) ticket.Ticket {
	t.Helper()
	decision := ticket.Reject("agent:a", "other", "no", "")
	decision.Class = class
	decided, err := d.Decide(t.Context(), of.ID, of.Version, decision)
	if err != nil {
		t.Fatalf("reject %s: %v", of.ID, err)
	}
	return decided
}

func TestSubmit_CountsAttempts(t *testing.T) {
	t.Parallel()
	d, _ := desk(t)
	first := reject(t, d, submit(t, d, "ann"), ticket.Retry)
	taken := submit(t, d, "ann")
	if _, err := d.Withdraw(t.Context(), "ann", taken.ID); err != nil {
		t.Fatal(err)
	}
	second := reject(t, d, submit(t, d, "ann"), ticket.Retry)
	third := approve(t, d, submit(t, d, "ann"))
	again := submit(t, d, "ann")
	for i, step := range []struct {
		made     ticket.Ticket
		attempt  int
		previous uuid.UUID
	}{{first, 1, uuid.Nil}, {taken, 2, first.ID}, {second, 2, first.ID}, {third, 3, second.ID}, {again, 1, uuid.Nil}} {
		if step.made.Attempt != step.attempt || step.made.Previous != step.previous {
			t.Errorf("ticket %d is attempt %d after %s, want attempt %d after %s", i+1, step.made.Attempt, step.made.Previous, step.attempt, step.previous)
		}
	}
}

func TestSubmit_ResubmissionClosed(t *testing.T) {
	t.Parallel()
	d, _ := desk(t)
	s := submission("ann", "again")
	s.Attempts = 3
	for range 3 {
		s.Key = uuid.NewString()
		made, err := d.Submit(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		reject(t, d, made, ticket.Retry)
	}
	repeated, err := d.Submit(t.Context(), s)
	if err != nil || repeated.Attempt != 3 {
		t.Errorf("the last one sent again: attempt %d, %v; want 3", repeated.Attempt, err)
	}
	s.Key = "one more"
	if last, err := d.Submit(t.Context(), s); !errors.Is(err, ticket.ErrResubmissionClosed) || last.Attempt != 3 {
		t.Errorf("after three of three attempts: %v and attempt %d, want ErrResubmissionClosed and 3", err, last.Attempt)
	}
	ended := reject(t, d, submit(t, d, "bob"), ticket.Final)
	if last, err := d.Submit(t.Context(), submission("bob", "more")); !errors.Is(err, ticket.ErrResubmissionClosed) || last.ID != ended.ID {
		t.Errorf("after a final rejection: %v and %s, want ErrResubmissionClosed and %s", err, last.ID, ended.ID)
	}
}

func TestSubmit_ResubmissionOpenWhereManyMayBeOpen(t *testing.T) {
	t.Parallel()
	d, _ := desk(t)
	for i := range 3 {
		s := submission("ann", strconv.Itoa(i))
		s.OneOpen = false
		made, err := d.Submit(t.Context(), s)
		if err != nil || made.Attempt != 1 || made.Previous != uuid.Nil {
			t.Fatalf("attempt %d after %s, %v; want the first of its own", made.Attempt, made.Previous, err)
		}
		reject(t, d, made, ticket.Final)
	}
}

// Submissions of one user run against the rejections of each: each ticket is the next attempt, and after resubmission is
// closed there is none.
func TestSubmit_ConcurrentWithRejections(t *testing.T) {
	t.Parallel()
	for class, want := range map[ticket.Class]int{ticket.Final: 1, ticket.Retry: 4} {
		d, p := desk(t)
		var g errgroup.Group
		for i := range 8 {
			g.Go(func() error {
				for n := 0; ; n++ {
					s := submission("ann", strconv.Itoa(i)+" "+strconv.Itoa(n))
					s.Attempts = 4
					made, err := retrying{d}.Submit(t.Context(), s)
					if errors.Is(err, ticket.ErrResubmissionClosed) {
						return nil
					}
					if err != nil && !errors.Is(err, ticket.ErrOpenTicket) {
						return err
					}
					decision := ticket.Reject("agent:a", "other", "no", "")
					decision.Class = class
					if _, err := (retrying{d}).Decide(t.Context(), made.ID, 1, decision); err != nil {
						return err
					}
				}
			})
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		if n := count(t.Context(), t, p, "SELECT count(*) FROM tickets"); n != want {
			t.Errorf("%s: %d tickets, want %d", class, n, want)
		}
		if n := count(t.Context(), t, p, "SELECT count(DISTINCT attempt) FROM tickets"); n != want {
			t.Errorf("%s: %d different attempts, want %d", class, n, want)
		}
	}
}
