package store_test

import (
	"errors"
	"strconv"
	"testing"

	"docket/internal/ticket"
)

// limited is a submission of a user who may have many open tickets and submit so often in a day.
func limited(user, key string, limit int) ticket.Submission {
	s := submission(user, key)
	s.OneOpen, s.DailyLimit = false, limit
	return s
}

func TestSubmit_DailyLimit(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	for _, key := range []string{"a", "b", "b", "b"} { // a repetition is no submission
		made, err := d.Submit(t.Context(), limited("ann", key, 3))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Withdraw(t.Context(), "ann", made.ID); err != nil && !errors.Is(err, ticket.ErrDecided) {
			t.Fatal(err)
		}
	}
	closed := limited("ann", "c", 3)
	closed.OneOpen = true
	if _, err := d.Submit(t.Context(), closed); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Submit(t.Context(), limited("ann", "d", 3)); !errors.Is(err, ticket.ErrDailyLimit) {
		t.Errorf("a fourth in a day, two of them withdrawn: got %v, want ErrDailyLimit", err)
	}
	closed.Key = "e"
	if _, err := d.Submit(t.Context(), closed); !errors.Is(err, ticket.ErrOpenTicket) {
		t.Errorf("beside an open one: got %v, want ErrOpenTicket", err)
	}
	for _, sub := range []ticket.Submission{limited("ann", "a", 3), limited("bob", "a", 3), limited("ann", "f", 0)} {
		if _, err := d.Submit(t.Context(), sub); err != nil {
			t.Errorf("%s of %s with the limit %d: %v", sub.Key, sub.UserID, sub.DailyLimit, err)
		}
	}
	if _, err := p.Exec(t.Context(), "UPDATE daily_counts SET since_ms = since_ms - 86400000"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Submit(t.Context(), limited("ann", "d", 3)); err != nil {
		t.Errorf("a day later: %v", err)
	}
}

func TestSubmit_DailyLimitConcurrently(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	refused := runConcurrently(20, func(i int) error {
		_, err := retrying{d}.Submit(t.Context(), limited("ann", strconv.Itoa(i), 5))
		return err
	})
	for _, err := range refused {
		if err != nil && !errors.Is(err, ticket.ErrDailyLimit) {
			t.Error(err)
		}
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM tickets"); n != 5 {
		t.Errorf("%d tickets were made, want 5", n)
	}
}
