package account_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
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

// TestProvider_Attributes keeps claims with the rights of docs/role.sql: those that are missing go, others stay, and nobody else's change.
func TestProvider_Attributes(t *testing.T) {
	t.Parallel()
	owner, app := connectAsApp(t, testdb.New(t).Primary)
	config := account.Config{SessionKey: bytes.Repeat([]byte{7}, 32)}
	if _, err := mac.Register(t.Context(), owner, mac.NewKey(config.SessionKey), false); err != nil {
		t.Fatal(err)
	}
	accounts := account.NewAccounts(app, config)
	found, _, err := accounts.SignInAtProvider(t.Context(), account.ProviderIdentity{Issuer: "https://login.example", Subject: "sub", Email: "ann@example.com", Role: account.Customer, UserID: "u-1"})
	if err != nil {
		t.Fatal(err)
	}
	if err := account.NewAccounts(owner, config).SetAttributes(t.Context(), "ann@example.com", map[string]string{"site": "Hanoi", "department": "Board"}); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		claims map[string]string
		want   string
	}{
		{map[string]string{"department": "Sales", "manager_email": "lee@example.com"}, "[department=Sales manager_email=lee@example.com site=Hanoi]"},
		{map[string]string{"department": "Sales", "manager_email": ""}, "[department=Sales site=Hanoi]"},
		{nil, "[department=Sales site=Hanoi]"},
	} {
		err := accounts.SetAttributesAtProvider(t.Context(), "https://login.example", "sub", test.claims)
		kept, readErr := accounts.Attributes(t.Context(), found.ID)
		if got := fmt.Sprint(account.FormatAttributes(kept)); errors.Join(err, readErr) != nil || got != test.want {
			t.Errorf("%v: got %s, %v, want %s", test.claims, got, errors.Join(err, readErr), test.want)
		}
	}
	if err := accounts.SetAttributesAtProvider(t.Context(), "https://login.example", "other", map[string]string{"department": "Sales"}); err == nil {
		t.Error("attributes of nobody are kept")
	}
	if err := accounts.SetAttributes(t.Context(), "ann@example.com", map[string]string{"department": "Board"}); err == nil {
		t.Error("docket serve may set attributes that no provider says")
	}
	forged := account.NewAccounts(app, account.Config{SessionKey: bytes.Repeat([]byte{8}, 32)})
	if err := forged.SetAttributesAtProvider(t.Context(), "https://login.example", "sub", map[string]string{"department": "Board"}); err == nil {
		t.Error("attributes are kept with a code of another key")
	}
}

func TestParseAttributes(t *testing.T) {
	t.Parallel()
	parsed, err := account.ParseAttributes([]string{"department=Sales = South", "site="})
	if err != nil || parsed["department"] != "Sales = South" || len(parsed) != 2 {
		t.Errorf("got %v, %v", parsed, err)
	}
	for _, text := range []string{"department", "Department=x", "email=a@b.c", "user_id=u", "a=x\ny", "=x", "a=" + strings.Repeat("x", 201)} {
		if _, err := account.ParseAttributes([]string{text}); !errors.Is(err, account.ErrAttribute) {
			t.Errorf("%q is taken: %v", text, err)
		}
	}
}
