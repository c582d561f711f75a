package mail_test

import (
	"testing"

	"github.com/google/uuid"

	"docket/db"
)

// TestRemindSteps_Once reminds those whom a step asks that has waited, once: not the user, and nobody before the time.
func TestRemindSteps_Once(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	lead, user, early, late := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := o.pool.Exec(t.Context(), statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []uuid.UUID{lead, user} {
		exec("INSERT INTO accounts (id, email, role, password_hash) VALUES ($1, $2, 'agent', 'x')", id, id.String()+"@example.com")
		exec("INSERT INTO team_members (team, account_id) VALUES ('leads', $1)", id)
	}
	for _, id := range []uuid.UUID{early, late} {
		exec("INSERT INTO tickets (id, user_id, status, extra, submitted_by, one_open) VALUES ($1, $2, 'processing', '{}', 'key:a', false)", id, user.String())
	}
	const step = "INSERT INTO approval_steps (user_id, ticket_id, step, turn, name, team, remind_ms, since_ms) VALUES ($3, $1, 1, 1, 'lead', 'leads', 60000, now_ms() - $2::bigint)"
	exec(step, early, 1000, user.String())
	exec(step, late, 60001, user.String())
	for range 2 {
		if err := db.New().OutboxRemindSteps(t.Context(), o.pool); err != nil {
			t.Fatal(err)
		}
	}
	var account, ticket uuid.UUID
	if err := o.pool.QueryRow(t.Context(), "SELECT account_id, ticket_id FROM outbox WHERE kind = 'step' AND (SELECT count(*) FROM outbox WHERE kind = 'step') = 1").Scan(&account, &ticket); err != nil {
		t.Fatal(err)
	}
	if account != lead || ticket != late {
		t.Errorf("reminded %s of %s, want %s of %s", account, ticket, lead, late)
	}
}
