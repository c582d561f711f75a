package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/internal/account"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

// promptly is longer than anybody waits for a connection, and shorter than a request may take: who was told in this time
// that docket is busy was not kept until the end.
const promptly = 4 * time.Second

// soonerThanStatement is shorter than a statement may take: what waited for a lock was not ended by that limit.
const soonerThanStatement = 1900 * time.Millisecond

// holdConnections takes every connection that work under ctx may have, until the test ends.
func holdConnections(t *testing.T, ctx context.Context, pool *postgres.Pool) {
	t.Helper()
	for {
		conn, err := pool.Acquire(ctx)
		if errors.Is(err, ticket.ErrOverloaded) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(conn.Release)
	}
}

func TestOverload_UrgentRequests(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	id := customer.submit(someID)
	holdConnections(t, t.Context(), s.Instances[0].Primary)
	began := time.Now()
	got := customer.get("/tickets").want(t, http.StatusServiceUnavailable, "Very busy")
	if took := time.Since(began); took > promptly || got.header.Get("Retry-After") == "" {
		t.Errorf("refused after %v with Retry-After %q", took, got.header.Get("Retry-After"))
	}
	customer.get("/healthz").want(t, http.StatusOK)
	customer.get("/readyz").want(t, http.StatusOK, "read-write")
	agent.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	customer.post("/logout", nil).want(t, http.StatusSeeOther)
}

func TestOverload_EveryConnectionHeld(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	holdConnections(t, ticket.Urgent(t.Context()), s.Instances[0].Primary)
	began := time.Now()
	agent.post("/review/"+someID+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusServiceUnavailable, "Very busy")
	if took := time.Since(began); took > promptly {
		t.Errorf("that took %v, want about half a second", took)
	}
	agent.get("/healthz").want(t, http.StatusOK)
	agent.get("/readyz").want(t, http.StatusOK)
}

func TestOverload_LockedTicket(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	other, _ := signedIn(t, s, "other", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	locked, free := customer.submit(someID), other.submit(someID)

	conn, err := pgx.Connect(t.Context(), s.DB.Primary)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "SELECT FROM tickets WHERE id = $1 FOR UPDATE", locked); err != nil {
		t.Fatal(err)
	}
	stuck := make(chan reply, 1)
	go func() { stuck <- agent.post("/review/"+locked+"/approve", url.Values{"version": {"1"}}) }()
	for begun := false; !begun && len(stuck) == 0; {
		err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database())").Scan(&begun)
		if err != nil {
			t.Fatal(err)
		}
	}
	agent.post("/review/"+free+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther) // the lock is still held
	if got := <-stuck; got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" {
		t.Errorf("the locked ticket: %d with Retry-After %q, want 503 and some", got.status, got.header.Get("Retry-After"))
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	agent.post("/review/"+locked+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
}

// TestOverload_LockedTable has a program hold the tickets, as VACUUM FULL would. A replica replays the lock.
func TestOverload_LockedTable(t *testing.T) {
	t.Parallel()
	for name, db := range map[string]testdb.DB{"primary": testdb.New(t), "replica": testdb.NewWithReplica(t)} {
		s := testsite.Start(t, testsite.Form(), 1, db)
		customer, _ := signedIn(t, s, "customer", account.Customer)
		agent, _ := signedIn(t, s, "agent", account.Agent)
		all := programs(t, s)("all", account.Scopes...)
		made := all.submit("u-0", "first")
		lockTable(t, s.DB.Primary, "tickets")
		for _, request := range []struct {
			what string
			send func() reply
		}{
			{"submit", func() reply { return all.post("/api/v1/tickets", submission("u-1"), "Idempotency-Key", "one") }},
			{"decide", func() reply {
				return all.post("/api/v1/tickets/"+made.ID+"/decision", `{"decision":"approve","version":1}`)
			}},
			{"list", func() reply { return all.get("/api/v1/tickets") }},
			{"submit a page", func() reply { return customer.post("/tickets", answers(someID)) }},
			{"queue", func() reply { return agent.get("/review") }},
		} {
			began := time.Now()
			got := request.send()
			took := time.Since(began)
			t.Logf("%s: %s after %v", name, request.what, took)
			if got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" || took > soonerThanStatement {
				t.Errorf("%s: %s: %d with Retry-After %q after %v, want 503 and some", name, request.what, got.status, got.header.Get("Retry-After"), took)
			}
		}
	}
}

// lockTable locks a table until the test ends.
func lockTable(t *testing.T, url, table string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) }) // nothing is committed
	if _, err := conn.Exec(t.Context(), "BEGIN; LOCK TABLE "+table+" IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
}
