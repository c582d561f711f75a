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

const termsForm = `name: terms
title: Terms
intro: Read the [guide](https://shop.example/guide) first.
fields:
  - {name: full_name, label: Name, help: "As in [this](https://shop.example/name)"}
  - {name: agree, label: "I accept the [terms](https://shop.example/terms).", type: checkbox, required: true, agreed_version: 2026-10}
reasons:
  - {code: unclear, label: Unclear, class: retry, text: "Look at the [guide](https://shop.example/guide) again."}
`

func TestLinkedText_FromTheFormToTheAgreement(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(termsForm))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	link := func(words, path string) string {
		return `<a href="https://shop.example/` + path + `" target="_blank" rel="noopener noreferrer">` + words + `</a>`
	}
	customer.get("/tickets/new").want(t, 200, "Read the "+link("guide", "guide")+" first.", "As in "+link("this", "name"), "I accept the "+link("terms", "terms")+".")
	customer.post("/tickets", url.Values{"submission_id": {someID}}).want(t, 422, "Tick “I accept the terms.”")
	path := customer.post("/tickets", url.Values{"submission_id": {someID}, "agree": {"on"}}).want(t, 303).location()
	agreed := []string{"What was agreed to", "I accept the " + link("terms", "terms") + ".", "Version 2026-10"}
	customer.get(path).want(t, 200, agreed...)
	id := strings.TrimPrefix(path, "/tickets/")
	agent.get("/review/"+id).want(t, 200, agreed...)
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"unclear"}}).want(t, 303)
	customer.get(path).want(t, 200, "Look at the "+link("guide", "guide")+" again.")
	program := programs(t, s)("crm", account.TicketsRead)
	program.get("/api/v1/tickets/"+id).want(t, 200, `"agreed":[{"field":"agree","text":"I accept the terms (https://shop.example/terms).","links":["https://shop.example/terms"],"version":"2026-10"}]`,
		"Look at the guide (https://shop.example/guide) again.")
}

// TestLinkedText_OfAnAgentIsPlain rejects with a text that an agent wrote: it makes no link.
func TestLinkedText_OfAnAgentIsPlain(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	id := customer.submit(someID)
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"other"}, "comment": {"See [this](https://evil.example)"}}).want(t, 303)
	customer.get("/tickets/"+id).want(t, 200, "See [this](https://evil.example)").lacks(t, `href="https://evil.example"`)
}
