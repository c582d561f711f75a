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
