package account_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
)

// TestKeys_EveryScope adds a key for each scope: the database accepts them, and the words of ErrScope have them.
func TestKeys_EveryScope(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	keys := account.NewKeys(pool)
	for _, scope := range account.Scopes {
		secret, err := keys.Add(t.Context(), strings.ReplaceAll(string(scope), ":", "-"), []account.Scope{scope, scope})
		if err != nil {
			t.Fatalf("%s: %v", scope, err)
		}
		key, err := keys.Check(t.Context(), secret)
		if err != nil || !slices.Equal(key.Scopes, []account.Scope{scope}) || !key.May(scope) {
			t.Errorf("%s: %+v, %v", scope, key, err)
		}
		if !strings.Contains(account.ErrScope.Error(), string(scope)) {
			t.Errorf("%q lacks %s", account.ErrScope, scope)
		}
	}
	for _, scopes := range [][]account.Scope{nil, {"tickets:delete"}} {
		if _, err := keys.Add(t.Context(), "none", scopes); !errors.Is(err, account.ErrScope) {
			t.Errorf("%v: %v, want ErrScope", scopes, err)
		}
	}
}
