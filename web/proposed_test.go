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

const proposedForm = `name: proposed
title: Proposed
layout: steps
sections:
  - title: You
    fields:
      - {name: full_name, label: Full name, required: true}
      - {name: nationality, label: Nationality, type: country, required: true}
  - title: Document
    fields:
      - {name: issuer, label: Issuing country, type: country, required: true, proposes: nationality}
      - {name: residence, label: Residence, type: country, proposes: nationality}
reasons: [{code: other, label: Other, class: retry, text: Please write it again.}]
`

// TestProposed_WithoutScript fills in a country that another answer proposes, until its user chooses one, or clears one that may be left out.
func TestProposed_WithoutScript(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(proposedForm))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	b, _ := signedIn(t, s, "customer", account.Customer)
	const form = "/tickets/new"
	said := func(page reply) int { return strings.Count(page.body, "another one.</p>") }
	if page := b.get(form+"?step=2").want(t, 200); said(page) != 0 || strings.Contains(page.body, "selected") {
		t.Error("a country is proposed before the other is chosen")
	}
	b.sendStep(form, "1", url.Values{"full_name": {"An"}, "nationality": {"VNM"}}).want(t, 303)
	if page := b.get(form+"?step=2").want(t, 200); said(page) != 2 || strings.Count(page.body, `value="VNM" selected`) != 2 {
		t.Errorf("%d of 2 countries are proposed", said(page))
	}
	if n := count(t, s, "SELECT count(*) FROM drafts WHERE text(answers) LIKE '%issuer%'"); n != 0 {
		t.Error("what is proposed was saved before its user sent it")
	}
	b.sendStep(form, "2", url.Values{"issuer": {"SWE"}, "residence": {""}}).want(t, 303)
	if page := b.get(form+"?step=2").want(t, 200, `value="SWE" selected`); said(page) != 0 || strings.Contains(page.body, `value="VNM" selected`) {
		t.Error("it is proposed again although its user has chosen")
	}
}
