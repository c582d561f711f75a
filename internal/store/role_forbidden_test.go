package store_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
)

// roles are the pools of the owner of the tables, and of a role with the rights of docs/role.sql.
func roles(t *testing.T) (owner, app *postgres.Pool) {
	t.Helper()
	url := testdb.New(t).Primary
	owner = pool(t, url)
	role := "app_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	grants, err := os.ReadFile("../../docs/role.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := owner.Exec(t.Context(), strings.ReplaceAll(string(grants), "docket_app", role)); err != nil {
		t.Fatal(err)
	}
	return owner, pool(t, url+"&options=-c%20role%3D"+role)
}

const (
	adminID    = "11111111-1111-7111-8111-111111111111"
	agentID    = "22222222-2222-7222-8222-222222222222"
	customerID = "33333333-3333-7333-8333-333333333333"
)

// addPeople adds an admin with a second factor, an agent and a customer.
func addPeople(t *testing.T, owner *postgres.Pool) {
	t.Helper()
	for _, statement := range []string{
		"INSERT INTO accounts (id, email, role, password_hash) VALUES ('" + adminID + "', 'admin@example.com', 'admin', 'a'), ('" +
			agentID + "', 'agent@example.com', 'agent', 'b'), ('" + customerID + "', 'customer@example.com', 'customer', 'c')",
		"INSERT INTO factors (account_id, secret, last_step) VALUES ('" + adminID + "', 'x', 1)",
		"INSERT INTO recovery_codes (account_id, code_hash) VALUES ('" + adminID + "', sha256('x'))",
	} {
		if _, err := owner.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

func TestRole_Staff(t *testing.T) {
	t.Parallel()
	owner, app := roles(t)
	addPeople(t, owner)
	const newAccount = "INSERT INTO accounts (id, email, role, password_hash) VALUES (gen_random_uuid(), 'new@example.com', "
	for _, statement := range []string{
		newAccount + "'admin', 'x')", newAccount + "'agent', 'x')",
		"INSERT INTO accounts (id, email, role, password_hash) VALUES ('" + customerID + "', 'customer@example.com', 'customer', 'x') ON CONFLICT (id) DO UPDATE SET role = 'admin'",
		"UPDATE accounts SET role = 'admin'", "UPDATE accounts SET password_hash = 'x'", "UPDATE accounts SET disabled_at_ms = 1", "UPDATE accounts SET disabled_at_ms = NULL",
		"UPDATE accounts SET email = 'x@example.com'", "UPDATE accounts SET version = 1", "UPDATE accounts SET must_change_password = false", "UPDATE accounts SET confirmed = true",
		"DELETE FROM accounts", "UPDATE factors SET secret = 'y'", "UPDATE factors SET last_step = 0", "DELETE FROM factors",
		"INSERT INTO factors (account_id, secret, last_step) VALUES ('" + agentID + "', 'x', 1)",
		"INSERT INTO recovery_codes (account_id, code_hash) VALUES ('" + adminID + "', sha256('y'))", "DELETE FROM recovery_codes",
		"INSERT INTO sessions (token_hash, account_id, account_version, factor_at_ms) VALUES (sha256('s'), '" + adminID + "', 1, now_ms())", "UPDATE sessions SET factor_at_ms = now_ms()",
		"INSERT INTO sessions (token_hash, account_id, account_version, browser) VALUES (sha256('s'), '" + adminID + "', 1, '')", "UPDATE sessions SET token_hash = sha256('s')",
		"UPDATE sessions SET confirmed_at_ms = now_ms()", "UPDATE sessions SET created_at_ms = now_ms()",
		"INSERT INTO account_links (token_hash, account_id, kind, expires_at_ms) VALUES (sha256('s'), '" + adminID + "', 'reset', now_ms() + 1000)", "UPDATE account_links SET account_id = '" + adminID + "'",
		"INSERT INTO holds (user_id, actor, reason) VALUES ('ann', 'cli', 'x')", "DELETE FROM holds", "DELETE FROM tries", "UPDATE tries SET level = 0",
		"SELECT inner_pad FROM mac_keys", "INSERT INTO mac_keys (inner_pad, outer_pad) VALUES (decode(repeat('00', 64), 'hex'), decode(repeat('00', 64), 'hex'))", "DELETE FROM mac_keys", "TRUNCATE mac_keys",
		"SELECT check_mac(NULL, 'x', NULL)", "SELECT mac_known('x', 'x')", "SELECT session_admin(sha256('s'), true)",
		"SELECT account_rehash('" + adminID + "', 'a', 'x')", "SELECT account_change_own_password(sha256('s'), 1, 'x')", "SELECT account_reset_password(sha256('s'), 'x')", "SELECT account_confirm(sha256('s'))",
		"SELECT factor_confirm_session(sha256('s'), 2, NULL)", "SELECT factor_set_own(sha256('s'), 'x', 2, '{}', NULL, NULL)", "SELECT factor_remove_own(sha256('s'), 2, NULL)",
		"SELECT recovery_codes_renew_own(sha256('s'), '{}', 2, NULL)", "SELECT erase_user('ann', 'agent:" + adminID + "', 'request')", "SELECT erase_tickets('{}', 'retention', 'retention')",
		"UPDATE sessions SET account_id = '" + adminID + "'", "SELECT session_owner(sha256('s'))", "SELECT factor_use('" + adminID + "', 2, NULL)",
		"ALTER TABLE accounts DISABLE ROW LEVEL SECURITY", "DROP POLICY accounts_add ON accounts",
	} {
		_, err := app.Exec(t.Context(), statement)
		if answer, ok := errors.AsType[*pgconn.PgError](err); !ok || answer.Code != "42501" {
			t.Errorf("%s: %v, want that it is not allowed", statement, err)
		}
	}
	if _, err := app.Exec(t.Context(), newAccount+"'customer', 'x')"); err != nil {
		t.Errorf("add a customer: %v", err)
	}
}

// TestRole_Functions lists the functions that do more than the role may do itself, and check no code: none of these may let anybody in,
// add staff or change a role.
func TestRole_Functions(t *testing.T) {
	t.Parallel()
	_, app := roles(t)
	var unchecked string
	err := app.QueryRow(t.Context(), `SELECT string_agg(proname, ' ' ORDER BY proname) FROM pg_proc
		WHERE prosecdef AND prorettype <> 'trigger'::regtype AND pronamespace = current_schema()::regnamespace AND has_function_privilege(oid, 'EXECUTE')
			AND prosrc NOT LIKE '%PERFORM check_mac(mac, %'`).Scan(&unchecked)
	const want = "account_sign_up archive_tickets expire_approvals mac_state mail_sweep remind_approvals ticket_decide ticket_submit tries_sweep"
	if err != nil || unchecked != want {
		t.Errorf("the role may call without a code\n%s, %v; want\n%s", unchecked, err, want)
	}
}

// TestRole_GrantsOfBefore works with the rights that the role had before this release: so does an instance of the previous one between
// docket migrate up and docs/role.sql.
func TestRole_GrantsOfBefore(t *testing.T) {
	t.Parallel()
	owner, app := roles(t)
	addPeople(t, owner)
	var role string
	if err := app.QueryRow(t.Context(), "SELECT current_user").Scan(&role); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"REVOKE ALL ON erasures, latest_removed, holds, outbox, mail_senders FROM " + role,
		"INSERT INTO mail_senders (until_ms) VALUES (now_ms() + 60000)",
		"INSERT INTO latest_removed (user_id, version) VALUES ('" + customerID + "', 1)",
	} {
		if _, err := owner.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	desk := store.New(app, silent)
	approve(t, desk, submit(t, desk, customerID))
	for _, statement := range []string{
		"INSERT INTO drafts (user_id, submission_id, answers) VALUES ('" + customerID + "', gen_random_uuid(), '{}')",
		"INSERT INTO files (id, user_id, field, state, blob, media_type, size, sha256, uploaded_by) VALUES (gen_random_uuid(), '" +
			customerID + "', 'photo', 'kept', 'blob', 'image/jpeg', 1, sha256(''), 'user:" + customerID + "')",
	} {
		if _, err := app.Exec(t.Context(), statement); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
	var mails int
	if err := owner.QueryRow(t.Context(), "SELECT count(*) FROM outbox").Scan(&mails); err != nil || mails != 1 {
		t.Errorf("%d e-mails wait, %v; want 1", mails, err)
	}
}

func TestRole_FilesAndViews(t *testing.T) {
	t.Parallel()
	owner, app := roles(t)
	submitted := submit(t, store.New(owner, silent), "ann")
	const file = "INSERT INTO files (id, user_id, field, state, blob, media_type, size, sha256, uploaded_by, ticket_id) VALUES (gen_random_uuid(), 'ann', 'photo', 'kept', "
	for _, statement := range []string{
		file + "'named', 'image/jpeg', 1, sha256(''), 'user:ann', '" + submitted.ID.String() + "')",
		file + "'loose', 'image/jpeg', 1, sha256(''), 'user:ann', NULL)",
		"INSERT INTO file_views (user_id, file_id, actor) SELECT user_id, id, 'agent:a' FROM files WHERE blob = 'named'",
		"INSERT INTO audit (actor, action) VALUES ('agent:a', 'file_seen')",
	} {
		if _, err := owner.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	for _, statement := range []string{
		"DELETE FROM files WHERE blob = 'named'", "UPDATE files SET state = 'going' WHERE blob = 'named'", "UPDATE files SET state = 'gone', sha256 = '' WHERE blob = 'named'",
		"UPDATE files SET ticket_id = NULL WHERE blob = 'named'", "UPDATE files SET blob = 'other' WHERE blob = 'named'", "UPDATE files SET user_id = 'eve' WHERE blob = 'loose'",
		"UPDATE files SET sha256 = sha256('x') WHERE blob = 'named'", "UPDATE files SET phash = 1 WHERE blob = 'named'",
		"DELETE FROM ticket_files", "UPDATE ticket_files SET field = 'x'", "INSERT INTO ticket_files SELECT ticket_id, 'x', file_id FROM ticket_files",
		"DELETE FROM file_views", "UPDATE file_views SET actor = 'agent:b'", "TRUNCATE file_views", "DELETE FROM audit", "UPDATE audit SET actor = 'agent:b'", "UPDATE audit SET client = NULL",
	} {
		_, err := app.Exec(t.Context(), statement)
		if answer, ok := errors.AsType[*pgconn.PgError](err); !ok || answer.Code != "42501" && !strings.HasPrefix(answer.Code, "23") {
			t.Errorf("%s: %v, want that it is refused", statement, err)
		}
	}
	if _, err := app.Exec(t.Context(), "UPDATE files SET state = 'going' WHERE blob = 'loose'"); err != nil {
		t.Errorf("a file that no ticket names cannot be deleted: %v", err)
	}
}

// TestRole_TablesNamedAlike shadows what the guards read by tables of the session. The role may make none; the guards do not rely on that.
func TestRole_TablesNamedAlike(t *testing.T) {
	t.Parallel()
	owner, app := roles(t)
	submitted := submit(t, store.New(owner, silent), "ann")
	approve(t, store.New(owner, silent), submitted)
	conn, err := app.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	const shadow = "CREATE TEMPORARY TABLE pg_class AS SELECT oid, current_user::regrole::oid AS relowner FROM pg_catalog.pg_class WHERE relname = 'tickets'"
	_, err = conn.Exec(t.Context(), shadow)
	if answer, ok := errors.AsType[*pgconn.PgError](err); !ok || answer.Code != "42501" {
		t.Errorf("make a temporary table: %v, want that it is not allowed", err)
	}
	for _, statement := range []string{
		"DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO PUBLIC', current_database()); END $$",
		"INSERT INTO files (id, user_id, field, state, blob, media_type, size, sha256, uploaded_by, ticket_id) VALUES (gen_random_uuid(), 'ann', 'photo', 'kept', 'named', 'image/jpeg', 1, sha256(''), 'user:ann', '" +
			submitted.ID.String() + "')",
	} {
		if _, err := owner.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	for _, statement := range []string{
		shadow, "CREATE TEMPORARY TABLE ticket_files (ticket_id uuid, field text, file_id uuid)",
		"SET search_path = pg_temp, pg_catalog, public", "SET docket.erasing = 'on'",
	} {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	for _, statement := range []string{"UPDATE tickets SET extra = '{}', version = version + 1, erased_at_ms = 1", "UPDATE files SET state = 'going'"} {
		_, err := conn.Exec(t.Context(), statement)
		if answer, ok := errors.AsType[*pgconn.PgError](err); !ok || !strings.HasPrefix(answer.Code, "23") {
			t.Errorf("%s: %v, want that a guard refuses it", statement, err)
		}
	}
}

// TestRole_SearchPath lists the functions that guard or do more than the role may do, and would find tables of the session.
func TestRole_SearchPath(t *testing.T) {
	t.Parallel()
	owner, _ := roles(t)
	var open string
	err := owner.QueryRow(t.Context(), `SELECT coalesce(string_agg(proname, ' ' ORDER BY proname), '') FROM pg_proc
		WHERE pronamespace = current_schema()::regnamespace AND (prosecdef OR prorettype = 'trigger'::regtype)
			AND NOT coalesce('search_path=' || current_schema() || ', pg_temp' = ANY (proconfig), false)`).Scan(&open)
	if err != nil || open != "" {
		t.Errorf("functions without a search_path of their own: %s (%v)", open, err)
	}
}
