package archive_test

import (
	"log/slog"
	"testing"
	"time"

	"docket/internal/archive"
	"docket/internal/ticket"
)

// counts is what was counted of an archive.
type counts struct{ moved, refused int64 }

func (c *counts) CountArchived(tickets int64)    { c.moved += tickets }
func (c *counts) CountNotArchived(tickets int64) { c.refused += tickets }

// TestRun_PassesOver: a ticket that the database does not let be moved keeps no other from the archive.
func TestRun_PassesOver(t *testing.T) {
	t.Parallel()
	s := start(t)
	stuck := decide(t, s, submit(t, s, ticket.Submission{UserID: "ann"}), reject)
	for range 2 {
		decide(t, s, submit(t, s, ticket.Submission{UserID: "ann"}), reject)
	}
	submit(t, s, ticket.Submission{UserID: "ann"})
	exec(t, s, "ALTER TABLE archived_tickets ADD CONSTRAINT no_room CHECK (id <> '"+stuck.ID.String()+"')")
	s.PassDays(t, 401)
	var counted counts
	archived := archive.New(s.Instances[0].Primary, &counted, slog.New(slog.DiscardHandler))
	got, err := archived.Run(t.Context(), time.Now().AddDate(0, 0, 1), false, func(archive.Result) {})
	if want := (archive.Result{Seen: 3, Moved: 2, Refused: 1}); err != nil || got != want || counted != (counts{2, 1}) {
		t.Errorf("moved %+v, counted %+v, %v; want %+v", got, counted, err, want)
	}
	if n := count(t, s, "SELECT count(*) FROM ticket_events WHERE ticket_id = $1", stuck.ID); n != 2 {
		t.Errorf("the one that stays has %d events, want two", n)
	}
	checkWhole(t, s)
	exec(t, s, "ALTER TABLE archived_tickets DROP CONSTRAINT no_room")
	if got := run(t, s, 0); got != (archive.Result{Seen: 1, Moved: 1}) {
		t.Errorf("once it can be moved: %+v, want one", got)
	}
}
