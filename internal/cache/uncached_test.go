package cache_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/cache"
	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// frozen is a cache around a store, whose replica never receives a write: it is another database. Its gate believes the
// replica to be fresh, or never does.
type frozen struct {
	*cache.Cache
	gate             *cache.Gate
	primary, replica *store.Store
	pools            [2]*postgres.Pool // of primary and replica
	relays           [2]*testdb.Relay
}

// disconnect makes a database unreachable.
func (f frozen) disconnect(database int) {
	f.relays[database].Close()
	f.pools[database].Reset()
}

func freeze(t *testing.T, proven bool) frozen {
	t.Helper()
	var f frozen
	for i := range f.pools {
		f.relays[i] = testdb.NewRelay(t, testdb.New(t).Primary)
		p, err := postgres.Connect(t.Context(), f.relays[i].URL)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Close)
		f.pools[i] = p
	}
	position := func(context.Context) (int64, error) {
		if !proven {
			return 0, errors.New("the position is not known")
		}
		return 0, nil
	}
	f.gate = cache.NewGate(position, position)
	f.gate.Check(t.Context())
	f.primary, f.replica = store.New(f.pools[0], slog.New(slog.DiscardHandler)), store.New(f.pools[1], slog.New(slog.DiscardHandler))
	f.Cache = cache.New(f.primary, 100, cache.Replica{Reader: store.NewReader(f.pools[1]), Gate: f.gate})
	return f
}

// openOf asks for the open tickets of a user, or of all.
func openOf(user string) ticket.Query {
	return ticket.Query{
		Status: ticket.Processing, UserID: user, From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour), Page: ticket.Page{Limit: 5},
	}
}

func submit(t *testing.T, d ticket.Desk, user string) ticket.Ticket {
	t.Helper()
	made, err := d.Submit(t.Context(), submission(user))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestCache_ReplicaLacksRow(t *testing.T) {
	t.Parallel()
	f := freeze(t, true)
	want := approved(t, f.primary, "ann")
	if got, err := f.Ticket(t.Context(), want); err != nil || got.ID != want {
		t.Errorf("Ticket: %v", err)
	}
	if _, err := f.TicketOf(t.Context(), "ann", want); err != nil {
		t.Errorf("TicketOf: %v", err)
	}
	if got := latest(t, f, "ann"); got != want {
		t.Errorf("Latest: %s, want %s", got, want)
	}
	for _, after := range []ticket.Cursor{{}, {At: time.Now().Add(time.Hour), ID: uuid.Max}} {
		if own, err := f.TicketsOf(t.Context(), "ann", ticket.Page{Limit: 5, After: after}); err != nil || len(own.Tickets) != 1 {
			t.Errorf("TicketsOf: %d tickets, %v; want 1", len(own.Tickets), err)
		}
	}
	if history, err := f.History(t.Context(), want); err != nil || len(history) != 2 {
		t.Errorf("History: %d events, %v; want 2", len(history), err)
	}
}

func TestCache_RowExistsNowhere(t *testing.T) {
	t.Parallel()
	f := freeze(t, true)
	if _, err := f.Ticket(t.Context(), uuid.New()); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("Ticket: %v, want ErrNotFound", err)
	}
	if _, err := f.Latest(t.Context(), "nobody"); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("Latest: %v, want ErrNotFound", err)
	}
	for _, after := range []ticket.Cursor{{}, {At: time.Now(), ID: uuid.Max}} {
		if own, err := f.TicketsOf(t.Context(), "nobody", ticket.Page{Limit: 5, After: after}); err != nil || len(own.Tickets) != 0 {
			t.Errorf("TicketsOf: %d tickets, %v; want none and no error", len(own.Tickets), err)
		}
	}
	if history, err := f.History(t.Context(), uuid.New()); err != nil || len(history) != 0 {
		t.Errorf("History: %d events, %v; want none and no error", len(history), err)
	}
}

func TestCache_PrimaryAwayAndReplicaLacksRow(t *testing.T) {
	t.Parallel()
	f := freeze(t, true)
	f.disconnect(0)
	if _, err := f.Ticket(t.Context(), uuid.New()); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("Ticket: %v, want ErrNotFound", err)
	}
	if a, err := f.Latest(t.Context(), "nobody"); !errors.Is(err, ticket.ErrNotFound) || a.Degraded {
		t.Errorf("Latest: %+v, %v; want ErrNotFound of a replica that is proven", a, err)
	}
}

