package web_test

import (
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

const knownForm = `name: known
title: Known
open_tickets_per_user: many
fields:
  - {name: email, label: Address, type: email, from: account.email, required: true}
  - {name: reply_to, label: Reply to, type: email, default: account.email}
  - {name: start_on, label: Start, type: date, default: today+1d}
  - {name: country, label: Country, type: country, default: VNM}
  - {name: domestic, label: Domestic, when: "email.endsWith('@example.com')", when_help: For our own people., required: true}
reasons:
  - {code: other, label: Other, class: choose, text: ""}
`

func TestKnown_DefaultsAndFixedAnswers(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(knownForm))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	customer, _ := signedIn(t, s, "customer", account.Customer)
	address := "customer@example.com"
	page := customer.get("/tickets/new").want(t, 200, "<strong>"+address+"</strong>", "Known from your account", `<input value="`+address+`"`, `<option value="VNM" selected>`)
	page.lacks(t, `name="email"`, `value="" aria-describedby="field-start_on`)
	customer.post("/tickets/new/asked", url.Values{"email": {"else@other.example"}}).want(t, 200, `id="field-domestic-asked" data-asked="yes"`)
	sent := url.Values{"submission_id": {someID}, "email": {"else@other.example"}, "reply_to": {""}, "domestic": {"yes"}}
	path := customer.post("/tickets", sent).want(t, 303).location()
	customer.get(path).want(t, 200, address).lacks(t, "else@other.example", "Vietnam")

	program := programs(t, s)("crm", account.TicketsWrite, account.TicketsRead)
	created := program.post("/api/v1/tickets", `{"user_id":"u-1","extra":{"email":"said@crm.example"}}`, "Idempotency-Key", "one").want(t, 201, `"email":"said@crm.example"`)
	if strings.Contains(created.body, "reply_to") || strings.Contains(created.body, "VNM") {
		t.Errorf("a default was added to what a system sent: %s", created.body)
	}
}

const attributesForm = `name: known
title: Known
open_tickets_per_user: many
fields:
  - {name: department, label: Department, from: account.department, required: true}
  - {name: site, label: Site, default: account.site}
  - {name: desk, label: Desk, when: department == 'Sales', when_help: For Sales.}
reasons:
  - {code: other, label: Other, class: choose, text: ""}
`

// TestKnown_Attributes fixes an answer to an attribute of the account.
func TestKnown_Attributes(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(attributesForm))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	customer, id := signedIn(t, s, "customer", account.Customer)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	sent := url.Values{"submission_id": {someID}, "department": {"Board"}}
	customer.post("/tickets", sent).want(t, 422)
	accounts := s.Instances[0].Accounts
	if err := accounts.SetAttributes(t.Context(), "customer@example.com", map[string]string{"department": "Sales", "site": "Hanoi"}); err != nil {
		t.Fatal(err)
	}
	customer.get("/tickets/new").want(t, 200, "<strong>Sales</strong>", "Known from your account", `<input value="Hanoi"`).lacks(t, `name="department"`)
	path := customer.post("/tickets", sent).want(t, 303).location()
	customer.get(path).want(t, 200, "Sales").lacks(t, "Board")
	admin.get("/admin/people/"+id).want(t, 200, "department=Sales, site=Hanoi")
	if err := accounts.SetAttributes(t.Context(), "customer@example.com", map[string]string{"department": ""}); err != nil {
		t.Fatal(err)
	}
	customer.get("/tickets/new").want(t, 200, `<input value="Hanoi"`).lacks(t, "<strong>Sales")
}

// TestKey_FixedAnswers has every ticket of a key say the same, whatever is sent, also by a link that the key makes.
func TestKey_FixedAnswers(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(strings.Replace(attributesForm, ", required: true", "", 1)))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	secret, err := s.Instances[0].Keys.AddWithLimits(t.Context(), "sales", account.Scopes, account.KeyLimits{Fixed: map[string]string{"department": "Stock", "desk": "1", "floor": "3"}})
	if err != nil {
		t.Fatal(err)
	}
	p := program{t: t, url: s.URL, key: secret, doc: describe(t, s)}
	p.post("/api/v1/tickets", `{"user_id":"u-1","extra":{}}`, "Idempotency-Key", "one").want(t, 201, `"extra":{"department":"Stock"}`) // the desk is not asked, and the form has no floor
	p.post("/api/v1/tickets", `{"user_id":"u-1","extra":{"department":"Stock"}}`, "Idempotency-Key", "two").want(t, 201, `"department":"Stock"`)
	p.post("/api/v1/tickets", `{"user_id":"u-1","extra":{"department":"Sales"}}`, "Idempotency-Key", "three").refuses(t, 422, "invalid", "department not_an_option")
	p.post("/api/v1/submission-links", `{"user_id":"u-2","prefill":{"department":"Sales"}}`).refuses(t, 422, "invalid", "department not_an_option")
	p.post("/api/v1/submission-links", `{"user_id":"u-2"}`).want(t, 201)
	var locked []string
	if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT locked FROM submission_links").Scan(&locked); err != nil || strings.Join(locked, " ") != "department desk" {
		t.Errorf("the link has locked %q, %v", locked, err)
	}
}
