package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

var silent = slog.New(slog.DiscardHandler)

// pool connects to a test's database.
func pool(t *testing.T, url string) *postgres.Pool {
	t.Helper()
	p, err := postgres.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// desk is a store on a database of its own, without a replica.
func desk(t *testing.T) (*store.Store, *postgres.Pool) {
	t.Helper()
	p := pool(t, testdb.New(t).Primary)
	return store.New(p, silent), p
}

// retrying is a desk for many concurrent requests on a machine with few processors: it repeats a request that failed because
// the database is overloaded, or whose outcome is unknown.
type retrying struct{ *store.Store }

func (d retrying) Submit(ctx context.Context, s ticket.Submission) (ticket.Ticket, error) {
	return retry(func() (ticket.Ticket, error) { return d.Store.Submit(ctx, s) })
}

func (d retrying) Decide(ctx context.Context, id uuid.UUID, version int64, decision ticket.Decision) (ticket.Ticket, error) {
	return retry(func() (ticket.Ticket, error) { return d.Store.Decide(ctx, id, version, decision) })
}

func (d retrying) Latest(ctx context.Context, userID string) (ticket.Approval, error) {
	return retry(func() (ticket.Approval, error) { return d.Store.Latest(ctx, userID) })
}

func retry[T any](ask func() (T, error)) (T, error) {
	for {
		if got, err := ask(); !errors.Is(err, ticket.ErrOverloaded) && !errors.Is(err, ticket.ErrUnavailable) {
			return got, err
		}
	}
}

// submission is what a user sends; key tells one from another.
func submission(user, key string) ticket.Submission {
	return ticket.Submission{
		UserID: user, By: ticket.User(user), Key: key, OneOpen: true, FormVersion: "1", Extra: json.RawMessage(`{"answer": "42"}`),
	}
}

func submit(t *testing.T, d ticket.Desk, user string) ticket.Ticket {
	t.Helper()
	made, err := d.Submit(t.Context(), submission(user, uuid.NewString()))
	if err != nil {
		t.Fatalf("submit for %s: %v", user, err)
	}
	return made
}

func approve(t *testing.T, d ticket.Desk, of ticket.Ticket) ticket.Ticket {
	t.Helper()
	decided, err := d.Decide(t.Context(), of.ID, of.Version, ticket.Approve("agent:a", ""))
	if err != nil {
		t.Fatalf("approve %s: %v", of.ID, err)
	}
	return decided
}

// lastWeek is every open ticket of the last seven days, oldest first.
func lastWeek(limit int) ticket.Query {
	return ticket.Query{
		Status: ticket.Processing, From: time.Now().AddDate(0, 0, -7), To: time.Now().Add(time.Hour), Page: ticket.Page{Limit: limit},
	}
}

func count(ctx context.Context, t *testing.T, p *postgres.Pool, query string, args ...any) (n int) {
	t.Helper()
	if err := p.QueryRow(ctx, query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}
