package store_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"docket/internal/mac"
	"docket/internal/postgres"
)

// guardedCall is a call of a function that checks a code: the statement has the code as its last argument, $N.
type guardedCall struct {
	statement string
	args      []any
	purpose   string
	parts     [][]byte
}

// guardedCalls are what an instance asks for somebody, each with the code that it shows. session is the hash of a session.
func guardedCalls(session []byte, owner uuid.UUID, now int64) []guardedCall {
	hash := func(text string) []byte { sum := sha256.Sum256([]byte(text)); return sum[:] }
	step, list, none := int64(5), [][]byte{hash("r")}, []byte(nil)
	reset, byProvider := mac.Text("reset"), uuid.MustParse("0199c1ee-0000-7000-8000-00000000abcd")
	return []guardedCall{
		{"SELECT * FROM session_begin($1, $2, 1, 'x', $3, $4)", []any{hash("new"), owner, now}, "session begin", [][]byte{hash("new"), mac.ID(owner), mac.Int(1), mac.Text("x"), mac.Int(now)}},
		{"SELECT provider_sign_in('https://login.example', 'sub', $1, 'p@example.com', 'u-1042', 'admin', '{blue,red}', $2, $3)", []any{byProvider, now}, "provider sign in", [][]byte{mac.Text("https://login.example"), mac.Text("sub"), mac.ID(byProvider), mac.Text("p@example.com"), mac.Text("u-1042"), mac.Text("admin"), mac.Text("blue red"), mac.Int(now)}},
		{"SELECT session_begin_at_provider($1, $2, 1, 'x', $3, 'sid', $4, true, $5)", []any{hash("p"), owner, now, hash("token")}, "session begin at provider", [][]byte{hash("p"), mac.ID(owner), mac.Int(1), mac.Text("x"), mac.Int(now), mac.Text("sid"), hash("token"), mac.Bool(true)}},
		{"SELECT provider_set_attributes('https://login.example', 'sub', '{team,site}', '{\"team\":\"a\"}', $1, $2)", []any{now}, "provider attributes", [][]byte{mac.Text("https://login.example"), mac.Text("sub"), mac.Text("team site"), mac.Text(`{"team":"a"}`), mac.Int(now)}},
		{"SELECT session_renew($1, $2, $3)", []any{hash("gone"), hash("b")}, "session renew", [][]byte{hash("gone"), hash("b")}},
		{"SELECT session_confirm($1, $2, NULL, $3)", []any{session, step}, "session confirm", [][]byte{session, mac.Int(step), none}},
		{"SELECT session_change_password($1, 7, 'x', $2)", []any{session}, "session change password", [][]byte{session, mac.Int(7), mac.Text("x")}},
		{"SELECT session_set_factor($1, 'y', 9, $2, 6, NULL, $3)", []any{session, list}, "session set factor", [][]byte{session, mac.Text("y"), mac.Int(9), mac.List(list), mac.Int(6), none}},
		{"SELECT session_renew_recovery_codes($1, $2, 20, NULL, $3)", []any{session, list}, "session renew recovery codes", [][]byte{session, mac.List(list), mac.Int(20), none}},
		{"SELECT session_remove_factor($1, NULL, $2, $3)", []any{session, hash("unknown")}, "session remove factor", [][]byte{session, none, hash("unknown")}},
		{"SELECT link_add($1, $2, 'reset', NULL, $3, $4)", []any{hash("link"), owner, now + 60_000}, "link add", [][]byte{hash("link"), mac.ID(owner), reset, none, mac.Int(now + 60_000)}},
		{"SELECT link_confirm($1, $2)", []any{hash("link")}, "link confirm", [][]byte{hash("link")}},
		{"SELECT password_rehash($1, 'old', 'x', $2)", []any{owner}, "password rehash", [][]byte{mac.ID(owner), mac.Text("old"), mac.Text("x")}},
		{"SELECT tries_count($1, '{10,20}', '{1000,2000}', $2)", []any{[][]byte{hash("t"), hash("u")}}, "tries count", [][]byte{mac.List([][]byte{hash("t"), hash("u")}), mac.Array([]int32{10, 20}), mac.Array([]int64{1000, 2000})}},
		{"SELECT tries_give_back($1, '{}', $2)", []any{list}, "tries give back", [][]byte{mac.List(list), mac.List(nil)}},
		{"SELECT erase_tickets_due($1, 'retention', 'retention', $2)", []any{[]uuid.UUID{owner}}, "erase tickets", [][]byte{mac.Array([]uuid.UUID{owner}), mac.Text("retention"), mac.Text("retention")}},
		{"SELECT * FROM hold_add($1, 'ann', 'x', $2)", []any{session}, "hold add", [][]byte{session, mac.Text("ann"), mac.Text("x")}},
		{"SELECT hold_remove($1, 'ann', 1, $2)", []any{session}, "hold remove", [][]byte{session, mac.Text("ann"), mac.Int(1)}},
		{"SELECT outcome FROM erase_user_as_admin($1, 'nobody', 'request', $2)", []any{session}, "erase user", [][]byte{session, mac.Text("nobody"), mac.Text("request")}},
		{"SELECT account_invite($1, $2, 'new@example.com', 'admin', NULL, 1, $3)", []any{session, uuid.Max}, "account invite", [][]byte{session, mac.ID(uuid.Max), mac.Text("new@example.com"), mac.Text("admin"), none, mac.Int(1)}},
		{"SELECT account_change($1, $2, 1, 'disable', $3)", []any{session, owner}, "account change", [][]byte{session, mac.ID(owner), mac.Int(1), mac.Text("disable")}},
		{"SELECT account_set_teams($1, $2, '{blue,red}', $3)", []any{session, owner}, "account set teams", [][]byte{session, mac.ID(owner), mac.Text("blue red")}},
		{"SELECT key_add($1, $2, 'crm', $3, '{latest:read,tickets:read}', NULL, true, $4)", []any{session, uuid.Max, hash("key")}, "key add", [][]byte{session, mac.ID(uuid.Max), mac.Text("crm"), hash("key"), mac.Text("latest:read tickets:read"), none, {1}}},
		{"SELECT key_add_with_origins($1, $2, 'shop', $3, '{links:write}', NULL, true, '{https://a.example,https://b.example}', $4)", []any{session, uuid.Nil, hash("k")}, "key add with origins", [][]byte{session, mac.ID(uuid.Nil), mac.Text("shop"), hash("k"), mac.Text("links:write"), none, {1}, mac.Text("https://a.example https://b.example")}},
		{"SELECT submission_link_add($1, $2, $3, 'u-1', '', '', '{}', '{}', '', 1000, $4)", []any{owner, hash("s"), uuid.Max}, "submission link add", [][]byte{mac.ID(owner), hash("s"), mac.ID(uuid.Max), mac.Text("u-1"), mac.Int(1000)}},
		{"SELECT submission_link_admit($1, $2, 0, 5, $3)", []any{owner, hash("browser")}, "submission link admit", [][]byte{mac.ID(owner), hash("browser"), mac.Int(0), mac.Int(5)}},
		{"SELECT key_revoke($1, $2, $3)", []any{session, uuid.Max}, "key revoke", [][]byte{session, mac.ID(uuid.Max)}},
		{"SELECT link_reset_password($1, 'x', $2)", []any{hash("link")}, "link reset password", [][]byte{hash("link"), mac.Text("x")}},
	}
}

