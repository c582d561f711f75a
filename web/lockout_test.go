package web_test

import (
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestAccount_ChangesEndSessions changes accounts at one instance; within five seconds every other one refuses pages and ends
// event streams.
func TestAccount_ChangesEndSessions(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.New(t))
	accounts := s.Instances[0].Accounts
	for name, change := range map[string]func(email string) error{
		"disable":  func(email string) error { return accounts.SetDisabled(t.Context(), email, true) },
		"password": func(email string) error { return accounts.SetPassword(t.Context(), email, "quite another password") },
		"role":     func(email string) error { return accounts.SetRole(t.Context(), email, account.Customer) },
		"sign-out": func(email string) error { _, err := accounts.SignOut(t.Context(), email); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			email, _ := s.Account(t, name, account.Agent)
			agent := visitor(t, s.URLs[1])
			agent.login(email)
			stream, err := agent.client.Get(s.URLs[1] + "/review/events")
			if err != nil {
				t.Fatal(err)
			}
			defer stream.Body.Close()
			if err := change(email); err != nil {
				t.Fatal(err)
			}
			changed := time.Now()
			agent.get("/review").want(t, http.StatusSeeOther)
			if _, err := io.ReadAll(stream.Body); err != nil {
				t.Error(err)
			}
			if took := time.Since(changed); took > 5*time.Second {
				t.Errorf("the event stream ended after %s, want five seconds at most", took)
			}
		})
	}
}

func TestLogin_DisabledAccount(t *testing.T) {
	t.Parallel()
	s := start(t)
	email, _ := s.Account(t, "agent", account.Agent)
	if err := s.Instances[0].Accounts.SetDisabled(t.Context(), email, true); err != nil {
		t.Fatal(err)
	}
	visitor(t, s.URL).post("/login", url.Values{"email": {email}, "password": {testsite.Password}}).
		want(t, http.StatusUnprocessableEntity, "This account is disabled")
	visitor(t, s.URL).post("/login", url.Values{"email": {email}, "password": {"not the password"}}).
		want(t, http.StatusUnprocessableEntity, "do not belong together")
}
