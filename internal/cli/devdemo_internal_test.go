package cli

import (
	"testing"

	"docket/internal/account"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
)

// TestDev_KeyOfAnEarlierRelease starts with the key that an earlier release made: it lacks a scope, and is replaced once.
func TestDev_KeyOfAnEarlierRelease(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	keys := account.NewKeys(pool)
	old, err := keys.Add(t.Context(), "dev-old", account.Scopes[1:])
	if err != nil {
		t.Fatal(err)
	}
	env := devEnv{"API_KEY": old}
	var kept []string
	for range 2 {
		if err := env.keepKey(t.Context(), keys); err != nil {
			t.Fatal(err)
		}
		kept = append(kept, env["API_KEY"])
	}
	if kept[0] == old || kept[1] != kept[0] {
		t.Error("the old key is not replaced once")
	}
	if known, err := keys.Check(t.Context(), kept[0]); err != nil || len(known.Scopes) != len(account.Scopes) {
		t.Errorf("the new key has the scopes %v, %v", known.Scopes, err)
	}
	if _, err := keys.Check(t.Context(), old); err != nil {
		t.Errorf("the old key: %v", err)
	}
}