// TestRole_Forgeries calls, as the role of docket serve, what lets people in: without a code, with that of another key, with that of
// another call, and with the right one.
func TestRole_Forgeries(t *testing.T) {
	t.Parallel()
	owner, app := roles(t)
	addPeople(t, owner)
	key := mac.NewKey(bytes.Repeat([]byte{7}, 32))
	if _, err := mac.Register(t.Context(), owner, key, false); err != nil {
		t.Fatal(err)
	}
	session := sha256.Sum256([]byte("s"))
	if _, err := owner.Exec(t.Context(), `INSERT INTO sessions (token_hash, account_id, account_version, factor_at_ms, confirmed_at_ms)
		VALUES ($1, $2, 1, now_ms(), now_ms())`, session[:], adminID); err != nil {
		t.Fatal(err)
	}
	var now int64
	if err := owner.QueryRow(t.Context(), "SELECT now_ms()").Scan(&now); err != nil {
		t.Fatal(err)
	}
	other := mac.NewKey(bytes.Repeat([]byte{8}, 32))
	all := guardedCalls(session[:], uuid.MustParse(adminID), now)
	for i, call := range all {
		next := all[(i+1)%len(all)]
		right := key.Sum(call.purpose, call.parts...)
		for name, code := range map[string][]byte{
			"none": nil, "an empty one": {}, "that of another key": other.Sum(call.purpose, call.parts...), "that of another call": key.Sum(next.purpose, next.parts...),
			"a longer one": append(bytes.Clone(right), 0),
		} {
			if err := execute(t, app, call.statement, append(call.args[:len(call.args):len(call.args)], code)...); !isForbidden(err) {
				t.Errorf("%s with %s: %v, want that it is not allowed", call.statement, name, err)
			}
		}
		if err := execute(t, app, call.statement, append(call.args[:len(call.args):len(call.args)], right)...); err != nil {
			t.Errorf("%s with the right code: %v", call.statement, err)
		}
	}
	covered := "SELECT count(*) FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND prosrc LIKE '%PERFORM check_mac(mac, %'"
	var functions int
	if err := owner.QueryRow(t.Context(), covered).Scan(&functions); err != nil || functions != len(all) {
		t.Errorf("%d functions check a code, %v; %d are called here", functions, err, len(all))
	}
}