func TestCache_FreshBypassesReplica(t *testing.T) {
	t.Parallel()
	f := freeze(t, true)
	approved(t, f.replica, "ann")
	want := approved(t, f.primary, "ann")
	if got := latest(t, f, "ann"); got == want {
		t.Fatalf("an ordinary read got %s: the replica should have answered", got)
	}
	got, err := f.Latest(ticket.Fresh(t.Context()), "ann")
	if err != nil || got.TicketID != want {
		t.Errorf("a fresh read got %s, %v; want %s", got.TicketID, err, want)
	}
}

func TestCache_DecisionNeverReadsReplica(t *testing.T) {
	t.Parallel()
	f := freeze(t, true)
	made := approved(t, f.primary, "ann")
	got, err := f.Decide(t.Context(), made, 1, ticket.Approve("agent:b", ""))
	if !errors.Is(err, ticket.ErrDecided) || got.Decision.By != "agent:a" {
		t.Errorf("second decision: %+v, %v; want ErrDecided and the first one", got.Decision, err)
	}
}

func TestCache_QueueReadsReplica(t *testing.T) {
	t.Parallel()
	f := freeze(t, true)
	submit(t, f.primary, "here")
	submit(t, f.replica, "there")
	queue, err := f.Queue(t.Context(), openOf(""))
	if err != nil || len(queue.Tickets) != 1 || queue.Tickets[0].UserID != "there" {
		t.Errorf("queue %+v, %v; want the replica's one ticket", queue.Tickets, err)
	}
	queue, err = f.Queue(ticket.Fresh(t.Context()), openOf(""))
	if err != nil || len(queue.Tickets) != 1 || queue.Tickets[0].UserID != "here" {
		t.Errorf("fresh queue %+v, %v; want the primary's one ticket", queue.Tickets, err)
	}
}

// A replica that fails is not read again until it is proven anew.
func TestCache_ReplicaUnreachable(t *testing.T) {
	t.Parallel()
	f := freeze(t, true)
	made := submit(t, f.primary, "ann")
	f.disconnect(1)
	queue, err := f.Queue(t.Context(), openOf(""))
	if err != nil || len(queue.Tickets) != 1 || queue.Tickets[0].ID != made.ID {
		t.Errorf("queue %+v, %v; want the primary's ticket", queue.Tickets, err)
	}
	if f.gate.Open() {
		t.Error("the gate of a replica that failed is open")
	}
	if f.gate.Check(t.Context()); !f.gate.Open() {
		t.Error("the gate stays closed although the replica is proven anew")
	}
}

func TestCache_ReplicaUnproven(t *testing.T) {
	t.Parallel()
	c := freeze(t, false)
	want := approved(t, c, "ann")
	approved(t, c.replica, "somebody long ago")
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
		t.Errorf("Backlog: %d, %v; want none", got.Count, err)
	}
}

// The replica knows the ticket, is believed, and never receives the decision.
func TestCache_OwnWriteBypassesReplica(t *testing.T) {
	t.Parallel()
	c := freeze(t, true)
	here, there := c.pools[0], c.pools[1]
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
	if got, err := c.Queue(t.Context(), openOf("ann")); err != nil || len(got.Tickets) != 0 {
		t.Errorf("Queue of the user: %d waiting, %v; want none", len(got.Tickets), err)
	}
}

// A primary without a free connection does not keep look-ups from the replica; a read of the primary is refused.
func TestCache_PrimaryOverloaded(t *testing.T) {
	t.Parallel()
	f := freeze(t, false)
	want := approved(t, f.replica, "ann")
	for range f.pools[0].Config().MaxConns {
		conn, err := f.pools[0].Acquire(ticket.Urgent(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(conn.Release)
	}
	if got, err := f.Latest(t.Context(), "ann"); err != nil || got.TicketID != want || !got.Degraded {
		t.Errorf("got %+v, %v; want the replica's, degraded", got, err)
	}
	if _, err := f.Latest(ticket.Fresh(t.Context()), "ann"); !errors.Is(err, ticket.ErrOverloaded) {
		t.Errorf("a fresh read: %v, want ErrOverloaded", err)
	}
	f.Forget(ticket.Change{UserID: "ann"})
	if own, err := f.TicketsOf(t.Context(), "ann", ticket.Page{Limit: 5}); !errors.Is(err, ticket.ErrOverloaded) {
		t.Errorf("the list of a user who was written: %d tickets, %v; want ErrOverloaded", len(own.Tickets), err)
	}
}
