package web_test

import (
	"html"
	"maps"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// draftSite asks for what drafts are made of.
func draftSite(t *testing.T) *testsite.Site {
	t.Helper()
	f, err := formfile.Parse([]byte(`
name: drafts
title: Drafts
open_tickets_per_user: many
fields:
  - {name: full_name, label: Full name, required: true}
  - {name: note, label: Note, type: long_text}
  - {name: agree, label: I agree, type: checkbox}
reasons:
  - {code: bad, label: Bad, class: retry, text: Please try again.}
`))
	if err != nil {
		t.Fatal(err)
	}
	return testsite.Start(t, f, 1, testdb.New(t))
}

// tab is a page with the form that stays open.
type tab struct {
	*browser
	fields url.Values
}

func hiddenInput(t *testing.T, page, name string) string {
	t.Helper()
	found := regexp.MustCompile(`<input[^>]* name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("the page has no %s:\n%.3000s", name, page)
	}
	return html.UnescapeString(found[1])
}

// openTab opens the form with what it shows typed in.
func openTab(t *testing.T, b *browser, shown url.Values) *tab {
	t.Helper()
	page := b.get("/tickets/new").want(t, 200).body
	fields := maps.Clone(shown)
	fields.Set("submission_id", hiddenInput(t, page, "submission_id"))
	fields.Set("draft-base", hiddenInput(t, page, "draft-base"))
	return &tab{b, fields}
}

// autosave saves the draft as the script does.
func (p *tab) autosave(t *testing.T, status int, texts ...string) {
	t.Helper()
	got := p.post("/tickets/new", p.fields, "Docket-Background", "1").want(t, status, texts...)
	p.fields.Set("draft-base", hiddenInput(t, got.body, "draft-base"))
}

func TestDraft_OlderTabKeepsNewer(t *testing.T) {
	t.Parallel()
	customer, _ := signedIn(t, draftSite(t), "customer", account.Customer)
	older := openTab(t, customer, url.Values{"full_name": {""}, "note": {""}})
	newer := openTab(t, customer, url.Values{"full_name": {""}, "note": {""}})
	newer.fields.Set("full_name", "Ann")
	newer.fields.Set("agree", "true")
	newer.autosave(t, 200)

	older.fields.Set("note", "From the\r\nolder tab")
	older.autosave(t, 200)
	customer.get("/tickets/new").want(t, 200, `value="Ann"`, ">From the\nolder tab</textarea>", "checked")

	newer.fields.Set("full_name", "Ann Lee") // its own answer
	newer.autosave(t, 200)
	newer.fields.Del("agree")
	newer.autosave(t, 200)
	page := customer.get("/tickets/new").want(t, 200, `value="Ann Lee"`, "older tab</textarea>")
	if strings.Contains(page.body, "checked") {
		t.Error("what was unticked is ticked again")
	}
	older.autosave(t, 200) // nothing new
	customer.get("/tickets/new").want(t, 200, `value="Ann Lee"`)
}

func TestDraft_Conflict(t *testing.T) {
	t.Parallel()
	customer, _ := signedIn(t, draftSite(t), "customer", account.Customer)
	one := openTab(t, customer, url.Values{"full_name": {""}, "note": {""}})
	one.fields.Set("full_name", "Ann")
	one.autosave(t, 200)
	two := openTab(t, customer, url.Values{"full_name": {"Ann"}, "note": {""}})
	one.fields.Set("full_name", "Ann One")
	one.autosave(t, 200)
	two.fields.Set("full_name", "Ann Two")
	two.fields.Set("note", "kept in any case")
	two.autosave(t, 409, "Ann One", "Ann Two", `value="full_name"`)
	two.autosave(t, 409, "Ann One", "Ann Two") // until its user has chosen
	customer.get("/tickets/new").want(t, 200, `value="Ann One"`, "kept in any case")

	page := customer.post("/tickets/new", two.fields).want(t, 409, `value="Ann Two"`, "Ann One") // without a script
	two.fields.Set("draft-base", hiddenInput(t, page.body, "draft-base"))
	keep := maps.Clone(two.fields)
	keep.Set("draft-keep", "full_name")
	customer.post("/tickets/new", keep).want(t, 303)
	customer.get("/tickets/new").want(t, 200, `value="Ann Two"`)

	one.fields.Set("full_name", "Ann Three")
	one.autosave(t, 409, "Ann Two", "Ann Three")
	one.fields.Set("draft-take", "full_name")
	customer.post("/tickets/new", one.fields).want(t, 303)
	customer.get("/tickets/new").want(t, 200, `value="Ann Two"`)
}

func TestDraft_LostAnswer(t *testing.T) {
	t.Parallel()
	customer, _ := signedIn(t, draftSite(t), "customer", account.Customer)
	page := openTab(t, customer, url.Values{"full_name": {""}, "note": {""}})
	page.fields.Set("full_name", "A")
	customer.post("/tickets/new", page.fields, "Docket-Background", "1").want(t, 200) // the page never hears of it
	page.fields.Set("full_name", "Ann")
	page.autosave(t, 200)
	customer.get("/tickets/new").want(t, 200, `value="Ann"`)
}

// What a page had read earlier arrives later, as it was sent with a photo.
func TestDraft_OvertakenRequest(t *testing.T) {
	t.Parallel()
	customer, _ := signedIn(t, draftSite(t), "customer", account.Customer)
	page := openTab(t, customer, url.Values{"full_name": {""}, "note": {""}})
	send := func(at, name string) {
		fields := maps.Clone(page.fields)
		fields.Set("full_name", name)
		fields.Set("draft-at", at)
		customer.post("/tickets/new", fields, "Docket-Background", "1").want(t, 200)
	}
	for _, step := range []struct{ at, name, kept string }{
		{"1000", "Ann", "Ann"},
		{"1002", "Anna", "Anna"},
		{"1001", "Ann", "Anna"}, // overtaken
		{"1003", "", ""},        // what the page showed at first
		{"1002", "Anna", ""},
		{"1003", "Bob", "Bob"},
		{"none", "Eve", "Eve"}, // of a page of the release before
	} {
		send(step.at, step.name)
		customer.get("/tickets/new").want(t, 200, `<input value="`+step.kept+`"`)
	}
}

func TestDraft_OfSentFormStaysGone(t *testing.T) {
	t.Parallel()
	customer, _ := signedIn(t, draftSite(t), "customer", account.Customer)
	older := openTab(t, customer, url.Values{"full_name": {""}, "note": {""}})
	older.fields.Set("full_name", "Ann")
	customer.post("/tickets", older.fields).want(t, 303)
	next := openTab(t, customer, url.Values{"full_name": {""}, "note": {""}})
	next.fields.Set("full_name", "Bob")
	next.autosave(t, 200)
	older.fields.Set("note", "OLDER")
	older.autosave(t, 200)
	customer.post("/tickets", older.fields).want(t, 422) // other answers than those that were sent
	if page := customer.get("/tickets/new").want(t, 200, `value="Bob"`); strings.Contains(page.body, "OLDER") {
		t.Error("a page of a form that was sent changed the next draft")
	}
}

func TestDraft_PageOfEarlierRelease(t *testing.T) {
	t.Parallel()
	customer, _ := signedIn(t, draftSite(t), "customer", account.Customer)
	for _, name := range []string{"Ann", ""} {
		customer.post("/tickets/new", url.Values{"submission_id": {someID}, "full_name": {name}, "note": {"Kept"}}).want(t, 303)
		page := customer.get("/tickets/new").want(t, 200, ">Kept</textarea>")
		if got := strings.Contains(page.body, `value="Ann"`); got != (name != "") {
			t.Errorf("after the name %q: the page has the name Ann: %t", name, got)
		}
	}
}

func TestDraft_MalformedBaseline(t *testing.T) {
	t.Parallel()
	customer, _ := signedIn(t, draftSite(t), "customer", account.Customer)
	for _, text := range []string{"", "1", "x " + someID, "-1 " + someID, "1 page"} {
		customer.post("/tickets/new", url.Values{"submission_id": {someID}, "full_name": {"Ann"}, "draft-base": {text}}).want(t, 422)
	}
}
