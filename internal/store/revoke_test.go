package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"docket/internal/postgres"
	"docket/internal/report"
	"docket/internal/ticket"
)

// revocation is one by an admin.
func revocation(by string) ticket.Revocation {
	return ticket.Revocation{By: ticket.Agent(by), Reason: "forged", Class: ticket.Retry, Comment: "It is forged.", Note: "seen elsewhere"}
}

func revoke(t *testing.T, d ticket.Desk, of ticket.Ticket) ticket.Ticket {
	t.Helper()
	revoked, err := d.Revoke(t.Context(), of.ID, of.Version, revocation("admin"))
	if err != nil {
		t.Fatalf("revoke %s: %v", of.ID, err)
	}
	return revoked
}

func (d retrying) Revoke(ctx context.Context, id uuid.UUID, version int64, r ticket.Revocation) (ticket.Ticket, error) {
	return retry(func() (ticket.Ticket, error) { return d.Store.Revoke(ctx, id, version, r) })
}

func TestRevoke_LatestApproval(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	approve(t, d, submit(t, d, "ann"))
	second := approve(t, d, submit(t, d, "ann"))
	revoked := revoke(t, d, second)
	if revoked.Status != ticket.Revoked || revoked.Version != 3 || revoked.Decision.By != "agent:a" || !revoked.Decision.At.Equal(second.Decision.At) {
		t.Errorf("revoked: %+v, want version 3 and the approval as it was", revoked)
	}
	if made := revoked.Revocation; !revocation("admin").Repeats(made) || !made.At.After(second.Decision.At) {
		t.Errorf("revocation %+v, want it as it was made, after the approval", made)
	}
	latest, err := d.Latest(t.Context(), "ann")
	if !errors.Is(err, ticket.ErrNotFound) || !latest.UpdatedAt.Equal(second.UpdatedAt) {
		t.Errorf("latest %+v, %v; want none since the second approval, and not the first one", latest, err)
	}
	third := approve(t, d, submit(t, d, "ann"))
	if latest, err := d.Latest(t.Context(), "ann"); err != nil || latest.TicketID != third.ID || !latest.CreatedAt.Equal(third.UpdatedAt) {
		t.Errorf("after another approval: %+v, %v; want it, as the first", latest, err)
	}
	history, err := d.History(t.Context(), second.ID)
	if err != nil || len(history) != 3 || history[2].Kind != ticket.EventRevoked || history[2].Actor != "agent:admin" || history[2].Note != "seen elsewhere" || history[2].Reason() != "forged" {
		t.Errorf("history %+v, %v; want the revocation last", history, err)
	}
	expectConsistent(t, p)
}

func TestRevoke_OvertakenApproval(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	first := approve(t, d, submit(t, d, "ann"))
	second := approve(t, d, submit(t, d, "ann"))
	revoke(t, d, first)
	latest, err := d.Latest(t.Context(), "ann")
	if err != nil || latest.TicketID != second.ID || !latest.CreatedAt.Equal(first.Decision.At) {
		t.Errorf("latest %+v, %v; want the second, unchanged", latest, err)
	}
	expectConsistent(t, p)
	revoke(t, d, second)
	if latest, err := d.Latest(t.Context(), "ann"); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("latest %+v, %v; want none", latest, err)
	}
	expectConsistent(t, p)
}

func TestRevoke_ClockBehind(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	first := approve(t, d, submit(t, d, "ann"))
	revoke(t, d, first)
	// A primary whose clock is behind the one before.
	if _, err := p.Exec(t.Context(), "UPDATE latest_removed SET version = version + 3600000"); err != nil {
		t.Fatal(err)
	}
	removed, _ := d.Latest(t.Context(), "ann")
	approve(t, d, submit(t, d, "ann"))
	if latest, err := d.Latest(t.Context(), "ann"); err != nil || !latest.UpdatedAt.After(removed.UpdatedAt) {
		t.Errorf("latest %+v, %v; want one that is newer than what was removed", latest, err)
	}
}

func TestRevoke_Refused(t *testing.T) {
	t.Parallel()
	d, _ := desk(t)
	open, done, rejected, gone := submit(t, d, "ann"), approve(t, d, submit(t, d, "bob")), submit(t, d, "cid"), submit(t, d, "dan")
	if _, err := d.Decide(t.Context(), rejected.ID, 1, ticket.Reject("agent:a", "other", "no", "")); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Withdraw(t.Context(), "dan", gone.ID); err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]struct {
		id      uuid.UUID
		version int64
		by      string
		want    error
	}{
		"no such ticket":   {uuid.New(), 2, "admin", ticket.ErrNotFound},
		"an open one":      {open.ID, 1, "admin", ticket.ErrStale},
		"an old version":   {done.ID, 1, "admin", ticket.ErrStale},
		"a rejected one":   {rejected.ID, 2, "admin", ticket.ErrDecided},
		"a withdrawn one":  {gone.ID, 2, "admin", ticket.ErrDecided},
		"one's own ticket": {done.ID, 2, "bob", ticket.ErrOwnTicket},
	} {
		if _, err := d.Revoke(t.Context(), try.id, try.version, revocation(try.by)); !errors.Is(err, try.want) {
			t.Errorf("%s: %v, want %v", name, err, try.want)
		}
	}
	if latest, err := d.Latest(t.Context(), "bob"); err != nil || latest.TicketID != done.ID {
		t.Errorf("latest %+v, %v; want what nobody revoked", latest, err)
	}
}

