package app_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// setStandby names a synchronous standby, for which every commit waits then; none if it is empty.
func (n *nodes) setStandby(name string) {
	n.Helper()
	n.exec(n.primary, "ALTER SYSTEM SET synchronous_standby_names = '"+name+"'")
	n.exec(n.primary, "SELECT pg_reload_conf()")
	for waits := name == ""; waits != (name != ""); { // the server follows a moment later
		ctx, cancel := context.WithTimeout(n.Context(), 200*time.Millisecond)
		_, err := n.primary.Exec(ctx, "SELECT pg_logical_emit_message(true, 'test', '')")
		waits = err != nil
		cancel()
	}
}

// cancelWaits ends the waits of commits for a standby, once there are any, as an operator may.
func (n *nodes) cancelWaits() {
	n.Helper()
	n.until(n.primary, "SELECT count(pg_cancel_backend(pid)) > 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
}

// TestStandby_Missing has a synchronous standby that is missing: nothing is acknowledged that is on one disk alone, also not
// when the wait for the other one was ended, or when the request is repeated.
func TestStandby_Missing(t *testing.T) {
	t.Parallel()
	n := start(t, 1)
	i := n.open()
	submission := func() ticket.Submission {
		return ticket.Submission{UserID: uuid.NewString(), By: "key:program", Key: uuid.NewString(), Extra: []byte(`{}`)}
	}
	made := func() ticket.Ticket {
		made, err := i.Desk.Submit(t.Context(), submission())
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	toDecide, toWithdraw, toSubmit := made(), made(), submission()
	evaluated := submission()
	evaluated.Evaluation = ticket.Evaluation{Verdicts: []ticket.Verdict{{Rule: "r", Hash: "h", Outcome: ticket.OutcomeApprove}}}
	writes := map[string]struct {
		write func() (ticket.Ticket, error)
		want  ticket.Status
	}{
		"decide": {func() (ticket.Ticket, error) {
			return i.Desk.Decide(t.Context(), toDecide.ID, toDecide.Version, ticket.Approve("agent:a", ""))
		}, ticket.Approved},
		"withdraw": {func() (ticket.Ticket, error) {
			return i.Desk.Withdraw(t.Context(), toWithdraw.UserID, toWithdraw.ID)
		}, ticket.Withdrawn},
		"submit":                      {func() (ticket.Ticket, error) { return i.Desk.Submit(t.Context(), toSubmit) }, ticket.Processing},
		"submit what rules looked at": {func() (ticket.Ticket, error) { return i.Desk.Submit(t.Context(), evaluated) }, ticket.Processing},
	}
	n.setStandby("missing")
	for try := range 2 {
		var all sync.WaitGroup
		for name, w := range writes {
			all.Go(func() {
				began := time.Now()
				_, err := w.write()
				if !errors.Is(err, ticket.ErrUnknown) || !errors.Is(err, ticket.ErrUnavailable) {
					t.Errorf("%s, try %d: %v, want ErrUnknown and ErrUnavailable", name, try, err)
				}
				if took := time.Since(began); try == 1 && took < 2500*time.Millisecond || took > 10*time.Second { // without an end it would wait for ever
					t.Errorf("%s, try %d: it took %v, want the three seconds of a write", name, try, took)
				}
			})
		}
		if try == 0 {
			n.cancelWaits()
		}
		all.Wait()
		n.until(n.primary, "SELECT NOT EXISTS (SELECT FROM pg_locks WHERE relation = 'tickets'::regclass AND mode = 'RowExclusiveLock')") // of who gave up
	}
	n.setStandby("")
	for name, w := range writes {
		if got, err := w.write(); err != nil || got.Status != w.want {
			t.Errorf("%s, when no standby is asked for: %s, %v; want %s", name, got.Status, err, w.want)
		}
	}
}
