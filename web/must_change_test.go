package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

const ownPassword = "a password of my own"

// temporary makes an account as docket account add does, and signs in with it.
func temporary(t *testing.T, s *testsite.Site, name string, role account.Role, next string) *browser {
	t.Helper()
	email := name + "@example.com"
	if _, err := s.Instances[0].Accounts.AddTemporary(t.Context(), email, testsite.Password, role); err != nil {
		t.Fatal(err)
	}
	b := visitor(t, s.URL)
	got := b.post("/login", url.Values{"email": {email}, "password": {testsite.Password}, "next": {next}}).want(t, http.StatusSeeOther)
	if want := "/account/password?" + (url.Values{"next": {next}}).Encode(); next != "" && got.location() != want {
		t.Errorf("after the sign-in: %s, want %s", got.location(), want)
	}
	return b
}

func TestMustChange_ReachesNothingElse(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, role := range []account.Role{account.Customer, account.Agent, account.Admin} {
		b := temporary(t, s, string(role), role, "")
		for _, path := range []string{"/", "/tickets", "/tickets/new", "/review", "/review/events", "/admin/rules", "/account", "/files/" + someID} {
			if got := b.get(path).want(t, http.StatusSeeOther).location(); !isPage(got, "/account/password") {
				t.Errorf("%s as %s: %s", path, role, got)
			}
			if path == "/" || path == "/review/events" {
				continue
			}
			if got := b.get(path, "HX-Request", "true").want(t, http.StatusUnauthorized).header.Get("HX-Redirect"); !isPage(got, "/account/password") {
				t.Errorf("the fragment %s as %s: %s", path, role, got)
			}
		}
		for path, sent := range map[string]url.Values{"/tickets": answers(someID), "/tickets/new": answers(someID), "/review/next": nil} {
			if got := b.post(path, sent).want(t, http.StatusSeeOther).location(); !isPage(got, "/account/password") {
				t.Errorf("POST %s as %s: %s", path, role, got)
			}
		}
	}
	for _, table := range []string{"tickets", "drafts", "claims"} {
		if n := rows(t, s, table); n != 0 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
}

func TestMustChange_Changed(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := temporary(t, s, "agent", account.Agent, "/review?status=approved")
	page := b.get("/account/password").want(t, 200, "Somebody else has set your password", "agent@example.com", "Sign out")
	page.lacks(t, ">Queue<")
	for _, wrong := range []struct{ old, replacement, says string }{
		{"not the password", ownPassword, "not your present password"},
		{testsite.Password, "short", "12 to 200 characters"},
		{testsite.Password, testsite.Password, "another password"},
	} {
		b.post("/account/password", url.Values{"old_password": {wrong.old}, "password": {wrong.replacement}}).
			want(t, http.StatusUnprocessableEntity, wrong.says)
	}
	changed := b.post("/account/password", url.Values{
		"old_password": {testsite.Password}, "password": {ownPassword}, "next": {"/review?status=approved"},
	}).want(t, http.StatusSeeOther)
	if changed.location() != "/review?status=approved" {
		t.Errorf("after the change: %s", changed.location())
	}
	b.get("/review").want(t, 200)
	again := visitor(t, s.URL).post("/login", url.Values{"email": {"agent@example.com"}, "password": {ownPassword}}).want(t, http.StatusSeeOther)
	if again.location() != "/review" {
		t.Errorf("the next sign-in: %s", again.location())
	}
}

// TestMustChange_OtherNormalForm sets the same password again, as another keyboard writes it.
func TestMustChange_OtherNormalForm(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := temporary(t, s, "agent", account.Agent, "")
	const set, typed = "kh\u00f3a do ng\u01b0\u1eddi kh\u00e1c", "kho\u0301a do ng\u01b0\u01a1\u0300i kha\u0301c"
	if err := s.Instances[0].Accounts.SetPassword(t.Context(), "agent@example.com", set); err != nil {
		t.Fatal(err)
	}
	b.post("/login", credentials("agent@example.com", set)).want(t, http.StatusSeeOther)
	b.post("/account/password", url.Values{"old_password": {set}, "password": {typed}}).want(t, http.StatusUnprocessableEntity, "another password")
}

// TestMustChange_OtherAccount does not obey a page that was made for another account, though nobody is quite signed in.
func TestMustChange_OtherAccount(t *testing.T) {
	t.Parallel()
	s := start(t)
	_, other := s.Account(t, "other", account.Agent)
	b := temporary(t, s, "agent", account.Agent, "")
	sent := url.Values{"old_password": {testsite.Password}, "password": {ownPassword}, form.AccountInput: {other}}
	b.post("/account/password", sent).want(t, http.StatusConflict, "agent@example.com")
	b.get("/review").want(t, http.StatusSeeOther)
}

func TestMustChange_SignOut(t *testing.T) {
	t.Parallel()
	b := temporary(t, start(t), "agent", account.Agent, "")
	b.post("/logout", nil).want(t, http.StatusSeeOther)
	if got := b.get("/account/password").want(t, http.StatusSeeOther).location(); !isPage(got, "/login") {
		t.Errorf("signed out: %s", got)
	}
}

// TestMustChange_SetByOperator signs an account out whose password an operator sets; a password of before need not be changed.
func TestMustChange_SetByOperator(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, _ := signedIn(t, s, "agent", account.Agent)
	b.get("/review").want(t, 200)
	if err := s.Instances[0].Accounts.SetPassword(t.Context(), "agent@example.com", "set by an operator"); err != nil {
		t.Fatal(err)
	}
	got := b.post("/login", url.Values{"email": {"agent@example.com"}, "password": {"set by an operator"}}).want(t, http.StatusSeeOther)
	if !isPage(got.location(), "/account/password") {
		t.Errorf("after the sign-in: %s", got.location())
	}
}

func TestPassword_ChangeEndsOtherSessions(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.New(t))
	email, _ := s.Account(t, "customer", account.Customer)
	here, there := visitor(t, s.URLs[0]), visitor(t, s.URLs[1])
	here.login(email)
	there.login(email)
	changed := here.post("/account/password", url.Values{"old_password": {testsite.Password}, "password": {ownPassword}}).want(t, http.StatusSeeOther)
	here.get(changed.location()).want(t, 200, "Your password is changed")
	here.get("/tickets").want(t, 200)
	there.get("/tickets").want(t, http.StatusSeeOther)
	there.post("/login", url.Values{"email": {email}, "password": {testsite.Password}}).want(t, http.StatusUnprocessableEntity)
	there.post("/login", url.Values{"email": {email}, "password": {ownPassword}}).want(t, http.StatusSeeOther)
	there.get("/tickets").want(t, 200)
}

// isPage reports whether an address is a page, with or without a query.
func isPage(address, path string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Path == path
}
