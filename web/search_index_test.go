package web_test

import (
	"bytes"
	"net/http"
	"testing"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/store"
	"docket/internal/testkit/testsite"
)

// TestAdmin_NotIndexed says that earlier tickets are not found until they are indexed again.
func TestAdmin_NotIndexed(t *testing.T) {
	t.Parallel()
	s := start(t)
	primary := s.Instances[0].Primary
	admin, _ := signedIn(t, s, "admin", account.Admin)
	shows := func(when string, want bool) {
		t.Helper()
		text := "docket search rebuild"
		if !want {
			text = "-" + text
		}
		wantTexts(t, when, admin.get("/admin").want(t, http.StatusOK).body, text)
	}
	shows("at first", false)
	waiting(t, s, "ann")
	if err := store.EndIndex(t.Context(), primary, []byte("another")); err != nil {
		t.Fatal(err)
	}
	shows("under another form", true)
	err := app.RebuildSearch(t.Context(), primary, testsite.Form(), bytes.Repeat([]byte{7}, 32), func(int64) {}, func(int64) {})
	if err != nil {
		t.Fatal(err)
	}
	shows("when it is done", false)
}
