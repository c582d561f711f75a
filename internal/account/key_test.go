package account_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

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

func TestKeys_Expire(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	keys := account.NewKeys(pool)
	for name, test := range map[string]struct {
		expires time.Time
		want    error
	}{
		"never": {time.Time{}, nil}, "later": {time.Now().Add(time.Hour), nil}, "over": {time.Now().Add(-time.Minute), account.ErrKey},
	} {
		secret, err := keys.AddWithLimits(t.Context(), name, []account.Scope{account.LatestRead}, account.KeyLimits{ExpiresAt: test.expires})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := keys.Check(t.Context(), secret); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

// TestKeys_RecordUses finds out which keys were used, and that a use is recorded once.
func TestKeys_RecordUses(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	keys := account.NewKeys(pool)
	var secrets []string
	for _, name := range []string{"busy", "idle"} {
		secret, err := keys.Add(t.Context(), name, []account.Scope{account.LatestRead})
		if err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, secret)
	}
	used := func() (at []time.Time) {
		t.Helper()
		if err := keys.RecordUses(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := keys.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range all {
			at = append(at, key.UsedAt)
		}
		return at
	}
	if _, err := keys.Check(t.Context(), secrets[0]); err != nil {
		t.Fatal(err)
	}
	first := used()
	if time.Since(first[0]).Abs() > time.Minute || !first[1].IsZero() {
		t.Errorf("used at %v, want now and never", first)
	}
	if again := used(); again[0] != first[0] {
		t.Errorf("a key that was not used again was used at %v and now at %v", first[0], again[0])
	}
}
