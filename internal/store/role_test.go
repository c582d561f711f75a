package store_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"docket/db/migrations"
	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/claim"
	"docket/internal/feed"
	"docket/internal/form/formfile"
	"docket/internal/formarchive"
	"docket/internal/secondlook"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

func TestRole_WithoutDelete(t *testing.T) {
	t.Parallel()
	url := testdb.New(t).Primary
	owner := pool(t, url)
	role := "app_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	grants, err := os.ReadFile("../../docs/role.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := owner.Exec(t.Context(), strings.ReplaceAll(string(grants), "docket_app", role)); err != nil {
		t.Fatal(err)
	}
	asApp := url + "&options=-c%20role%3D" + role
	if err := migrations.Check(t.Context(), asApp); err != nil {
		t.Errorf("check the schema: %v", err)
	}
	app := pool(t, asApp)
	d := store.New(app, silent)
	approve(t, d, submit(t, d, "ann"))
	if _, err := d.Withdraw(t.Context(), "ann", submit(t, d, "ann").ID); err != nil {
		t.Errorf("withdraw: %v", err)
	}
	if _, err := claim.New(app).Next(t.Context(), uuid.New()); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("next: %v", err)
	}
	waits, agent := submit(t, d, "ann"), uuid.New()
	claims := claim.New(app)
	_, looks := claims.Look(t.Context(), agent, waits.ID)
	if err := errors.Join(
		looks, claims.LookAway(t.Context(), agent, waits.ID), claims.Skip(t.Context(), agent, waits.ID), claims.Comment(t.Context(), agent, waits.ID, "seen"),
		claims.Snooze(t.Context(), agent, waits.ID, time.Now().Add(time.Hour), "later"), claims.Wake(t.Context(), agent, waits.ID),
		claims.HandOver(t.Context(), agent, waits.ID, ticket.Receiver{Team: "fraud"}), claims.HandOver(t.Context(), agent, waits.ID, ticket.Receiver{}),
	); err != nil {
		t.Errorf("what agents do beside deciding: %v", err)
	}
	if _, err := d.Withdraw(t.Context(), "ann", waits.ID); err != nil {
		t.Errorf("withdraw what was snoozed: %v", err)
	}
	if err := formarchive.New(app, nil, silent).Keep(t.Context(), formfile.Default()); err != nil {
		t.Error(err)
	}
	if err := secondlook.New(app, 1).Draw(t.Context()); err != nil {
		t.Error(err)
	}
	trail := audit.New(app, nil, silent, audit.Hooks{})
	if err := errors.Join(trail.RecordNow(t.Context(), audit.Entry{Actor: audit.CLI, Action: audit.Exported}), trail.ForgetClients(t.Context())); err != nil {
		t.Error(err)
	}
	if all, _, err := trail.List(t.Context(), audit.Filter{To: time.Now().Add(time.Hour), Limit: 10}); err != nil || len(all) == 0 {
		t.Errorf("read the audit: %d entries, %v", len(all), err)
	}
	changes := feed.New(app)
	go func() { _ = changes.Run(t.Context()) }() // it ends with the test
	if page, err := changes.Read(t.Context(), feed.Query{Limit: 100}); err != nil || len(page.Events) == 0 {
		t.Errorf("read the feed: %v, %v", page, err)
	}
	for marked := feed.Position(0); marked == 0; {
		if marked, err = changes.At(t.Context(), time.Now()); err != nil {
			t.Fatalf("the feed has no mark: %v", err)
		}
	}
	secret, err := account.NewKeys(owner).Add(t.Context(), "crm", []account.Scope{account.LatestRead})
	if err != nil {
		t.Fatal(err)
	}
	keys := account.NewKeys(app)
	if _, err := keys.Check(t.Context(), secret); err != nil {
		t.Error(err)
	}
	if err := keys.RecordUses(t.Context()); err != nil {
		t.Error(err)
	}
	for _, statement := range []string{
		"UPDATE api_keys SET expires_at_ms = NULL", "UPDATE api_keys SET not_own = false", "DELETE FROM forms", "UPDATE forms SET text = ''", "DELETE FROM tickets", "DELETE FROM ticket_events", "UPDATE ticket_events SET actor = 'x'", "TRUNCATE tickets CASCADE",
		"DELETE FROM user_tickets", "DROP TABLE tickets", "INSERT INTO api_keys DEFAULT VALUES", "UPDATE accounts SET role = 'admin'", "ALTER TABLE tickets DISABLE TRIGGER ALL", "CREATE TABLE x ()",
		"UPDATE ticket_notes SET text = ''", "DELETE FROM ticket_notes", "INSERT INTO team_members (team, account_id) VALUES ('x', gen_random_uuid())",
		"UPDATE audit SET actor = 'cli'", "DELETE FROM audit", "TRUNCATE audit",
		"SELECT erase_user('ann', 'cli', 'request')", "SELECT erase_user('ann', 'agent:' || gen_random_uuid(), 'request')", "DELETE FROM erasures", "DELETE FROM latest_removed",
	} {
		_, err := app.Exec(t.Context(), statement)
		if answer, ok := errors.AsType[*pgconn.PgError](err); !ok || answer.Code != "42501" {
			t.Errorf("%s: %v, want that it is not allowed", statement, err)
		}
	}
	var erased int
	err = app.QueryRow(t.Context(), "SELECT erase_tickets_due(ARRAY(SELECT id FROM tickets), 'retention', 'retention', NULL)").Scan(&erased)
	if err != nil || erased != 0 {
		t.Errorf("tickets that were closed just now: erased %d (%v), want none", erased, err)
	}
	admin := uuid.New()
	for _, statement := range []string{
		"INSERT INTO accounts (id, email, role, password_hash) VALUES ($1, 'admin@example.com', 'admin', '')",
		"INSERT INTO sessions (token_hash, account_id, confirmed_at_ms) VALUES (sha256('s'), $1, now_ms())",
	} {
		if _, err := owner.Exec(t.Context(), statement, admin); err != nil {
			t.Fatal(err)
		}
	}
	var outcome string
	for _, want := range []string{"erased", "unconfirmed"} {
		err = app.QueryRow(t.Context(), "SELECT outcome FROM erase_user_as_admin(sha256('s'), 'ann', 'request', NULL)").Scan(&outcome)
		if err != nil || outcome != want {
			t.Errorf("by an admin who is signed in: %q (%v), want %s", outcome, err, want)
		}
		if _, err := owner.Exec(t.Context(), "UPDATE sessions SET confirmed_at_ms = now_ms() - 600001"); err != nil {
			t.Fatal(err)
		}
	}
	app.Close()
	for _, statement := range []string{"DROP OWNED BY " + role, "DROP ROLE " + role} {
		if _, err := owner.Exec(t.Context(), statement); err != nil {
			t.Error(err)
		}
	}
}
