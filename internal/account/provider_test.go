package account_test

import (
	"bytes"
	"errors"
	"testing"

	"docket/db"
	"docket/internal/account"
	"docket/internal/mac"
	"docket/internal/testkit/testdb"
)

// TestProvider_NoPasswordByMail: whoever signs in at a provider gets no link that would set a password.
func TestProvider_NoPasswordByMail(t *testing.T) {
	t.Parallel()
	owner := connect(t, testdb.New(t).Primary)
	accounts := account.NewAccounts(owner, account.Config{})
	for _, email := range []string{"provider@example.com", "password@example.com"} {
		if _, err := accounts.Add(t.Context(), account.Client{}, email, oldPassword, account.Agent); err != nil {
			t.Fatal(err)
		}
	}
	if err := accounts.Link(t.Context(), "provider@example.com", "https://login.example", "sub"); err != nil {
		t.Fatal(err)
	}
	for _, email := range []string{"provider@example.com", "password@example.com"} {
		if err := db.New().OutboxAddReset(t.Context(), owner, email); err != nil {
			t.Fatal(err)
		}
	}
	var links int
	if err := owner.QueryRow(t.Context(), "SELECT count(account_id) FROM outbox WHERE kind = 'reset'").Scan(&links); err != nil || links != 1 {
		t.Errorf("%d links are sent, %v; want the one to the account with a password", links, err)
	}
	if _, _, err := accounts.InviteByLink(t.Context(), "provider@example.com", account.Admin); !errors.Is(err, account.ErrEmailTaken) {
		t.Errorf("an invitation to whoever signs in at a provider: %v", err)
	}
}

// TestProvider_SignInChanges signs in several times, with the rights of docs/role.sql.
func TestProvider_SignInChanges(t *testing.T) {
	t.Parallel()
	owner, app := connectAsApp(t, testdb.New(t).Primary)
	config := account.Config{SessionKey: bytes.Repeat([]byte{7}, 32)}
	if _, err := mac.Register(t.Context(), owner, mac.NewKey(config.SessionKey), false); err != nil {
		t.Fatal(err)
	}
	accounts := account.NewAccounts(app, config)
	who := account.ProviderIdentity{Issuer: "https://login.example", Subject: "sub", Email: "Ann@example.com", Role: account.Customer, UserID: "u-1042"}
	first, former, err := accounts.SignInAtProvider(t.Context(), who)
	if err != nil || former != "" || first.UserID() != "u-1042" || first.Email != "ann@example.com" {
		t.Fatalf("the first sign-in is %+v, %q, %v", first, former, err)
	}
	if _, _, err := accounts.SignInAtProvider(t.Context(), account.ProviderIdentity{Issuer: "https://login.example", Subject: "other", Email: "bob@example.com", Role: account.Customer, UserID: "u-1042"}); !errors.Is(err, account.ErrUserTaken) {
		t.Errorf("the user of somebody else: %v", err)
	}
	if _, _, err := accounts.SignInAtProvider(t.Context(), account.ProviderIdentity{Issuer: "https://evil.example", Subject: "sub", Email: "ann@example.com", Role: account.Admin, UserID: "u-1"}); !errors.Is(err, account.ErrEmailTaken) {
		t.Errorf("the subject of another issuer: %v", err)
	}
	who.Email, who.UserID, who.Role, who.Teams = "ann.new@example.com", "u-2", account.Agent, []string{"risk", "not a team"}
	again, former, err := accounts.SignInAtProvider(t.Context(), who)
	if err != nil || former != account.Customer || again.ID != first.ID || again.UserID() != "u-1042" || again.Email != "ann.new@example.com" || again.Role != account.Agent {
		t.Errorf("the next sign-in is %+v, %q, %v", again, former, err)
	}
	if teams, err := accounts.Teams(t.Context(), first.ID); err != nil || len(teams) != 1 || teams[0] != "risk" {
		t.Errorf("the teams are %v, %v", teams, err)
	}
	if err := account.NewAccounts(owner, config).SetDisabled(t.Context(), "ann.new@example.com", true); err != nil {
		t.Fatal(err)
	}
	if _, _, err := accounts.SignInAtProvider(t.Context(), who); !errors.Is(err, account.ErrDisabled) {
		t.Errorf("a disabled account: %v", err)
	}
}
