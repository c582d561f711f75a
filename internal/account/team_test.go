package account_test

import (
	"errors"
	"slices"
	"testing"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
)

func TestSetTeams_ReplacesThem(t *testing.T) {
	t.Parallel()
	accounts := account.NewAccounts(connect(t, testdb.New(t).Primary), account.Config{})
	added, err := accounts.AddTemporary(t.Context(), "ann@example.com", "a long password", account.Agent)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range [][]string{{"fraud", "seniors"}, {"seniors"}, {}} {
		if err := accounts.SetTeams(t.Context(), "Ann@example.com", want...); err != nil {
			t.Fatal(err)
		}
		if got, err := accounts.Teams(t.Context(), added.ID); err != nil || !slices.Equal(got, want) {
			t.Errorf("teams %q, %v; want %q", got, err, want)
		}
	}
	for name, want := range map[string]error{"Fraud": account.ErrTeam, "everyone": account.ErrTeam, "": account.ErrTeam} {
		if err := accounts.SetTeams(t.Context(), "ann@example.com", name); !errors.Is(err, want) {
			t.Errorf("team %q: %v, want %v", name, err, want)
		}
	}
	if err := accounts.SetTeams(t.Context(), "bob@example.com", "fraud"); !errors.Is(err, account.ErrNoAccount) {
		t.Errorf("of nobody: %v, want ErrNoAccount", err)
	}
}
