package cache_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/internal/cache"
	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// unproven is a cache whose replica never hears of a write and is never proven to have heard of any.
func unproven(t *testing.T) (c *cache.Cache, replica *store.Store) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	here, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(here.Close)
	there, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(there.Close)
	never := func(context.Context) (int64, error) { return 0, errors.New("it is not known") }
	copies := cache.Replica{Desk: store.New(here, there, log), Gate: cache.NewGate(never, never)}
	return cache.New(store.New(here, nil, log), 100, copies), store.New(there, nil, log)
}

func TestAReplicaThatStandsStillIsPassedBy(t *testing.T) {
	t.Parallel()
	c, replica := unproven(t)
	want := approved(t, c, "ann")
	approved(t, replica, "somebody long ago")
	if got, err := c.Ticket(t.Context(), want); err != nil || got.Status != ticket.Approved {
		t.Errorf("Ticket: %s, %v", got.Status, err)
	}
	if got, err := c.TicketOf(t.Context(), "ann", want); err != nil || got.Status != ticket.Approved {
		t.Errorf("TicketOf: %s, %v", got.Status, err)
	}
	if got, err := c.History(t.Context(), want); err != nil || len(got) != 2 {
		t.Errorf("History: %d events, %v; want 2", len(got), err)
	}
	q := ticket.Query{Status: ticket.Approved, From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour), Page: ticket.Page{Limit: 5}}
	if got, err := c.Queue(t.Context(), q); err != nil || len(got.Tickets) != 1 || got.Tickets[0].ID != want {
		t.Errorf("Queue: %v, %v; want the primary's ticket", got.Tickets, err)
	}
	if got, err := c.Backlog(t.Context(), time.Now()); err != nil || got.Count != 0 {
		t.Errorf("Older: %d, %v; want none", got.Count, err)
	}
}

// TestAProgramSeesWhatItWrote has a replica that knows the ticket, is believed, and never hears of the decision.
func TestAProgramSeesWhatItWrote(t *testing.T) {
	t.Parallel()
	pools := make([]*pgxpool.Pool, 2)
	for i := range pools {
		var err error
		if pools[i], err = postgres.Connect(t.Context(), testdb.New(t).Primary); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(pools[i].Close)
	}
	here, there, log := pools[0], pools[1], slog.New(slog.DiscardHandler)
	always := func(context.Context) (int64, error) { return 0, nil }
	gate := cache.NewGate(always, always)
	gate.Look(t.Context())
	c := cache.New(store.New(here, nil, log), 100, cache.Replica{Desk: store.New(here, there, log), Gate: gate})
	made, err := c.Submit(t.Context(), ticket.Submission{UserID: "ann", By: ticket.Key("program"), Key: "1", Extra: json.RawMessage(`{}`)})
	if err != nil {
		t.Fatal(err)
	}
	var row string
	if err := here.QueryRow(t.Context(), "SELECT to_jsonb(t)::text FROM tickets t").Scan(&row); err != nil {
		t.Fatal(err)
	}
	if _, err := there.Exec(t.Context(), "INSERT INTO tickets SELECT * FROM jsonb_populate_record(NULL::tickets, $1::text::jsonb)", row); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Decide(t.Context(), made.ID, 1, ticket.Approve("key:program", "")); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Ticket(t.Context(), made.ID); err != nil || got.Status != ticket.Approved {
		t.Errorf("Ticket: %s, %v; want the decision", got.Status, err)
	}
	if got, err := c.TicketOf(t.Context(), "ann", made.ID); err != nil || got.Status != ticket.Approved {
		t.Errorf("TicketOf: %s, %v; want the decision", got.Status, err)
	}
	if got, err := c.History(t.Context(), made.ID); err != nil || len(got) != 2 {
		t.Errorf("History: %d events, %v; want 2", len(got), err)
	}
	q := ticket.Query{Status: ticket.Processing, UserID: "ann", From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour), Page: ticket.Page{Limit: 5}}
	if got, err := c.Queue(t.Context(), q); err != nil || len(got.Tickets) != 0 {
		t.Errorf("Queue of the user: %d waiting, %v; want none", len(got.Tickets), err)
	}
}
