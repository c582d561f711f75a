package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/form/starter"
	"docket/internal/testkit/testdb"
)

const sessionKey = "SESSION_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

func TestServe_InvalidSettings(t *testing.T) {
	t.Parallel()
	db := testdb.New(t).Primary
	for name, try := range map[string]struct {
		env  []string
		says string
	}{
		"no database":         {[]string{sessionKey}, "Set DATABASE_URL or --database-url"},
		"an empty database":   {[]string{sessionKey, "DATABASE_URL="}, "Set DATABASE_URL or --database-url"},
		"no session key":      {[]string{"DATABASE_URL=" + db}, "SESSION_KEY (--session-key) is not 32 bytes in base64 or hex; create one with"},
		"a site without http": {[]string{"DATABASE_URL=" + db, sessionKey, "BASE_URL=tickets.example.com"}, "BASE_URL (--base-url) must be"},
		"a site in a folder":  {[]string{"DATABASE_URL=" + db, sessionKey, "BASE_URL=https://example.com/tickets"}, "BASE_URL (--base-url) must be"},
		"a site with a user":  {[]string{"DATABASE_URL=" + db, sessionKey, "BASE_URL=https://ann:secret@example.com"}, "BASE_URL (--base-url) must be"},
		"a site with a part":  {[]string{"DATABASE_URL=" + db, sessionKey, "BASE_URL=https://example.com/#top"}, "BASE_URL (--base-url) must be"},
		"a site without port": {[]string{"DATABASE_URL=" + db, sessionKey, "BASE_URL=https://example.com:99999"}, "BASE_URL (--base-url) must be"},
		"a rate below none":   {[]string{"DATABASE_URL=" + db, sessionKey, "RATE_LIMIT=-1"}, "RATE_LIMIT (--rate-limit) must be a number"},
		"metrics nowhere":     {[]string{"DATABASE_URL=" + db, sessionKey, "METRICS_ADDR=nonsense"}, "METRICS_ADDR (--metrics-addr): "},
		"a short session key": {[]string{"DATABASE_URL=" + db, "SESSION_KEY=c2hvcnQ="}, "32 bytes"},
		"a form with mistakes": {
			[]string{"DATABASE_URL=" + db, sessionKey, "FORM_FILE=" + badForm(t)}, "line 2",
		},
	} {
		got := run(t, docket(t, append(try.env, "LISTEN_ADDR=127.0.0.1:0"), "serve"), "")
		if got.code == 0 || got.out != "" || strings.Contains(got.err, `"ready"`) || !strings.Contains(got.err, try.says) {
			t.Errorf("%s: exit code %d and %q, want a refusal that says %q", name, got.code, got.err, try.says)
		}
	}
}

func TestServe_OldSchema(t *testing.T) {
	t.Parallel()
	db := testdb.New(t).Primary
	conn, err := pgx.Connect(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), "DELETE FROM docket_migrations WHERE version_id = (SELECT max(version_id) FROM docket_migrations)"); err != nil {
		t.Fatal(err)
	}
	run(t, docket(t, []string{"DATABASE_URL=" + db, sessionKey}, "serve", "--listen", "127.0.0.1:0"), "").
		want(t, 1, "docket migrate up")
	run(t, docket(t, []string{"DATABASE_URL=" + db}, "migrate", "status"), "").want(t, 0, "pending")
}

func TestAccountAdd(t *testing.T) {
	t.Parallel()
	env := []string{"DATABASE_URL=" + testdb.New(t).Primary}
	run(t, docket(t, env, "account", "add", "Ann@Example.com", "--role", "agent"), "a long password\n").want(t, 0, "ann@example.com", "agent")
	run(t, docket(t, env, "account", "add", "ann@example.com", "--role", "agent"), "a long password\n").want(t, 1, "has an account already")
	run(t, docket(t, env, "account", "add", "bob@example.com", "--role", "agent"), "short\n").want(t, 1, "12 to 200")
	if got := run(t, docket(t, env, "account", "add", "bob@example.com", "--role", "king"), "a long password\n"); got.code == 0 {
		t.Error("a king was made")
	}
}

