package store_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// cuts are the places where a connection can end and leave the outcome of a write unknown.
var cuts = map[string]func(b testdb.Bytes, write, done string) testdb.Action{
	"before the write": func(b testdb.Bytes, write, _ string) testdb.Action {
		if b.ToServer && b.Has(write) {
			return testdb.Cut
		}
		return testdb.Pass
	},
	"during the write": func(b testdb.Bytes, write, _ string) testdb.Action {
		if b.ToServer && b.Has(write) {
			return testdb.PassThenCut
		}
		return testdb.Pass
	},
	"after the commit, before the answer": func(b testdb.Bytes, _, done string) testdb.Action {
		if !b.ToServer && b.Has(done) { // the server says it after the commit
			return testdb.Cut
		}
		return testdb.Pass
	},
}

// openCut is a store whose next connections are cut so many times by a rule, and a pool that does not use the relay.
func openCut(t *testing.T, times int, rule func(testdb.Bytes) testdb.Action) (*store.Store, *postgres.Pool) {
	t.Helper()
	db := testdb.New(t)
	way := testdb.NewRelay(t, db.Primary)
	way.SetRule(func(b testdb.Bytes) testdb.Action {
		action := rule(b)
		if action != testdb.Pass {
			if times == 0 {
				return testdb.Pass
			}
			times--
		}
		return action
	})
	return store.New(pool(t, way.URL), silent), pool(t, db.Primary)
}

func TestDecide_AnswerLost(t *testing.T) {
	t.Parallel()
	for place, cut := range cuts {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			d, p := openCut(t, 1, func(b testdb.Bytes) testdb.Action { return cut(b, "agent:cut", "UPDATE 1") })
			made := submit(t, d, "ann")
			decided, err := d.Decide(t.Context(), made.ID, made.Version, ticket.Approve("agent:cut", ""))
			if err != nil || decided.Status != ticket.Approved || decided.Version != 2 {
				t.Errorf("returned %s at version %d, %v; want approved at version 2", decided.Status, decided.Version, err)
			}
			if n := count(t.Context(), t, p, "SELECT count(*) FROM ticket_events WHERE kind = 'approved'"); n != 1 {
				t.Errorf("approved %d times", n)
			}
			if !invariantHolds(t, p) {
				t.Error("there are users whose latest approval is wrong")
			}
		})
	}
}

func TestSubmit_AnswerLost(t *testing.T) {
	t.Parallel()
	for place, cut := range cuts {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			d, p := openCut(t, 1, func(b testdb.Bytes) testdb.Action { return cut(b, "key-to-cut", "INSERT 0 1") })
			made, err := d.Submit(t.Context(), submission("ann", "key-to-cut"))
			if err != nil || made.Status != ticket.Processing {
				t.Errorf("returned %+v, %v; want an open ticket", made, err)
			}
			if n := count(t.Context(), t, p, "SELECT count(*) FROM tickets"); n != 1 {
				t.Errorf("%d tickets, want 1", n)
			}
		})
	}
}

// The first write of an instance waits for its connection, however slow the server is to make it.
func TestSubmit_SlowConnection(t *testing.T) {
	t.Parallel()
	d, _ := openCut(t, 0, func(b testdb.Bytes) testdb.Action {
		if b.ToServer && b.Has("client_connection_check_interval") { // the last that is set before the connection is used
			time.Sleep(700 * time.Millisecond) // longer than a write waits in its queue
		}
		return testdb.Pass
	})
	if made, err := d.Submit(t.Context(), submission("ann", "ann-1")); err != nil || made.Status != ticket.Processing {
		t.Errorf("returned %+v, %v; want an open ticket", made, err)
	}
}

func TestWithdraw_AnswerLost(t *testing.T) {
	t.Parallel()
	for place, cut := range cuts {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			var withdraws atomic.Bool // nothing else is cut
			d, p := openCut(t, 1, func(b testdb.Bytes) testdb.Action {
				if !withdraws.Load() {
					return testdb.Pass
				}
				return cut(b, "user-to-cut", "UPDATE 1")
			})
			made := submit(t, d, "user-to-cut")
			d.Finish()
			withdraws.Store(true)
			got, err := d.Withdraw(t.Context(), "user-to-cut", made.ID)
			if err != nil || got.Status != ticket.Withdrawn || got.Version != 2 {
				t.Errorf("returned %s at version %d, %v; want withdrawn at version 2", got.Status, got.Version, err)
			}
			if n := count(t.Context(), t, p, "SELECT count(*) FROM ticket_events WHERE kind = 'withdrawn'"); n != 1 {
				t.Errorf("withdrawn %d times", n)
			}
		})
	}
}

func TestDecide_OutcomeStaysUnknown(t *testing.T) {
	t.Parallel()
	cut := cuts["after the commit, before the answer"]
	d, p := openCut(t, 1<<30, func(b testdb.Bytes) testdb.Action { return cut(b, "", "UPDATE") })
	made := submit(t, d, "ann")
	decision := ticket.Approve("agent:cut", "")
	if _, err := d.Decide(t.Context(), made.ID, made.Version, decision); !errors.Is(err, ticket.ErrUnavailable) || !errors.Is(err, ticket.ErrUnknown) {
		t.Errorf("with every answer lost: %v, want ErrUnavailable and ErrUnknown", err)
	}
	direct := store.New(p, silent)
	if again, err := direct.Decide(t.Context(), made.ID, made.Version, decision); err != nil || again.Version != 2 {
		t.Errorf("again: version %d, %v; want version 2", again.Version, err)
	}
}

func TestSubmit_OutcomeUnknownOnlyIfSent(t *testing.T) {
	t.Parallel()
	evaluated := submission("ann", "k")
	evaluated.Evaluation.Verdicts = []ticket.Verdict{{Rule: "rule-to-cut", Hash: "h", Outcome: ticket.OutcomeApprove}}
	for statement, unknown := range map[string]bool{"rule-to-cut": false, "commit": true} {
		d, _ := openCut(t, 1<<30, func(b testdb.Bytes) testdb.Action { return cuts["before the write"](b, statement, "") })
		_, err := d.Submit(t.Context(), evaluated)
		if !errors.Is(err, ticket.ErrUnavailable) || errors.Is(err, ticket.ErrUnknown) != unknown {
			t.Errorf("cut before %s: %v, want ErrUnavailable, and ErrUnknown: %v", statement, err, unknown)
		}
	}
	away := testdb.NewRelay(t, testdb.New(t).Primary)
	away.Close()
	if _, err := store.New(pool(t, away.URL), silent).Submit(t.Context(), evaluated); !errors.Is(err, ticket.ErrUnavailable) || errors.Is(err, ticket.ErrUnknown) {
		t.Errorf("with the primary away: %v, want ErrUnavailable and not ErrUnknown", err)
	}
	d, p := desk(t)
	for range p.Config().MaxConns {
		conn, err := p.Acquire(ticket.Urgent(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(conn.Release)
	}
	if _, err := d.Submit(t.Context(), evaluated); !errors.Is(err, ticket.ErrOverloaded) || errors.Is(err, ticket.ErrUnknown) {
		t.Errorf("without a connection: %v, want ErrOverloaded and not ErrUnknown", err)
	}
}
