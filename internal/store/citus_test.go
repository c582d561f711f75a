package store_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// TestCitus_CommitLost: a worker that does not receive a commit makes it only later. Until then the submission is not acknowledged; sent again after that it
// is found.
func TestCitus_CommitLost(t *testing.T) {
	address := testdb.Citus(t).Primary
	p := pool(t, address)
	p.FindDistribution()
	d := store.New(p, silent)
	var cuts atomic.Int64
	relayWorkers(t, p, address, func(b testdb.Bytes) testdb.Action {
		if b.ToServer && (b.Has("COMMIT PREPARED") || b.Has("COMMIT\x00")) && cuts.Add(-1) >= 0 {
			return testdb.Cut
		}
		return testdb.Pass
	})
	unknown := 0
	for i := range 8 { // of some the submission key is on another worker than the ticket
		sent := submission(fmt.Sprint("user ", i), fmt.Sprint("key ", i))
		cuts.Store(1)
		made, err := d.Submit(t.Context(), sent)
		cuts.Store(0)
		switch {
		case errors.Is(err, ticket.ErrUnavailable):
			unknown++
		case err != nil:
			t.Errorf("submit: %v, want ErrUnavailable, or that it is done", err)
		default:
			if _, err := d.Ticket(ticket.Fresh(t.Context()), made.ID); err != nil {
				t.Errorf("the ticket of %s was acknowledged: %v", sent.UserID, err)
			}
		}
		if _, err := p.Exec(t.Context(), "SELECT recover_prepared_transactions()"); err != nil { // as the coordinator does once a minute
			t.Fatal(err)
		}
		again, err := d.Submit(t.Context(), sent)
		if err != nil {
			t.Fatalf("submit again: %v", err)
		}
		cuts.Store(1)
		decided, err := d.Decide(t.Context(), again.ID, again.Version, ticket.Approve("agent:x", ""))
		if err != nil || decided.Status != ticket.Approved {
			t.Fatalf("decide: %s (%v), want approved, as it is sent again", decided.Status, err)
		}
		cuts.Store(1)
		revoked, err := d.Revoke(t.Context(), again.ID, decided.Version, ticket.Revocation{By: "agent:y", Reason: "forged", Class: ticket.Retry})
		if err != nil || revoked.Status != ticket.Revoked {
			t.Errorf("revoke: %s (%v), want revoked, as it is sent again", revoked.Status, err)
		}
		cuts.Store(0)
	}
	if unknown == 0 {
		t.Error("no submission was on two workers")
	}
}

// relayWorkers has the coordinator reach its workers through relays with a rule until the test ends.
func relayWorkers(t *testing.T, p *postgres.Pool, address string, rule func(b testdb.Bytes) testdb.Action) {
	t.Helper()
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := p.Exec(context.WithoutCancel(t.Context()), statement, args...); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
	exec("ALTER SYSTEM SET citus.node_conninfo = 'sslmode=disable'") // the relay reads
	exec("SELECT pg_reload_conf()")
	type worker struct {
		ID   int
		Host string
		Port int
	}
	rows, err := p.Query(t.Context(), "SELECT nodeid, nodename, nodeport FROM pg_dist_node WHERE shouldhaveshards")
	if err != nil {
		t.Fatal(err)
	}
	workers, err := pgx.CollectRows(rows, pgx.RowToStructByPos[worker])
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range workers {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		u.Host = fmt.Sprintf("%s:%d", w.Host, w.Port)
		relay := testdb.NewRelay(t, u.String())
		relay.SetRule(rule)
		through, err := pgx.ParseConfig(relay.URL)
		if err != nil {
			t.Fatal(err)
		}
		move := func(host string, port int) { exec("SELECT citus_update_node($1, $2, $3)", w.ID, host, port) }
		move(through.Host, int(through.Port))
		t.Cleanup(func() { move(w.Host, w.Port) })
	}
}