// TestRole_AdminSessions asks for what only admins may, with the right codes, by sessions that are not those of an admin who has
// confirmed them just now.
func TestRole_AdminSessions(t *testing.T) {
	t.Parallel()
	owner, app := roles(t)
	addPeople(t, owner)
	key := mac.NewKey(bytes.Repeat([]byte{7}, 32))
	if _, err := mac.Register(t.Context(), owner, key, false); err != nil {
		t.Fatal(err)
	}
	session := sha256.Sum256([]byte("s"))
	const begin = "INSERT INTO sessions (token_hash, account_id, account_version, factor_at_ms, confirmed_at_ms) VALUES (sha256('s'), '" + adminID + "', 1, now_ms(), now_ms())"
	for name, change := range map[string]string{
		"confirmed long ago": "UPDATE sessions SET confirmed_at_ms = now_ms() - 600001",
		"never confirmed":    "UPDATE sessions SET confirmed_at_ms = NULL",
		"without a code":     "UPDATE sessions SET factor_at_ms = NULL",
		"old":                "UPDATE sessions SET created_at_ms = now_ms() - 43200001",
		"idle":               "UPDATE sessions SET seen_at_ms = now_ms() - 1800001",
		"of an agent":        "UPDATE sessions SET account_id = '" + agentID + "'",
		"of another version": "UPDATE sessions SET account_version = 2",
		"ended":              "DELETE FROM sessions",
	} {
		if err := errors.Join(execute(t, owner, "DELETE FROM sessions"), execute(t, owner, begin), execute(t, owner, change)); err != nil {
			t.Fatal(err)
		}
		for _, call := range guardedCalls(session[:], uuid.MustParse(customerID), 0) {
			switch call.purpose {
			case "account invite", "account change", "account set teams", "key add", "key revoke", "erase user":
			default:
				continue
			}
			args := append(call.args[:len(call.args):len(call.args)], key.Sum(call.purpose, call.parts...))
			var outcome string
			if err := app.QueryRow(t.Context(), strings.Replace(call.statement, "SELECT account_invite", "SELECT outcome FROM account_invite", 1), args...).Scan(&outcome); err != nil || outcome != "unconfirmed" {
				t.Errorf("%s by a session %s: %q, %v; want unconfirmed", call.purpose, name, outcome, err)
			}
		}
	}
}

