package account_test

import (
	"errors"
	"testing"

	"github.com/alexedwards/argon2id"

	"docket/internal/account"
)

// TestSignIn_NormalForms types a password as one keyboard writes it, and as another does.
func TestSignIn_NormalForms(t *testing.T) {
	t.Parallel()
	const composed, decomposed = "mật khẩu của tôi ở nhà", "ma\u0323\u0302t kha\u0302\u0309u cu\u0309a to\u0302i o\u031b\u0309 nha\u0300"
	s := newSigningIn(t)
	sessions := account.NewSessions(s.pool, account.NewCookies(false, nil))
	signedIn := signIn(t, sessions, mustSignIn(t, s, oldPassword))
	cheap := &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 8, KeyLength: 16}
	hash, err := argon2id.CreateHash(decomposed, cheap) // as an earlier release did
	if err != nil {
		t.Fatal(err)
	}
	s.exec("ALTER TABLE accounts DISABLE TRIGGER accounts_sign_out")
	s.exec("UPDATE accounts SET password_hash = '" + hash + "'")
	s.exec("ALTER TABLE accounts ENABLE TRIGGER accounts_sign_out")
	want := func(password string, want error) {
		t.Helper()
		if err := s.try(account.Client{}, "ann@example.com", password); !errors.Is(err, want) {
			t.Errorf("sign in with %+q: %v, want %v", password, err, want)
		}
	}
	want(composed, account.ErrWrongPassword)
	want(decomposed, nil)
	want(composed, nil)
	want(decomposed, nil)
	if !sessions.StillValid(signedIn) {
		t.Error("hashing the password anew has ended a session")
	}
	if err := s.accounts.SetPassword(t.Context(), "ann@example.com", decomposed); err != nil {
		t.Fatal(err)
	}
	want(composed, nil)
}

func mustSignIn(t *testing.T, s *signingIn, password string) account.Account {
	t.Helper()
	a, err := s.accounts.SignIn(t.Context(), account.Client{}, "ann@example.com", password)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
