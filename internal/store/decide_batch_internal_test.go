package store

import (
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// TestDecideBatch_SameUserSameTicket: one batch decides several tickets of a user, and a ticket once, as if one came after the other.
func TestDecideBatch_SameUserSameTicket(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	s := New(pool, slog.New(slog.DiscardHandler))
	open := func(user string) uuid.UUID {
		made, err := s.Submit(t.Context(), ticket.Submission{UserID: user, By: "key:k", Key: uuid.NewString(), FormVersion: "1", Extra: json.RawMessage("{}")})
		if err != nil {
			t.Fatal(err)
		}
		return made.ID
	}
	first, second, third, other := open("ann"), open("ann"), open("ann"), open("bob")
	rejection := ticket.Decision{
		Status: ticket.Rejected, By: "agent:b", Reasons: []string{"blurred", "other"}, Rows: []string{"owners.1", "owners.2"}, Class: ticket.Retry, Comment: "Please\nagain.",
	}
	closings := []closing{
		{id: first, version: 1, Decision: ticket.Approve("agent:a", "")},
		{id: second, version: 1, Decision: ticket.Approve("agent:b", "seen")},
		{id: other, version: 1, Decision: rejection},
		{id: other, version: 1, Decision: ticket.Approve("agent:a", "")}, // closed by the one before
		{id: third, version: 2, Decision: ticket.Approve("agent:a", "")}, // there is no such version
	}
	var rows []*db.Ticket
	err = postgres.RunWrite(t.Context(), pool, func(conn *pgx.Conn) (err error) {
		rows, err = s.decideBatch(t.Context(), conn, closings)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []ticket.Status{ticket.Approved, ticket.Approved, ticket.Rejected, "", ""} {
		switch row := rows[i]; {
		case row == nil && want != "":
			t.Errorf("closing %d decided nothing, want %s", i, want)
		case row != nil && (row.ID != closings[i].id || ticket.Status(row.Status) != want || *row.DecidedBy != closings[i].By || *row.Note != closings[i].Note):
			t.Errorf("closing %d: ticket %s %s by %s with note %q, want %s", i, row.ID, row.Status, *row.DecidedBy, *row.Note, want)
		}
	}
	kept, err := s.Ticket(t.Context(), other)
	rejection.At = kept.Decision.At
	if err != nil || !kept.Decision.Repeats(rejection) || kept.Decision.Comment != rejection.Comment || len(kept.Decision.Rows) != 2 || kept.Decision.Class != ticket.Retry {
		t.Errorf("kept of the rejection: %+v, %v, want %+v", kept.Decision, err, rejection)
	}
	latest, err := s.Latest(t.Context(), "ann")
	if err != nil || latest.TicketID != second && latest.TicketID != first {
		t.Errorf("latest of ann: %v, %v, want one of the two", latest.TicketID, err)
	}
	var events int
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM ticket_events WHERE version = 2").Scan(&events); err != nil || events != 3 {
		t.Errorf("%d events of decisions, %v, want 3", events, err)
	}
}
