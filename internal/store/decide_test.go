package store_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"docket/internal/consistency"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

func TestDecide_ConcurrentAgents(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	made := submit(t, d, "ann")
	won, lost := make(chan ticket.Ticket, 32), make(chan ticket.Ticket, 32)
	var g errgroup.Group
	for i := range 32 {
		g.Go(func() error {
			by := fmt.Sprintf("agent:%d", i)
			decision := ticket.Approve(by, "")
			if i%2 == 0 {
				decision = ticket.Reject(by, "other", "text", "")
			}
			decided, err := retrying{d}.Decide(t.Context(), made.ID, made.Version, decision)
			switch {
			case errors.Is(err, ticket.ErrDecided):
				lost <- decided
				return nil
			case err == nil:
				won <- decided
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if len(won) != 1 || len(lost) != 31 {
		t.Fatalf("%d won and %d lost, want 1 and 31", len(won), len(lost))
	}
	if winner, seen := <-won, <-lost; !seen.Decision.Repeats(winner.Decision) {
		t.Errorf("a loser was shown %+v, but it was %+v", seen.Decision, winner.Decision)
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM ticket_events WHERE ticket_id = $1 AND version > 1", made.ID); n != 1 {
		t.Errorf("%d events of a decision, want 1", n)
	}
}

func TestDecide_Repeated(t *testing.T) {
	t.Parallel()
	d, _ := desk(t)
	made := submit(t, d, "ann")
	decision := ticket.Reject("agent:a", "other", "Please sign it.", "seen twice")
	first, err := d.Decide(t.Context(), made.ID, 1, decision)
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.Decide(t.Context(), made.ID, 1, decision)
	if err != nil || again.Version != first.Version {
		t.Errorf("again: version %d, %v; want version %d and no error", again.Version, err, first.Version)
	}
	decision.Note = "other words"
	if _, err := d.Decide(t.Context(), made.ID, 1, decision); !errors.Is(err, ticket.ErrDecided) {
		t.Errorf("with other words: %v, want ErrDecided, or they would be lost", err)
	}
}

func TestDecide_Refused(t *testing.T) {
	t.Parallel()
	d, _ := desk(t)
	own, open, closed := submit(t, d, "ann"), submit(t, d, "bob"), approve(t, d, submit(t, d, "cid"))
	for name, try := range map[string]struct {
		id      uuid.UUID
		version int64
		by      string
		want    error
	}{
		"unknown ticket": {uuid.New(), 1, "agent:a", ticket.ErrNotFound},
		"own ticket":     {own.ID, 1, "agent:ann", ticket.ErrOwnTicket},
		"other version":  {open.ID, 2, "agent:a", ticket.ErrStale},
		"closed ticket":  {closed.ID, closed.Version, "agent:b", ticket.ErrDecided},
	} {
		if _, err := d.Decide(t.Context(), try.id, try.version, ticket.Approve(try.by, "")); !errors.Is(err, try.want) {
			t.Errorf("%s: %v, want %v", name, err, try.want)
		}
	}
}

func TestLatest_LastApproval(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	if _, err := d.Latest(t.Context(), "ann"); !errors.Is(err, ticket.ErrNotFound) {
		t.Fatalf("before any: %v, want ErrNotFound", err)
	}
	var last ticket.Approval
	for range 5 {
		decided := approve(t, d, submit(t, d, "ann"))
		latest, err := d.Latest(t.Context(), "ann")
		if err != nil || latest.TicketID != decided.ID || !latest.UpdatedAt.Equal(decided.UpdatedAt) {
			t.Fatalf("latest %+v, %v; want %s", latest, err, decided.ID)
		}
		if !latest.UpdatedAt.After(last.UpdatedAt) {
			t.Fatalf("approved at %s, after %s: the time must grow", latest.UpdatedAt, last.UpdatedAt)
		}
		last = latest
	}
	rejected := submit(t, d, "ann")
	if _, err := d.Decide(t.Context(), rejected.ID, 1, ticket.Reject("agent:a", "other", "no", "")); err != nil {
		t.Fatal(err)
	}
	if latest, err := d.Latest(t.Context(), "ann"); err != nil || latest.TicketID != last.TicketID {
		t.Errorf("after a rejection %s, %v; want %s", latest.TicketID, err, last.TicketID)
	}
	if !invariantHolds(t, p) {
		t.Error("there are users whose latest approval is wrong")
	}
}

// invariantHolds reports whether every user's row of user_tickets is their last approval.
func invariantHolds(t *testing.T, p *postgres.Pool) (holds bool) {
	t.Helper()
	if err := p.QueryRow(t.Context(), consistency.Invariant).Scan(&holds); err != nil {
		t.Fatal(err)
	}
	return holds
}

func TestDecide_InvariantHolds(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	var g errgroup.Group
	for i := range 40 {
		s := submission("ann", fmt.Sprint(i))
		s.OneOpen = false
		made, err := d.Submit(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		g.Go(func() error {
			_, err := retrying{d}.Decide(t.Context(), made.ID, 1, ticket.Approve("agent:a", ""))
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if !invariantHolds(t, p) {
		t.Error("there are users whose latest approval is wrong")
	}
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	d, _ := desk(t)
	made := submit(t, d, "ann")
	if _, err := d.Withdraw(t.Context(), "bob", made.ID); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("by another: %v, want ErrNotFound", err)
	}
	for range 2 {
		gone, err := d.Withdraw(t.Context(), "ann", made.ID)
		if err != nil || gone.Status != ticket.Withdrawn || gone.Version != 2 {
			t.Errorf("withdrawn %s at version %d, %v; want withdrawn at version 2", gone.Status, gone.Version, err)
		}
	}
	decided := approve(t, d, submit(t, d, "ann"))
	if _, err := d.Withdraw(t.Context(), "ann", decided.ID); !errors.Is(err, ticket.ErrDecided) {
		t.Errorf("a decided one: %v, want ErrDecided", err)
	}
}

func TestWithdrawSent(t *testing.T) {
	t.Parallel()
	d, _ := desk(t)
	sub := submission("ann", "k")
	sub.By = ticket.Key("shop")
	made, err := d.Submit(t.Context(), sub)
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{ticket.Key("other"), ticket.User("ann"), ""} {
		if _, err := d.WithdrawSent(t.Context(), other, made.ID); !errors.Is(err, ticket.ErrNotFound) {
			t.Errorf("by %q: %v, want ErrNotFound", other, err)
		}
	}
	for range 2 {
		gone, err := d.WithdrawSent(t.Context(), ticket.Key("shop"), made.ID)
		if err != nil || gone.Status != ticket.Withdrawn || gone.Version != 2 {
			t.Errorf("withdrawn %s at version %d, %v; want withdrawn at version 2", gone.Status, gone.Version, err)
		}
	}
	own := submit(t, d, "bob")
	if _, err := d.Withdraw(t.Context(), "bob", own.ID); err != nil { // perhaps on the same connection
		t.Fatal(err)
	}
	for id, want := range map[uuid.UUID]string{made.ID: "key:shop", own.ID: "user:bob"} {
		if events, err := d.History(t.Context(), id); err != nil || len(events) != 2 || events[1].Actor != want {
			t.Errorf("history %+v, %v; want a withdrawal by %s", events, err, want)
		}
	}
}

func TestTicketOf_OtherUser(t *testing.T) {
	t.Parallel()
	d, _ := desk(t)
	made := submit(t, d, "ann")
	if _, err := d.TicketOf(t.Context(), "bob", made.ID); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("by another: %v, want ErrNotFound", err)
	}
	if got, err := d.TicketOf(t.Context(), "ann", made.ID); err != nil || got.ID != made.ID {
		t.Errorf("by its owner: %v", err)
	}
}
