package account_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"docket/internal/account"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
)

const (
	oldPassword = "the password of before"
	newPassword = "the password of after"
)

// signIn begins a session and returns a request of its browser.
func signIn(t *testing.T, sessions *account.Sessions, a account.Account) *http.Request {
	t.Helper()
	answer := httptest.NewRecorder()
	if _, err := sessions.SignIn(answer, httptest.NewRequest(http.MethodPost, "/login", nil), a); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, cookie := range answer.Result().Cookies() {
		r.AddCookie(cookie)
	}
	return r
}

// TestSessions_OfAChangedAccount begins a session for an account that was read before it was changed: so does a sign-in whose
// password was compared meanwhile.
func TestSessions_OfAChangedAccount(t *testing.T) {
	t.Parallel()
	pool := connect(t, testdb.New(t).Primary)
	accounts, sessions := account.NewAccounts(pool, account.Config{}), account.NewSessions(pool, account.NewCookies(false, nil))
	for name, test := range map[string]struct {
		change func(email string) error
		valid  bool
	}{
		"unchanged": {func(string) error { return nil }, true},
		"password":  {func(email string) error { return accounts.SetPassword(t.Context(), email, newPassword) }, false},
		"role":      {func(email string) error { return accounts.SetRole(t.Context(), email, account.Customer) }, false},
		"disabled":  {func(email string) error { return accounts.SetDisabled(t.Context(), email, true) }, false},
	} {
		a, err := accounts.Add(t.Context(), account.Client{}, name+"@example.com", oldPassword, account.Agent)
		if err != nil {
			t.Fatal(err)
		}
		before := signIn(t, sessions, a)
		if err := test.change(a.Email); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for when, r := range map[string]*http.Request{"before": before, "after": signIn(t, sessions, a)} {
			if valid := sessions.StillValid(r); valid != test.valid {
				t.Errorf("%s: the session that began %s it is valid: %t, want %t", name, when, valid, test.valid)
			}
		}
	}
}

func TestSignIn_ChangedAccount(t *testing.T) {
	t.Parallel()
	accounts := account.NewAccounts(connect(t, testdb.New(t).Primary), account.Config{})
	if _, err := accounts.Add(t.Context(), account.Client{}, "ann@example.com", oldPassword, account.Agent); err != nil {
		t.Fatal(err)
	}
	set := func(change error) {
		t.Helper()
		if change != nil {
			t.Fatal(change)
		}
	}
	want := func(password string, want error) {
		t.Helper()
		if _, err := accounts.SignIn(t.Context(), account.Client{}, "ann@example.com", password); !errors.Is(err, want) {
			t.Errorf("sign in with %q: %v, want %v", password, err, want)
		}
	}
	want(oldPassword, nil)
	set(accounts.SetPassword(t.Context(), " Ann@example.com", newPassword))
	want(oldPassword, account.ErrWrongPassword)
	want(newPassword, nil)
	set(accounts.SetDisabled(t.Context(), "ann@example.com", true))
	want(oldPassword, account.ErrWrongPassword)
	want(newPassword, account.ErrDisabled)
	set(accounts.SetDisabled(t.Context(), "ann@example.com", false))
	want(newPassword, nil)
}

// TestSetRole_Unconfirmed lets an account that nobody has confirmed become staff only with a new password.
func TestSetRole_Unconfirmed(t *testing.T) {
	t.Parallel()
	pool := connect(t, testdb.New(t).Primary)
	accounts := account.NewAccounts(pool, account.Config{})
	if err := accounts.SignUp(t.Context(), account.Client{}, "ann@example.com", oldPassword, "en"); err != nil {
		t.Fatal(err)
	}
	if err := accounts.SetRole(t.Context(), "ann@example.com", account.Agent); !errors.Is(err, account.ErrUnconfirmed) {
		t.Errorf("a role: %v, want %v", err, account.ErrUnconfirmed)
	}
	if _, err := pool.Exec(t.Context(), "UPDATE accounts SET role = 'agent'"); err == nil {
		t.Error("the database makes staff of an account that is not confirmed")
	}
	if err := accounts.SetPassword(t.Context(), "ann@example.com", newPassword); err != nil {
		t.Fatal(err)
	}
	if err := accounts.SetRole(t.Context(), "ann@example.com", account.Agent); err != nil {
		t.Errorf("after a new password: %v", err)
	}
}

// TestSessions_OfThePreviousRelease adds sessions as it does: it knows neither disabled accounts nor their versions.
func TestSessions_OfThePreviousRelease(t *testing.T) {
	t.Parallel()
	pool := connect(t, testdb.New(t).Primary)
	accounts, sessions := account.NewAccounts(pool, account.Config{}), account.NewSessions(pool, account.NewCookies(false, nil))
	a, err := accounts.Add(t.Context(), account.Client{}, "ann@example.com", oldPassword, account.Agent)
	if err != nil {
		t.Fatal(err)
	}
	r := signIn(t, sessions, a)
	if _, err := pool.Exec(t.Context(), "UPDATE sessions SET account_version = NULL"); err != nil {
		t.Fatal(err)
	}
	if !sessions.StillValid(r) {
		t.Error("a session of the previous release is not valid")
	}
	if err := accounts.SetDisabled(t.Context(), a.Email, true); err != nil {
		t.Fatal(err)
	}
	if n := countSessions(t, pool, a); n != 0 {
		t.Errorf("a disabled account has %d sessions", n)
	}
	if _, err := pool.Exec(t.Context(), "INSERT INTO sessions (token_hash, account_id) VALUES (sha256('x'), $1)", a.ID); err != nil {
		t.Error(err)
	}
	if n := countSessions(t, pool, a); n != 0 {
		t.Errorf("the previous release has added %d sessions of a disabled account", n)
	}
}

func countSessions(t *testing.T, pool *postgres.Pool, a account.Account) (n int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM sessions WHERE account_id = $1", a.ID).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