func TestAccount_Manage(t *testing.T) {
	t.Parallel()
	env := []string{"DATABASE_URL=" + testdb.New(t).Primary}
	run(t, docket(t, env, "account", "add", "ann@example.com", "--role", "agent"), "a long password\n").want(t, 0)
	run(t, docket(t, env, "account", "add", "bob@example.com", "--role", "customer"), "a long password\n").want(t, 0)
	base := append(env, "BASE_URL=https://tickets.example.com")
	run(t, docket(t, base, "account", "invite", "zoe@example.com", "--role", "admin"), "").want(t, 0, "https://tickets.example.com/reset/")
	run(t, docket(t, base, "account", "invite", "zoe@example.com", "--role", "agent"), "").want(t, 0, "https://tickets.example.com/reset/")
	run(t, docket(t, base, "account", "invite", "ann@example.com", "--role", "agent"), "").want(t, 1, "has an account already")
	run(t, docket(t, env, "account", "password", "Ann@example.com"), "another password\n").want(t, 0, "ann@example.com has a new password")
	run(t, docket(t, env, "account", "password", "ann@example.com"), "short\n").want(t, 1, "12 to 200")
	run(t, docket(t, env, "account", "role", "ann@example.com", "admin"), "").want(t, 0, "ann@example.com has the role admin")
	run(t, docket(t, env, "account", "team", "ann@example.com", "fraud", "seniors"), "").want(t, 0, "ann@example.com is in the teams fraud, seniors")
	run(t, docket(t, env, "account", "team", "ann@example.com", "Big Team"), "").want(t, 1, "a team is named by")
	run(t, docket(t, env, "account", "team", "ann@example.com"), "").want(t, 0, "ann@example.com is in no team")
	run(t, docket(t, env, "account", "disable", "ann@example.com"), "").want(t, 0, "ann@example.com is disabled")
	disabled := run(t, docket(t, env, "account", "list", "--role", "admin"), "").want(t, 0, "ann@example.com", "admin")
	if strings.Contains(disabled.out, "bob@") || strings.Contains(disabled.out, " -  ") {
		t.Errorf("want ann alone, disabled:\n%s", disabled.out)
	}
	run(t, docket(t, env, "account", "enable", "ann@example.com"), "").want(t, 0, "ann@example.com may sign in")
	run(t, docket(t, env, "account", "list"), "").want(t, 0, "ann@example.com", " -  ", "bob@example.com")
	run(t, docket(t, env, "account", "factor-off", "ann@example.com"), "").want(t, 0, "ann@example.com has no second factor")
	run(t, docket(t, env, "account", "sign-out", "ann@example.com"), "").want(t, 0, "sessions ended: 0")
	run(t, docket(t, env, "account", "sign-out", "--all"), "").want(t, 0, "sessions ended: 0")
	for _, command := range [][]string{{"disable", "eve@example.com"}, {"enable", "eve@example.com"}, {"role", "eve@example.com", "agent"}, {"team", "eve@example.com", "fraud"}, {"sign-out", "eve@example.com"}, {"factor-off", "eve@example.com"}} {
		run(t, docket(t, env, append([]string{"account"}, command...)...), "").want(t, 1, "no account has this address")
	}
	for _, command := range [][]string{{"role", "ann@example.com", "king"}, {"sign-out"}, {"sign-out", "ann@example.com", "--all"}} {
		if got := run(t, docket(t, env, append([]string{"account"}, command...)...), ""); got.code == 0 {
			t.Errorf("%v is not refused", command)
		}
	}
}

