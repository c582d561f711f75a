package archive_test

import (
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/audit"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

// audited is what the view audit_all says was done to tickets, but for ids of rows.
func audited(t *testing.T, s *testsite.Site) []string {
	t.Helper()
	rows, err := s.Instances[0].Primary.Query(t.Context(), `SELECT concat_ws(' ', at_ms, actor, action, object) FROM audit_all
		WHERE action IN ('approved', 'rejected', 'revoked', 'reopened') ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestArchived_Audited(t *testing.T) {
	t.Parallel()
	s := start(t)
	rejected := decide(t, s, submit(t, s, ticket.Submission{UserID: "ann"}), reject)
	exec(t, s, "INSERT INTO reopenings (user_id, ticket_id, reopened_by, note, at_ms) VALUES ('ann', $1, 'agent:b', 'again', $2)", rejected.ID, rejected.UpdatedAt.UnixMilli()+1)
	revoked := decide(t, s, submit(t, s, ticket.Submission{UserID: "ann"}), approve)
	if _, err := s.Instances[0].Desk.Revoke(t.Context(), revoked.ID, revoked.Version, ticket.Revocation{By: "agent:c", Reason: "blurry", Class: ticket.Retry}); err != nil {
		t.Fatal(err)
	}
	decide(t, s, submit(t, s, ticket.Submission{UserID: "ann"}), approve)
	decide(t, s, submit(t, s, ticket.Submission{UserID: "ann"}), approve)
	want := audited(t, s)
	if len(want) != 6 {
		t.Fatalf("the audit has %q, want six decisions, one of them taken back, one reopened", want)
	}
	s.PassDays(t, 401)
	if got := run(t, s, 400); got.Moved != 3 {
		t.Fatalf("moved %+v, want three", got)
	}
	if got := audited(t, s); !slices.Equal(got, want) {
		t.Errorf("after the move the audit has %q, want %q", got, want)
	}
	if _, err := s.Instances[0].Archive.DropMonth(t.Context(), rejected.CreatedAt.UTC().Format("2006-01"), false); err != nil {
		t.Fatal(err)
	}
	if got := audited(t, s); !slices.Equal(got, want) {
		t.Errorf("without the month the audit has %q, want %q", got, want)
	}
	var listed []audit.Action
	found, _, err := s.Instances[0].Audit.List(t.Context(), audit.Filter{Object: audit.TicketObject(revoked.ID), From: revoked.CreatedAt.Add(-1), To: revoked.CreatedAt.AddDate(1, 0, 0), Limit: 10})
	for _, e := range found {
		listed = append(listed, e.Action)
	}
	if slices.Sort(listed); err != nil || !slices.Equal(listed, []audit.Action{audit.Approved, audit.Revoked}) {
		t.Errorf("of the revoked ticket the audit lists %q, %v; want its approval and its end", listed, err)
	}
}
