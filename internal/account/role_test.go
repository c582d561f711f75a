package account_test

import (
	"bytes"
	"context"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"docket/internal/account"
	"docket/internal/mac"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
)

// connectAsApp connects with the rights of docs/role.sql.
func connectAsApp(t *testing.T, url string) (owner, app *postgres.Pool) {
	t.Helper()
	owner, role := connect(t, url), "app_"+strings.ReplaceAll(uuid.NewString(), "-", "")
	grants, err := os.ReadFile("../../docs/role.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := owner.Exec(t.Context(), strings.ReplaceAll(string(grants), "docket_app", role)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, statement := range []string{"DROP OWNED BY " + role, "DROP ROLE " + role} {
			if _, err := owner.Exec(context.WithoutCancel(t.Context()), statement); err != nil {
				t.Error(err)
			}
		}
	})
	return owner, connect(t, url+"&options=-c%20role%3D"+role)
}

// TestAccounts_AppRole changes an account as its owner does in a browser, with the rights of the role of docket serve.
func TestAccounts_AppRole(t *testing.T) {
	t.Parallel()
	owner, app := connectAsApp(t, testdb.New(t).Primary)
	config := account.Config{SessionKey: bytes.Repeat([]byte{7}, 32)}
	if _, err := mac.Register(t.Context(), owner, mac.NewKey(config.SessionKey), false); err != nil {
		t.Fatal(err)
	}
	if _, err := account.NewAccounts(owner, config).AddTemporary(t.Context(), "agent@example.com", oldPassword, account.Agent); err != nil {
		t.Fatal(err)
	}
	accounts := account.NewAccounts(app, config)
	sessions := account.NewSessions(app, account.NewCookies(false, nil)).WithSessionKey(config.SessionKey).WithStaffFactor(true)
	a, err := accounts.SignIn(t.Context(), account.Client{}, "agent@example.com", oldPassword)
	if err != nil {
		t.Fatal(err)
	}
	r := signIn(t, sessions, a)
	at := func(want account.Stage) account.Session {
		t.Helper()
		r = r.Clone(context.WithoutCancel(t.Context())) // it has not looked for its session yet
		s, err := sessions.Current(r)
		if err != nil || s.Owner.ID != a.ID || s.Stage != want {
			t.Fatalf("the session is %+v, %v; want stage %q", s, err, want)
		}
		return s
	}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(accounts.ChangePassword(t.Context(), account.Client{}, at(account.NeedsPassword), oldPassword, newPassword))
	enrolment, err := accounts.NewEnrolment(at(account.NeedsFactor), "docket")
	check(err)
	code, err := totp.GenerateCode(enrolment.Secret, time.Now())
	check(err)
	codes, err := accounts.SetFactor(t.Context(), account.Client{}, at(account.NeedsFactor), enrolment.Sealed, code, account.Proof{})
	check(err)
	proof := func(n int) account.Proof { return account.Proof{Password: newPassword, Code: codes[n]} }
	fresh, err := accounts.RenewRecoveryCodes(t.Context(), account.Client{}, at(account.Complete), proof(0))
	check(err)
	codes = fresh
	a, err = accounts.SignIn(t.Context(), account.Client{}, "agent@example.com", newPassword)
	check(err)
	r = signIn(t, sessions, a)
	_, err = accounts.ConfirmFactor(t.Context(), at(account.NeedsCode), codes[1])
	check(err)
	_, err = sessions.Renew(httptest.NewRecorder(), r)
	check(err)
	r = signIn(t, sessions, a)
	_, err = accounts.ConfirmFactor(t.Context(), at(account.NeedsCode), codes[2])
	check(err)
	listed, err := sessions.List(t.Context(), at(account.Complete))
	if err != nil || len(listed) != 3 {
		t.Errorf("%d sessions, %v; want 3", len(listed), err)
	}
	if ended, err := sessions.End(t.Context(), at(account.Complete), ""); err != nil || ended != 2 {
		t.Errorf("%d sessions ended, %v; want 2", ended, err)
	}
	check(accounts.RemoveFactor(t.Context(), account.Client{}, at(account.Complete), proof(3)))
	at(account.NeedsFactor)
	check(sessions.SignOut(httptest.NewRecorder(), r))
	if s, err := sessions.Current(r.Clone(t.Context())); err != nil || s.Owner != (account.Account{}) {
		t.Errorf("after the sign-out: %+v, %v", s, err)
	}
}