// TestRole_Replays repeats what an instance has asked for, with its code, after the effect is gone.
func TestRole_Replays(t *testing.T) {
	t.Parallel()
	owner, app := roles(t)
	addPeople(t, owner)
	key, admin := mac.NewKey(bytes.Repeat([]byte{7}, 32)), uuid.MustParse(adminID)
	if _, err := mac.Register(t.Context(), owner, key, false); err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256([]byte("s"))
	begin := func(version, readMs int64) (begun int64) {
		t.Helper()
		code := key.Sum("session begin", hash[:], mac.ID(admin), mac.Int(version), mac.Text(""), mac.Int(readMs))
		tag, err := app.Exec(t.Context(), "SELECT * FROM session_begin($1, $2, $3, '', $4, $5)", hash[:], admin, version, readMs, code)
		if err != nil {
			t.Fatal(err)
		}
		return tag.RowsAffected()
	}
	var now int64
	if err := owner.QueryRow(t.Context(), "SELECT now_ms()").Scan(&now); err != nil {
		t.Fatal(err)
	}
	if begun := begin(1, now-301_000); begun != 0 {
		t.Error("a session of an account that was read long ago begins")
	}
	if begun := begin(1, now); begun != 1 {
		t.Fatal("no session begins")
	}
	confirm := key.Sum("session confirm", hash[:], mac.Int(5), nil)
	for _, want := range []bool{true, false} {
		var confirmed bool
		if err := app.QueryRow(t.Context(), "SELECT session_confirm($1, 5, NULL, $2)", hash[:], confirm).Scan(&confirmed); err != nil || confirmed != want {
			t.Errorf("the code of a step confirms: %v, %v; want %v", confirmed, err, want)
		}
	}
	if _, err := owner.Exec(t.Context(), "UPDATE accounts SET role = 'agent', version = version + 1 WHERE id = $1", admin); err != nil { // ends the session
		t.Fatal(err)
	}
	if begun := begin(1, now); begun != 0 {
		t.Error("a session begins again, though the account has changed")
	}
}

// TestRole_Upgrading gives a role what instances of the previous release need beside those of this one.
func TestRole_Upgrading(t *testing.T) {
	t.Parallel()
	owner, app := roles(t)
	addPeople(t, owner)
	const begin = "INSERT INTO sessions (token_hash, account_id, account_version, browser) VALUES (sha256('s'), '" + customerID + "', 1, '')"
	if err := execute(t, app, begin); !isForbidden(err) {
		t.Fatalf("%v, want that the role adds no session by itself", err)
	}
	var role string
	if err := app.QueryRow(t.Context(), "SELECT current_user").Scan(&role); err != nil {
		t.Fatal(err)
	}
	grants, err := os.ReadFile("../../docs/role.sql")
	if err != nil {
		t.Fatal(err)
	}
	if err := execute(t, owner, "SET docket.upgrading = 'on';"+strings.ReplaceAll(string(grants), "docket_app", role)+";RESET docket.upgrading"); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		begin, "SELECT account_confirm(sha256('l'))", "SELECT erase_tickets('{}', 'retention', 'retention')", "SELECT count_try('{}', '{}', '{}')",
		"UPDATE sessions SET token_hash = sha256('t')", "DELETE FROM tries", "DELETE FROM holds",
	} {
		if err := execute(t, app, statement); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

func execute(t *testing.T, on *postgres.Pool, statement string, args ...any) error {
	t.Helper()
	_, err := on.Exec(t.Context(), statement, args...)
	return err
}

func isForbidden(err error) bool {
	answer, ok := errors.AsType[*pgconn.PgError](err)
	return ok && answer.Code == "42501"
}
