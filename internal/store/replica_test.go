package store_test

import (
	"errors"
	"testing"

	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// frozen is a store whose replica never hears of a write: another database, which is lag made deterministic.
func frozen(t *testing.T) (d, replica *store.Store) {
	t.Helper()
	here, there := pool(t, testdb.New(t).Primary), pool(t, testdb.New(t).Primary)
	return store.New(here, there, silent), store.New(there, nil, silent)
}

func TestAReplicaThatLagsDoesNotPassForAMissingRow(t *testing.T) {
	t.Parallel()
	d, _ := frozen(t)
	made := approve(t, d, submit(t, d, "ann"))
	if got, err := d.Ticket(t.Context(), made.ID); err != nil || got.ID != made.ID {
		t.Errorf("Ticket: %v", err)
	}
	if _, err := d.TicketOf(t.Context(), "ann", made.ID); err != nil {
		t.Errorf("TicketOf: %v", err)
	}
	if _, err := d.Latest(t.Context(), "ann"); err != nil {
		t.Errorf("Latest: %v", err)
	}
	if own, err := d.TicketsOf(t.Context(), "ann", ticket.Page{Limit: 5}); err != nil || len(own.Tickets) != 1 {
		t.Errorf("TicketsOf: %d tickets, %v; want 1", len(own.Tickets), err)
	}
	if history, err := d.History(t.Context(), made.ID); err != nil || len(history) != 2 {
		t.Errorf("History: %d events, %v; want 2", len(history), err)
	}
}

func TestFreshReadsPassByAStaleReplica(t *testing.T) {
	t.Parallel()
	d, replica := frozen(t)
	approve(t, replica, submit(t, replica, "ann")) // yesterday's row
	decided := approve(t, d, submit(t, d, "ann"))
	stale, err := d.Latest(t.Context(), "ann")
	if err != nil || stale.TicketID == decided.ID {
		t.Fatalf("an ordinary read got %s, %v; the frozen replica should have answered", stale.TicketID, err)
	}
	latest, err := d.Latest(ticket.Fresh(t.Context()), "ann")
	if err != nil || latest.TicketID != decided.ID {
		t.Errorf("a fresh read got %s, %v; want %s", latest.TicketID, err, decided.ID)
	}
}

func TestDecisionsNeverReadTheReplica(t *testing.T) {
	t.Parallel()
	d, _ := frozen(t)
	made := submit(t, d, "ann")
	approve(t, d, made)
	got, err := d.Decide(t.Context(), made.ID, 1, ticket.Approve("agent:b", ""))
	if !errors.Is(err, ticket.ErrDecided) || got.Decision.By != "agent:a" {
		t.Errorf("second decision: %+v, %v; want ErrDecided and the first one", got.Decision, err)
	}
}

func TestTheQueueIsReadFromTheReplica(t *testing.T) {
	t.Parallel()
	d, replica := frozen(t)
	submit(t, d, "here")
	submit(t, replica, "there")
	queue, err := d.Queue(t.Context(), lastWeek(10))
	if err != nil || len(queue.Tickets) != 1 || queue.Tickets[0].UserID != "there" {
		t.Errorf("queue %+v, %v; want the replica's one ticket", queue.Tickets, err)
	}
	queue, err = d.Queue(ticket.Fresh(t.Context()), lastWeek(10))
	if err != nil || len(queue.Tickets) != 1 || queue.Tickets[0].UserID != "here" {
		t.Errorf("fresh queue %+v, %v; want the primary's one ticket", queue.Tickets, err)
	}
}

func TestWithoutItsReplicaThePrimaryAnswers(t *testing.T) {
	t.Parallel()
	here, gone := pool(t, testdb.New(t).Primary), pool(t, testdb.New(t).Primary)
	d := store.New(here, gone, silent)
	made := submit(t, d, "ann")
	gone.Close()
	queue, err := d.Queue(t.Context(), lastWeek(10))
	if err != nil || len(queue.Tickets) != 1 || queue.Tickets[0].ID != made.ID {
		t.Errorf("queue %+v, %v; want the primary's ticket", queue.Tickets, err)
	}
}

func TestAStreamingReplicaHearsOfWrites(t *testing.T) {
	t.Parallel()
	db := testdb.NewWithReplica(t)
	primary, replica := pool(t, db.Primary), pool(t, db.Replica)
	d := store.New(primary, replica, silent)
	made := submit(t, d, "ann")
	for n := 0; n == 0; {
		n = count(t.Context(), t, replica, "SELECT count(*) FROM tickets WHERE id = $1", made.ID)
	}
	queue, err := d.Queue(t.Context(), lastWeek(10))
	if err != nil || len(queue.Tickets) != 1 {
		t.Errorf("queue of %d, %v; want the ticket", len(queue.Tickets), err)
	}
}
