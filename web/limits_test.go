package web_test

import (
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/files"
)

func TestSubmit_DailyLimit(t *testing.T) {
	t.Parallel()
	s := draftSite(t)
	customer, id := signedIn(t, s, "customer", account.Customer)
	execute(t, s, "INSERT INTO daily_counts (user_id, kind, used) VALUES ($1, 'submissions', 19)", id)
	last := openTab(t, customer, url.Values{"full_name": {"Ann"}, "note": {""}})
	sent := customer.post("/tickets", last.fields).want(t, 303).location()
	page := openTab(t, customer, url.Values{"full_name": {"Bob Typed"}, "note": {"All of it"}})
	got := customer.post("/tickets", page.fields).want(t, 429, `value="Bob Typed"`, "All of it", "as many tickets as you may")
	if got.header.Get("Retry-After") == "" {
		t.Error("the answer has no Retry-After")
	}
	part := customer.post("/tickets", page.fields, "HX-Request", "true").want(t, 429, "as many tickets as you may")
	if strings.Contains(part.body, "<form") {
		t.Error("the note above the form has a form in it")
	}
	customer.get("/tickets/new").want(t, 200, `value="Bob Typed"`, "All of it")
	if again := customer.post("/tickets", last.fields).want(t, 303).location(); again != sent {
		t.Errorf("the last one repeated leads to %s, want %s", again, sent)
	}
	program := s.Key(t, "sender", account.TicketsWrite)
	body := `{"user_id": "` + id + `", "extra": {"full_name": "Cy"}}`
	visitor(t, s.URL).send("POST", "/api/v1/tickets", strings.NewReader(body),
		"Authorization", "Bearer "+program, "Content-Type", "application/json", "Idempotency-Key", "k").want(t, 201)
}

func TestDraft_TooOftenInADay(t *testing.T) {
	t.Parallel()
	s := draftSite(t)
	customer, id := signedIn(t, s, "customer", account.Customer)
	page := openTab(t, customer, url.Values{"full_name": {"Ann Typed"}, "note": {""}})
	for range 2 {
		execute(t, s, "INSERT INTO daily_counts (user_id, kind, used) VALUES ($1, 'draft_writes', $2) ON CONFLICT DO NOTHING", id, files.MaxDraftsPerDay)
		note := page.post("/tickets/new", page.fields, "Docket-Background", "1").want(t, 429, "too often today")
		if note.header.Get("Retry-After") == "" || note.header.Get("HX-Retarget") != "#notice" {
			t.Errorf("the script of the page gets the headers %v", note.header)
		}
		page.post("/tickets/new", page.fields).want(t, 429, `value="Ann Typed"`, "too often today")
	}
	page.post("/tickets", page.fields).want(t, 303)
}

func TestDraft_TooLong(t *testing.T) {
	t.Parallel()
	customer, _ := signedIn(t, draftSite(t), "customer", account.Customer)
	page := openTab(t, customer, url.Values{"full_name": {"Ann"}, "note": {strings.Repeat("n", 4001)}})
	page.post("/tickets/new", page.fields, "Docket-Background", "1").want(t, 422, "Note: Must be at most 2,000 characters")
	page.post("/tickets/new", page.fields).want(t, 422, strings.Repeat("n", 4001), "Must be at most 2,000 characters", `value="Ann"`)
	page.fields.Set("note", strings.Repeat("n", 4000))
	page.autosave(t, 200)
}

func TestForms_OfAnonymous(t *testing.T) {
	t.Parallel()
	visitor := visitor(t, start(t).URL)
	for _, path := range []string{"/login", "/signup", "/language"} {
		visitor.post(path, url.Values{"email": {strings.Repeat("x", 17<<10)}}).want(t, 413)
	}
}
