package report_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/postgres"
	"docket/internal/report"
	"docket/internal/ticket"
)

// verify is what a verification says of a database.
func verify(t *testing.T, p *postgres.Pool) (problems []string) {
	t.Helper()
	err := report.Verify(t.Context(), p, func(problem string) error { problems = append(problems, problem); return nil }, silent)
	if err != nil {
		t.Fatal(err)
	}
	return problems
}

// populated is a database with a ticket of every status, and a user who was approved twice.
func populated(t *testing.T) *postgres.Pool {
	t.Helper()
	d, p := desk(t)
	submit(t, d, "waits")
	approve(t, d, submit(t, d, "ann"))
	approve(t, d, submit(t, d, "ann"))
	rejected, gone := submit(t, d, "bob"), submit(t, d, "cat")
	if _, err := d.Decide(t.Context(), rejected.ID, 1, ticket.Reject("agent:a", "other", "Please sign it.", "")); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Withdraw(t.Context(), "cat", gone.ID); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		taken := submit(t, d, "dan")
		approve(t, d, taken)
		if _, err := d.Revoke(t.Context(), taken.ID, 2, ticket.Revocation{By: "agent:b", Reason: "forged", Class: ticket.Retry, Note: "seen elsewhere"}); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func TestVerify_GoodDatabase(t *testing.T) {
	t.Parallel()
	if problems := verify(t, populated(t)); problems != nil {
		t.Errorf("a good database: %v", problems)
	}
}

// TestVerify_WithdrawnBySender: a system withdraws what it has sent; the event names it, and nothing else may.
func TestVerify_WithdrawnBySender(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	sent, err := d.Submit(t.Context(), ticket.Submission{UserID: "ann", By: "key:shop", Key: "k1", FormVersion: "1", Extra: json.RawMessage("{}")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.WithdrawSent(t.Context(), "key:shop", sent.ID); err != nil {
		t.Fatal(err)
	}
	if problems := verify(t, p); problems != nil {
		t.Errorf("a ticket that its sender withdrew: %v", problems)
	}
	damage(t, p, "UPDATE ticket_events SET actor = 'key:other' WHERE version = 2")
	if problems := verify(t, p); len(problems) != 1 || !strings.Contains(problems[0], "was closed by another") {
		t.Errorf("withdrawn by another system: %v, want one problem", problems)
	}
}

// TestVerify_EveryDamage does what the triggers forbid, as a superuser could.
func TestVerify_EveryDamage(t *testing.T) {
	t.Parallel()
	const ofRevoked = "ticket_id IN (SELECT id FROM tickets WHERE status = 'revoked')"
	const event, ticketOf = "ticket_events WHERE ticket_id = ", "(SELECT id FROM tickets WHERE user_id = "
	for _, test := range []struct{ does, want string }{
		{"DELETE FROM " + event + ticketOf + "'bob')", "has no events"},
		{"DELETE FROM " + event + ticketOf + "'bob') AND version = 2", "lacks the event of a version"},
		{"DELETE FROM " + event + ticketOf + "'bob') AND version = 1", "lacks the event of a version"},
		{"DELETE FROM tickets WHERE user_id = 'bob'", "has events, but there is no such ticket"},
		{"UPDATE ticket_events SET version = 3 WHERE version = 2 AND ticket_id = " + ticketOf + "'bob')", "lacks the event of a version"},
		{
			"INSERT INTO ticket_events (user_id, ticket_id, version, kind, actor, at_ms) SELECT user_id, id, 3, 'withdrawn', 'user:bob', updated_at_ms " +
				"FROM tickets WHERE user_id = 'bob'; UPDATE tickets SET version = 3 WHERE user_id = 'bob'", "has an event after the one that closed it",
		},
		{"UPDATE ticket_events SET kind = 'submitted' WHERE version = 2 AND ticket_id = " + ticketOf + "'bob')", "does not begin, once"},
		{"UPDATE ticket_events SET actor = 'user:eve' WHERE version = 1 AND ticket_id = " + ticketOf + "'bob')", "was submitted by another"},
		{"UPDATE ticket_events SET at_ms = at_ms - 1 WHERE version = 1 AND ticket_id = " + ticketOf + "'bob')", "at another time than its first event"},
		{"UPDATE ticket_events SET kind = 'approved' WHERE version = 2 AND ticket_id = " + ticketOf + "'bob')", "has another status"},
		{"UPDATE ticket_events SET actor = 'agent:eve' WHERE version = 2 AND ticket_id = " + ticketOf + "'bob')", "was closed by another"},
		{"UPDATE ticket_events SET actor = 'user:eve' WHERE version = 2 AND ticket_id = " + ticketOf + "'cat')", "was closed by another"},
		{"UPDATE ticket_events SET at_ms = at_ms + 1 WHERE version = 2 AND ticket_id = " + ticketOf + "'bob')", "was changed at another time"},
		{"UPDATE tickets SET decided_at_ms = decided_at_ms + 1 WHERE user_id = 'bob'", "was changed at another time"},
		{"UPDATE ticket_events SET comment = 'Else.' WHERE version = 2 AND ticket_id = " + ticketOf + "'bob')", "in other words"},
		{"DELETE FROM user_tickets", "has an approved ticket, but no latest one"},
		{"INSERT INTO user_tickets SELECT 'eve', ticket_id, extra, decided_by, created_at_ms, updated_at_ms FROM user_tickets", "but no approved one"},
		{
			"UPDATE user_tickets SET (ticket_id, updated_at_ms) = (SELECT id, updated_at_ms FROM tickets WHERE user_id = 'ann' ORDER BY updated_at_ms LIMIT 1)",
			"is not the last one approved",
		},
		{"UPDATE user_tickets SET updated_at_ms = updated_at_ms + 1", "is not the last one approved"},
		{`UPDATE user_tickets SET extra = '{"full_name": "Eve"}'`, "says something else"},
		{"UPDATE user_tickets SET decided_by = 'agent:eve'", "says something else"},
		{"UPDATE user_tickets SET created_at_ms = created_at_ms - 1", "was first approved at another time"},
		{"UPDATE ticket_events SET actor = 'agent:eve' WHERE version = 3", "was closed by another"},
		{"UPDATE ticket_events SET actor = 'agent:eve' WHERE version = 2 AND " + ofRevoked, "was approved by another"},
		{"UPDATE ticket_events SET at_ms = at_ms - 1 WHERE version = 2 AND " + ofRevoked, "was approved by another or at another time"},
		{"UPDATE ticket_events SET kind = 'rejected' WHERE version = 2 AND " + ofRevoked, "has an event after the one that closed it"},
		{"UPDATE ticket_events SET note = 'Else.' WHERE version = 3", "in other words"},
		{"DELETE FROM latest_removed", "nothing keeps it from being the latest again"},
		{"UPDATE latest_removed SET version = version - 1", "nothing keeps it from being the latest again"},
		{"INSERT INTO user_tickets SELECT user_id, id, extra, decided_by, decided_at_ms, decided_at_ms FROM tickets WHERE status = 'revoked' LIMIT 1", "but no approved one"},
	} {
		p := populated(t)
		damage(t, p, test.does)
		problems := verify(t, p)
		if len(problems) == 0 || !strings.Contains(strings.Join(problems, "\n"), test.want) {
			t.Errorf("%s:\nfound %q, want %q", test.does, problems, test.want)
		}
	}
}

func TestVerify_Files(t *testing.T) {
	t.Parallel()
	p := populated(t)
	const file = "INSERT INTO files (id, user_id, field, state, blob, media_type, size, sha256, uploaded_by, ticket_id) " +
		"SELECT gen_random_uuid(), 'bob', 'photo', 'kept', 'b', 'image/jpeg', 1, sha256(''), 'user:bob', id FROM tickets WHERE user_id = 'bob'"
	for _, statement := range []string{
		file, "INSERT INTO file_views (user_id, file_id, actor) SELECT user_id, id, 'agent:a' FROM files",
	} {
		if _, err := p.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if problems := verify(t, p); problems != nil {
		t.Fatalf("a good database: %v", problems)
	}
	for _, test := range []struct{ does, undo, want string }{
		{"UPDATE files SET user_id = 'eve'", "UPDATE files SET user_id = 'bob'", "which is of another user or field"},
		{"UPDATE files SET field = 'other'", "UPDATE files SET field = 'photo'", "which is of another user or field"},
		{"UPDATE files SET state = 'coming', ticket_id = NULL", "UPDATE files SET state = 'kept'", "which was never stored"},
		{"UPDATE files SET state = 'going'", "UPDATE files SET state = 'kept'", "which was deleted"},
		{
			"CREATE TABLE kept AS TABLE ticket_files; DELETE FROM ticket_files; UPDATE files SET ticket_id = (SELECT ticket_id FROM kept)",
			"INSERT INTO ticket_files SELECT * FROM kept", "which does not name it",
		},
		{"DELETE FROM file_views; DELETE FROM files", "", "names the file"},
		{"DELETE FROM ticket_files; INSERT INTO file_views (user_id, file_id, actor) VALUES ('bob', gen_random_uuid(), 'agent:b')", "", "agent:b has seen the file"},
	} {
		damage(t, p, test.does)
		if problems := strings.Join(verify(t, p), "\n"); !strings.Contains(problems, test.want) {
			t.Errorf("%s:\nfound %q, want %q", test.does, problems, test.want)
		}
		damage(t, p, test.undo)
	}
}

// damage changes a database with its triggers and foreign keys off.
func damage(t *testing.T, p *postgres.Pool, statements string) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), p, func(tx pgx.Tx) error {
		_, err := tx.Conn().PgConn().Exec(context.WithoutCancel(t.Context()), "SET LOCAL session_replication_role = replica; "+statements).ReadAll()
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
}