func TestKey_AddListRevoke(t *testing.T) {
	t.Parallel()
	env := []string{"DATABASE_URL=" + testdb.New(t).Primary}
	made := run(t, docket(t, env, "key", "add", "billing", "--scope", "latest:read,tickets:read"), "").want(t, 0)
	secret := strings.TrimSpace(made.out)
	if !strings.HasPrefix(secret, "dk_") || strings.Contains(secret, "\n") {
		t.Errorf("standard output is %q, want the key alone", made.out)
	}
	run(t, docket(t, env, "key", "add", "billing", "--scope", "latest:read"), "").want(t, 1, "exists")
	run(t, docket(t, env, "key", "add", "other", "--scope", "all"), "").want(t, 1, "latest:read, tickets:read")
	run(t, docket(t, env, "key", "add", "spaced", "--scope", "latest:read", "tickets:write", "latest:read"), "").want(t, 0)
	run(t, docket(t, env, "key", "list"), "").want(t, 0, " latest:read,tickets:write ")
	list := run(t, docket(t, env, "key", "list"), "").want(t, 0, "billing", "latest:read,tickets:read")
	if strings.Contains(list.out, secret) {
		t.Error("the list shows the key")
	}
	lines := strings.Split(list.out, "\n")
	id := strings.Fields(lines[1])[0]
	run(t, docket(t, env, "key", "revoke", id), "").want(t, 0, "billing was revoked")
	run(t, docket(t, env, "key", "revoke", "0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c001"), "").want(t, 1, "unknown")
	run(t, docket(t, env, "key", "revoke", "x"), "").want(t, 1, "docket key list")
}

// TestCommands_OutputLost has a standard output that takes nothing, as a file on a full disk: what cannot be printed is no success.
func TestCommands_OutputLost(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	env := []string{"DATABASE_URL=" + db.Primary, sessionKey}
	lines := strings.Split(run(t, docket(t, env, "key", "add", "old", "--scope", "latest:read"), "").want(t, 0).out+run(t, docket(t, env, "key", "list"), "").out, "\n")
	id := strings.Fields(lines[2])[0]
	for _, test := range []struct{ command, in, said string }{
		{"key add shop --scope latest:read", "", "make another one"},
		{"key list", "", ""},
		{"key revoke " + id, "", ""},
		{"webhook add https://shop.example/hook", "", "make another one"},
		{"account add ann@example.com --role agent", "a long password of mine\n", ""},
		{"migrate up", "", ""},
		{"migrate status", "", ""},
		{"migrate session-key", "", ""},
	} {
		c := docket(t, env, strings.Fields(test.command)...)
		file, err := os.Open(os.DevNull) // for reading alone
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		var said bytes.Buffer
		c.Stdin, c.Stdout, c.Stderr = strings.NewReader(test.in), file, &said
		if err := c.Run(); err == nil || c.ProcessState.ExitCode() != 1 || !strings.Contains(said.String(), "write /dev/stdout") || !strings.Contains(said.String(), test.said) {
			t.Errorf("%s: %v; it says %q", test.command, err, &said)
		}
	}
	run(t, docket(t, env, "audit"), "").want(t, 0, "key:shop", "webhook_added", "account_added")
}

func TestForm_NewAndCheck(t *testing.T) {
	t.Parallel()
	made := docket(t, nil, "form", "new", "loan-application")
	run(t, made, "").want(t, 0, "loan-application.yaml")
	path := filepath.Join(made.Dir, "loan-application.yaml")
	run(t, docket(t, nil, "form", "check", path), "").want(t, 0, "is valid")
	again := docket(t, nil, "form", "new", "loan-application")
	again.Dir = made.Dir
	run(t, again, "").want(t, 1, "exists")
	schema := run(t, docket(t, nil, "form", "schema"), "").want(t, 0, `"$schema"`, `"second_approval"`).out
	if beside, err := os.ReadFile(filepath.Join(made.Dir, "form.schema.json")); err != nil || string(beside) != schema {
		t.Errorf("the schema beside the form: %v, %d bytes, want %d", err, len(beside), len(schema))
	}
	for _, from := range starter.Names() {
		made := docket(t, nil, "form", "new", "mine", "--from", from, "--language", "en")
		run(t, made, "").want(t, 0, "mine.yaml")
		run(t, docket(t, nil, "form", "check", filepath.Join(made.Dir, "mine.yaml")), "").want(t, 0, "is valid")
	}
	run(t, docket(t, nil, "form", "new", "mine", "--from", "approval", "--language", "vi"), "").want(t, 1, "leave out --language")
	other := docket(t, nil, "form", "new", "loan-application", "--from", "refund")
	run(t, other, "").want(t, 0)
	changed := filepath.Join(other.Dir, "loan-application.yaml")
	run(t, docket(t, nil, "form", "diff", path, changed), "").want(t, 0, "For customers", "! “account” is required")
	run(t, docket(t, nil, "form", "diff", path, changed, "--fail-on", "breaking"), "").want(t, 1, "! “account” is required")
	run(t, docket(t, nil, "form", "diff", path, path, "--fail-on", "breaking"), "").want(t, 0, "Nobody notices a difference")
	bad := badForm(t)
	got := run(t, docket(t, nil, "form", "check", bad), "").want(t, 1, bad+":2:1: ", bad+":5:11: ")
	if strings.Count(got.out, "\n") < 3 {
		t.Errorf("not every mistake is reported:\n%s", got.out)
	}
}

