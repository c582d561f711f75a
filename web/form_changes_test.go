package web_test

import (
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestFormPreview_Changes starts a second form on the database of a first one.
func TestFormPreview_Changes(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	before := oneQuestion(t, "{name: a, label: {en: A, vi: A}}")
	after := oneQuestion(t, "{name: a, label: {en: A, vi: A}}\n  - {name: b, label: {en: B, vi: Bê}, required: true}")
	first := testsite.Start(t, before, 1, db)
	waitForForm(t, first, before)
	admin, _ := signedIn(t, first, "admin", account.Admin)
	if page := admin.get("/admin/form").want(t, 200); strings.Contains(page.body, "form-changes") {
		t.Error("a first form has changes")
	}

	second := testsite.Start(t, after, 1, db)
	waitForForm(t, second, after)
	other, _ := signedIn(t, second, "other", account.Admin)
	other.get("/admin/form").want(t, 200, `<details class="form-changes" open>`, "New question, must be answered: “B”", "“b” is required", "Breaking")
	if log := second.Log.String(); !strings.Contains(log, "this form refuses what programs could send") || !strings.Contains(log, "“b” is required") {
		t.Errorf("the log does not warn: %s", log)
	}
	other.get("/admin/form", "Accept-Language", "vi").want(t, 200, `lang="vi"`, "Câu hỏi mới, bắt buộc trả lời: “Bê”")
	third := testsite.Start(t, after, 1, db)
	waitForForm(t, third, after)
	if strings.Contains(third.Log.String(), "this form refuses") {
		t.Error("the log warns of a form that is in use already")
	}
}

func oneQuestion(t *testing.T, fields string) *form.Form {
	t.Helper()
	f, err := formfile.Parse([]byte("name: x\nlanguages: [en, vi]\ntitle: {en: X, vi: X}\nfields:\n  - " + fields + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// waitForForm waits until a starting site has stored its form.
func waitForForm(t *testing.T, s *testsite.Site, f *form.Form) {
	t.Helper()
	for {
		since, err := s.Instances[0].Forms.Since(t.Context(), f.Version)
		if err != nil {
			t.Fatal(err)
		}
		if !since.IsZero() {
			return
		}
	}
}
