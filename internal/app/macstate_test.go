package app_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/mac"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestMACState_Log starts an instance as a role of its own: before the database knows a session key, when it knows another one, and
// when it knows that of the instance.
func TestMACState_Log(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	owner := testsite.Start(t, testsite.Form(), 1, db).Instances[0].Primary
	role := "app_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	grants, err := os.ReadFile("../../docs/role.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := owner.Exec(t.Context(), strings.ReplaceAll(string(grants), "docket_app", role)); err != nil {
		t.Fatal(err)
	}
	asApp := testdb.DB{Primary: db.Primary + "&options=-c%20role%3D" + role, Direct: db.Primary}
	waitFor := func(s *testsite.Site, text string) {
		t.Helper()
		for !strings.Contains(s.Log.String(), text) {
			if t.Context().Err() != nil {
				t.Fatalf("the log does not say %q", text)
			}
		}
	}
	waitFor(testsite.Start(t, testsite.Form(), 1, asApp), "the database knows no session key")
	if _, err := mac.Register(t.Context(), owner, mac.NewKey([]byte("another")), false); err != nil {
		t.Fatal(err)
	}
	waitFor(testsite.Start(t, testsite.Form(), 1, asApp), "does not know this SESSION_KEY")
	key := mac.NewKey(bytes.Repeat([]byte{7}, 32)) // of testsite
	if _, err := mac.Register(t.Context(), owner, key, false); err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, testsite.Form(), 1, asApp)
	if state, err := mac.StateOf(t.Context(), s.Instances[0].Primary, key); err != nil || state != mac.Known {
		t.Errorf("the state is %q, %v; want known", state, err)
	}
	if state, err := mac.StateOf(t.Context(), owner, key); err != nil || state != mac.Owner {
		t.Errorf("the state of the owner is %q, %v", state, err)
	}
}