// badForm is a form file with several mistakes.
func badForm(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bad.yaml")
	text := "name: bad\ntitel: Bad\nfields:\n  - name: a\n    type: txt\n    label: A\n  - name: a\n    label: B\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestHelp(t *testing.T) {
	t.Parallel()
	run(t, docket(t, nil, "version"), "").want(t, 0, "docket dev (unknown)")
	run(t, docket(t, nil, "--help"), "").want(t, 0, "docket dev", "serve", "migrate", "account add", "key add", "form check", "form schema")
	run(t, docket(t, nil, "serve", "--help"), "").want(t, 0, "$DATABASE_URL", "$REPLICA_URL", "$SESSION_KEY", "--form", "$LOG_LEVEL")
}

func TestRulesTest(t *testing.T) {
	t.Parallel()
	const src = `name: x
title: X
fields: [{name: born, label: Born, type: date}]
reasons: [{code: young, label: Young, class: final, text: Too young.}]
rules: [{name: too-young, when: age(born) < 18, decide: reject, reason: young}]
examples:
  - {name: a child, today: 2026-03-04, answers: {born: 2010-01-01}, expect: reject, reason: young}
  - {name: a grown-up, today: 2026-03-04, answers: {born: 1990-01-01}, expect: nothing}
`
	path := filepath.Join(t.TempDir(), "x.yaml")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(src)
	run(t, docket(t, nil, "rules", "test", path), "").want(t, 0, "rules 1, examples 2, all as expected")
	write(strings.ReplaceAll(src, "1990", "2009"))
	run(t, docket(t, nil, "rules", "test", path), "").want(t, 1, path+":8: a grown-up: expected nothing, but the rule too-young says reject", "1 of 2 examples are not as expected")
	write(src + "zzz: 1\n")
	run(t, docket(t, nil, "rules", "test", path), "").want(t, 1, path+":9:1: unknown key")
}

// A variable without a value is as one that is not there.
func TestServe_EmptyVariables(t *testing.T) {
	t.Parallel()
	env := []string{"DATABASE_URL=" + testdb.New(t).Primary, sessionKey, "FILES_URL=file://" + t.TempDir()}
	help := run(t, docket(t, nil, "serve", "--help"), "").want(t, 0).out
	names := regexp.MustCompile(`\(\$([A-Z_]+)\)`).FindAllStringSubmatch(help, -1)
	if len(names) < 25 {
		t.Fatalf("only %d variables: %s", len(names), help)
	}
	for _, name := range names {
		if name[1] != "DATABASE_URL" && name[1] != "SESSION_KEY" && name[1] != "FILES_URL" {
			env = append(env, name[1]+"=")
		}
	}
	base, end := startServe(t, env, "--listen", "127.0.0.1:0")
	if status, _ := get(t, base+"/login"); status != 200 {
		t.Errorf("the sign-in answers %d", status)
	}
	end()
}
