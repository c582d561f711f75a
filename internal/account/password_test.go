package account_test

import (
	"errors"
	"strings"
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
	hash, err := argon2id.CreateHash(decomposed, cheapParams) // as an earlier release did
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

// TestSignIn_CopiedAddress has marks around an address that programs copy with it, and that nobody sees.
func TestSignIn_CopiedAddress(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	for _, email := range []string{"ann@example.com\u200b", "\ufeffann@example.com", "\u202aANN@example.com\u202c", "\u00a0ann@example.com "} {
		if err := s.try(account.Client{}, email, oldPassword); err != nil {
			t.Errorf("sign in as %+q: %v", email, err)
		}
	}
	if err := s.try(account.Client{}, "ann\xff@example.com", oldPassword); !errors.Is(err, account.ErrWrongPassword) {
		t.Errorf("sign in with no text: %v", err)
	}
}

func mustSignIn(t *testing.T, s *signingIn, password string) account.Account {
	t.Helper()
	a, err := s.accounts.SignIn(t.Context(), account.Client{}, "ann@example.com", password)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestCheckPassword_Refused(t *testing.T) {
	t.Parallel()
	accounts := account.NewAccounts(nil, account.Config{Titles: []string{"Identity verification", "Xác minh danh tính"}})
	for password, want := range map[string]error{
		"eleven char":  account.ErrPasswordLength,
		"twelve chars": nil,
		"o\u0302\u0303o\u0302\u0303o\u0302\u0303 nine!":     account.ErrPasswordLength, // nine characters, more code points
		strings.Repeat("x y", 66) + "zz":                    nil,
		strings.Repeat("x y", 67):                           account.ErrPasswordLength,
		strings.Repeat("ộ", 100) + strings.Repeat("𝕏", 100): nil,
		strings.Repeat("o\u0323\u0302", 200):                nil,
		"abcdefghijkl\xff":                                  account.ErrPasswordLength,
		"passwordpassword":                                  account.ErrPasswordCommon,
		"Pass Word Pass Word":                               account.ErrPasswordCommon,
		"123456789012":                                      account.ErrPasswordCommon,
		"qwertyuiop123":                                     account.ErrPasswordCommon,
		"Liverpool20241231":                                 account.ErrPasswordCommon,
		"liverpool, my city":                                nil,
		`","`:                                               account.ErrPasswordLength,
		`dragon","qwerty`:                                   nil,
		"ann.example@example.com":                           account.ErrPasswordOwn,
		"ANN.example@example.com99":                         account.ErrPasswordOwn,
		"ann.example1":                                      account.ErrPasswordOwn,
		"ann.example and others":                            nil,
		"identity verification":                             account.ErrPasswordOwn,
		"IdentityVerification2026":                          account.ErrPasswordOwn,
		"XÁC MINH danh tính":                                account.ErrPasswordOwn,
	} {
		if err := accounts.CheckPassword(password, "ann.example@example.com"); !errors.Is(err, want) || (want == nil) != (err == nil) {
			t.Errorf("%+q: %v, want %v", password, err, want)
		} else if err != nil && !errors.Is(err, account.ErrPassword) {
			t.Errorf("%+q: %v is not ErrPassword", password, err)
		}
	}
}

// TestResetPassword_TwoLinks asks for two links, and uses both at the same time, and one after the other: the first new password ends
// the other link, whether or not the address was confirmed before.
func TestResetPassword_TwoLinks(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	for _, confirmed := range []string{"true", "false"} {
		for range 5 {
			s.exec("UPDATE accounts SET role = 'customer', confirmed = " + confirmed)
			var links [2]string
			for i := range links {
				links[i] = addResetLink(t, s)
			}
			results := make(chan error, len(links))
			for _, link := range links {
				go func() {
					_, err := s.accounts.ResetPassword(t.Context(), account.Client{}, link, newPassword)
					results <- err
				}()
			}
			first, second := <-results, <-results
			if first != nil {
				first, second = second, first
			}
			if first != nil || !errors.Is(second, account.ErrLink) {
				t.Errorf("confirmed %s: two links at once: %v and %v, want nil and %v", confirmed, first, second, account.ErrLink)
			}
		}
	}
}

func addResetLink(t *testing.T, s *signingIn) (token string) {
	t.Helper()
	owner, err := s.accounts.Find(t.Context(), "ann@example.com")
	if err != nil {
		t.Fatal(err)
	}
	if token, err = s.accounts.AddLink(t.Context(), account.ResetLink, account.ResetLife, owner.ID, nil); err != nil {
		t.Fatal(err)
	}
	return token
}
