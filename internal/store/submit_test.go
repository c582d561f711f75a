package store_test

import (
	"encoding/json"
	"errors"
	"testing"

	"golang.org/x/sync/errgroup"

	"docket/internal/ticket"
)

func TestSubmit(t *testing.T) {
	t.Parallel()
	d, _ := desk(t)
	made := submit(t, d, "ann")
	if made.Status != ticket.Processing || made.Version != 1 || made.UserID != "ann" || made.SubmittedBy != "user:ann" {
		t.Errorf("submitted %+v, want an open ticket of ann at version 1", made)
	}
	history, err := d.History(t.Context(), made.ID)
	if err != nil || len(history) != 1 || history[0].Kind != ticket.EventSubmitted || history[0].Actor != "user:ann" {
		t.Errorf("history %+v, %v; want that ann submitted it", history, err)
	}
}

func TestSubmit_ConcurrentRepetitions(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	made := make([]ticket.Ticket, 50)
	var g errgroup.Group
	for i := range made {
		g.Go(func() (err error) {
			made[i], err = retrying{d}.Submit(t.Context(), submission("ann", "the same"))
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, m := range made {
		if m.ID != made[0].ID {
			t.Fatalf("two tickets, %s and %s, of one submission", m.ID, made[0].ID)
		}
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM ticket_events"); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
}

func TestSubmit_KeyReused(t *testing.T) {
	t.Parallel()
	d, _ := desk(t)
	first := submit(t, d, "ann")
	if _, err := d.Withdraw(t.Context(), "ann", first.ID); err != nil {
		t.Fatal(err)
	}
	s := submission("ann", "k")
	if _, err := d.Submit(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	s.Extra = json.RawMessage(`{"answer": "43"}`)
	if _, err := d.Submit(t.Context(), s); !errors.Is(err, ticket.ErrKeyReused) {
		t.Errorf("submit: %v, want ErrKeyReused", err)
	}
	s = submission("bob", "k")
	s.By = "user:ann"
	if _, err := d.Submit(t.Context(), s); !errors.Is(err, ticket.ErrKeyReused) {
		t.Errorf("submit for another user under the same key: %v, want ErrKeyReused", err)
	}
}

func TestSubmit_ConcurrentOfOneUser(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	made, refused := make(chan ticket.Ticket, 50), make(chan ticket.Ticket, 50)
	var g errgroup.Group
	for i := range 50 {
		g.Go(func() error {
			m, err := retrying{d}.Submit(t.Context(), submission("ann", string(rune('A'+i))))
			switch {
			case errors.Is(err, ticket.ErrOpenTicket):
				refused <- m
				return nil
			case err == nil:
				made <- m
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if len(made) != 1 || len(refused) != 49 {
		t.Fatalf("%d made and %d refused, want 1 and 49", len(made), len(refused))
	}
	if open, shown := <-made, <-refused; open.ID != shown.ID {
		t.Errorf("the refused one was shown %s, but %s is open", shown.ID, open.ID)
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM tickets"); n != 1 {
		t.Errorf("%d tickets, want 1", n)
	}
}

func TestSubmit_ManyOpen(t *testing.T) {
	t.Parallel()
	d, _ := desk(t)
	for _, key := range []string{"a", "b", "c"} {
		s := submission("ann", key)
		s.OneOpen = false
		if _, err := d.Submit(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	own, err := d.TicketsOf(t.Context(), "ann", ticket.Page{Limit: 10})
	if err != nil || len(own.Tickets) != 3 {
		t.Errorf("%d tickets, %v; want 3", len(own.Tickets), err)
	}
}
