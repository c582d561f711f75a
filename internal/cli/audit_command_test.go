package cli_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/audit"
	"docket/internal/testkit/testdb"
)

// TestAudit_Commands changes accounts and keys by commands, and reads what the audit says of them.
func TestAudit_Commands(t *testing.T) {
	t.Parallel()
	db := testdb.New(t).Primary
	env := []string{"DATABASE_URL=" + db, sessionKey}
	for _, step := range []struct {
		args  string
		stdin string
	}{
		{"account add ann@example.com --role agent", "a long password\n"},
		{"account password ann@example.com", "another password\n"},
		{"account role ann@example.com admin", ""},
		{"account disable ann@example.com", ""},
		{"account enable ann@example.com", ""},
		{"account sign-out ann@example.com", ""},
		{"account sign-out --all", ""},
		{"key add crm --scope latest:read", ""},
	} {
		run(t, docket(t, env, strings.Fields(step.args)...), step.stdin).want(t, 0)
	}
	key := strings.Fields(strings.Split(run(t, docket(t, env, "key", "list"), "").want(t, 0).out, "\n")[1])[0]
	run(t, docket(t, env, "key", "revoke", key), "").want(t, 0)
	run(t, docket(t, env, "account", "disable", "nobody@example.com"), "").want(t, 1)

	all := run(t, docket(t, env, "audit"), "").want(t, 0, "TIME", "cli")
	var actions []string
	for _, line := range strings.Split(strings.TrimSpace(all.out), "\n")[1:] {
		actions = append(actions, strings.Fields(line)[3])
	}
	const want = "key_revoked key_added sessions_ended sessions_ended account_enabled account_disabled role_changed password_changed account_added"
	if got := strings.Join(actions, " "); got != want {
		t.Errorf("the audit says %q, want %q", got, want)
	}
	if strings.Contains(all.out, "ann@") {
		t.Errorf("the audit has an address:\n%s", all.out)
	}
	run(t, docket(t, env, "audit", "--action", "key_added", "--json"), "").want(t, 0, `"actor":"cli","action":"key_added","object":"key:crm"`)
	if none := run(t, docket(t, env, "audit", "--actor", "agent:1", "--json"), "").want(t, 0); none.out != "" {
		t.Errorf("of agent:1 there is %q", none.out)
	}
	run(t, docket(t, env, "audit", "--action", "nothing"), "").want(t, 80, "there is no action")
	run(t, docket(t, env, "audit", "--ticket", "x"), "").want(t, 1, "no id of a ticket")
	run(t, docket(t, env, "audit", "--to", "x"), "").want(t, 1, "--to")
}

// TestAudit_ByEmail finds the failed sign-ins of an address by its hash, which depends on the session key.
func TestAudit_ByEmail(t *testing.T) {
	t.Parallel()
	db := testdb.New(t).Primary
	conn, err := pgx.Connect(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	hash := audit.New(nil, make([]byte, 32), nil, audit.Hooks{}).Email("ann@example.com")
	if _, err := conn.Exec(t.Context(), "INSERT INTO audit (actor, action, object) VALUES ('anonymous', 'sign_in_failed', $1)", hash); err != nil {
		t.Fatal(err)
	}
	run(t, docket(t, []string{"DATABASE_URL=" + db, sessionKey}, "audit", "--email", " Ann@Example.com"), "").want(t, 0, "sign_in_failed", hash)
	run(t, docket(t, []string{"DATABASE_URL=" + db}, "audit", "--email", "ann@example.com"), "").want(t, 1, "SESSION_KEY")
}