func TestRevoke_Repeated(t *testing.T) {
	t.Parallel()
	d, _ := desk(t)
	done := approve(t, d, submit(t, d, "ann"))
	first := revoke(t, d, done)
	if again := revoke(t, d, done); again.Version != first.Version || !again.UpdatedAt.Equal(first.UpdatedAt) {
		t.Errorf("again: %+v, want the first one", again)
	}
	other := revocation("admin")
	other.Note = "other words"
	if _, err := d.Revoke(t.Context(), done.ID, done.Version, other); !errors.Is(err, ticket.ErrDecided) {
		t.Errorf("with other words: %v, want ErrDecided, or they would be lost", err)
	}
	if again, err := d.Decide(t.Context(), done.ID, 1, ticket.Approve("agent:a", "")); !errors.Is(err, ticket.ErrDecided) || again.Status != ticket.Revoked {
		t.Errorf("the approval again: %s, %v; want ErrDecided", again.Status, err)
	}
}

func TestRevoke_ConcurrentAdmins(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	done := approve(t, d, submit(t, d, "ann"))
	won, lost := make(chan ticket.Ticket, 16), make(chan ticket.Ticket, 16)
	var g errgroup.Group
	for i := range 16 {
		g.Go(func() error {
			revoked, err := retrying{d}.Revoke(t.Context(), done.ID, done.Version, revocation(fmt.Sprint(i)))
			switch {
			case errors.Is(err, ticket.ErrDecided):
				lost <- revoked
				return nil
			case err == nil:
				won <- revoked
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if len(won) != 1 || len(lost) != 15 {
		t.Fatalf("%d won and %d lost, want 1 and 15", len(won), len(lost))
	}
	if winner, seen := <-won, <-lost; !seen.Revocation.Repeats(winner.Revocation) {
		t.Errorf("a loser was shown %+v, but it was %+v", seen.Revocation, winner.Revocation)
	}
	expectConsistent(t, p)
}

// Each approval is revoked while the next one is decided: whichever comes first, the next one is the latest.
func TestRevoke_AgainstNewApproval(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	many := func() ticket.Ticket {
		s := submission("ann", uuid.NewString())
		s.OneOpen = false
		made, err := d.Submit(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	last := approve(t, d, many())
	for range 20 {
		next := many()
		var g errgroup.Group
		g.Go(func() error {
			_, err := retrying{d}.Revoke(t.Context(), last.ID, last.Version, revocation("admin"))
			return err
		})
		g.Go(func() error {
			_, err := retrying{d}.Decide(t.Context(), next.ID, next.Version, ticket.Approve("agent:a", ""))
			return err
		})
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		latest, err := d.Latest(t.Context(), "ann")
		if err != nil || latest.TicketID != next.ID {
			t.Fatalf("latest %+v, %v; want the new approval", latest, err)
		}
		if last, err = d.Ticket(t.Context(), next.ID); err != nil {
			t.Fatal(err)
		}
	}
	expectConsistent(t, p)
}

// An approval waits while the one before is revoked, whose version is ahead of the clock.
func TestRevoke_ApprovalThatWaited(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	revoke(t, d, approve(t, d, submit(t, d, "ann")))
	if _, err := p.Exec(t.Context(), "UPDATE latest_removed SET version = version + 3600000"); err != nil {
		t.Fatal(err)
	}
	ahead := approve(t, d, submit(t, d, "ann"))
	agent := deciders(t, p, 1)[0]
	next := postpone(t, d, "ann", agent)
	tx, err := p.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `UPDATE tickets SET status = 'revoked', version = version + 1, revoked_by = 'agent:admin', updated_at_ms = updated_at_ms + 1,
		reject_reason = 'forged', reject_reasons = '{forged}', reject_class = 'retry', reject_comment = 'It is forged.' WHERE id = $1`, ahead.ID); err != nil {
		t.Fatal(err)
	}
	decided := make(chan error, 1)
	go func() {
		_, err := retry(func() (ticket.Ticket, error) { return d.DecideNow(t.Context(), next.ID, agent) })
		decided <- err
	}()
	for count(t.Context(), t, p, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0 {
		if t.Context().Err() != nil {
			return
		}
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-decided; err != nil {
		t.Errorf("the approval that waited: %v", err)
	}
	if latest, err := d.Latest(t.Context(), "ann"); err != nil || latest.TicketID != next.ID || !latest.UpdatedAt.After(ahead.UpdatedAt) {
		t.Errorf("latest %+v, %v; want the one that waited, newer than what was removed", latest, err)
	}
}

func TestRevoke_Resubmission(t *testing.T) {
	t.Parallel()
	d, _ := desk(t)
	revoke(t, d, approve(t, d, submit(t, d, "ann")))
	if next := submit(t, d, "ann"); next.Attempt != 1 || next.Previous != uuid.Nil {
		t.Errorf("after a revocation: attempt %d after %s, want a first one", next.Attempt, next.Previous)
	}
	final := revocation("admin")
	final.Class = ticket.Final
	done := approve(t, d, submit(t, d, "bob"))
	if _, err := d.Revoke(t.Context(), done.ID, done.Version, final); err != nil {
		t.Fatal(err)
	}
	if last, err := d.Submit(t.Context(), submission("bob", uuid.NewString())); !errors.Is(err, ticket.ErrResubmissionClosed) || last.ID != done.ID {
		t.Errorf("after a final one: %v, want ErrResubmissionClosed", err)
	}
}

// expectConsistent checks what docket verify checks, and the invariant that shares nothing with that.
func expectConsistent(t *testing.T, p *postgres.Pool) {
	t.Helper()
	if !invariantHolds(t, p) {
		t.Error("there are users whose latest approval is wrong")
	}
	err := report.Verify(t.Context(), p, func(problem string) error { t.Error(problem); return nil },
		report.Progress{Begin: func(string, int64) {}, Done: func(int64) {}})
	if err != nil {
		t.Error(err)
	}
}
