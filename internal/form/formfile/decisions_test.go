package formfile_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

const refundForm = `name: refund
title: Refund
fields:
  - {name: amount, label: Amount, type: number, decimals: 2, required: true}
  - {name: system, label: System, type: choice, required: true, options: [{value: crm, label: CRM}, {value: wiki, label: Wiki}]}
  - {name: photo, label: Photo, type: image}
reasons:
  - {code: other, label: Other, class: retry, text: No.}
`

func TestGrant_AsksOfATicket(t *testing.T) {
	t.Parallel()
	f := parse(t, refundForm+`decisions:
  approve:
    asks:
      - system
      - {name: amount_granted, label: Amount granted, type: number, decimals: 2, required: true, max: 500, proposes: amount}
      - {name: ends, label: Ends, type: date, min: today, when: system == 'crm', required: true}
`)
	extra := []byte(`{"amount": 120.50, "system": "wiki"}`)
	grant := f.GrantOf(extra, time.Now())
	proposed := f.ProposeGrant(grant, extra, time.Now())
	if proposed.Text("amount_granted") != "120.50" || proposed.Text("system") != "wiki" || len(grant.Names()) != 2 {
		t.Errorf("asked %v, proposed %v", grant.Names(), proposed)
	}
	answers, err := grant.Check(proposed, time.Now())
	if err != nil || string(answers.JSON()) != `{"system":"wiki","amount_granted":120.50}` {
		t.Errorf("granted %s, %v", answers.JSON(), err)
	}
	grant = f.GrantOf([]byte(`{"amount": 700, "system": "crm"}`), time.Now())
	_, err = grant.Check(f.ProposeGrant(grant, []byte(`{"amount": 700, "system": "crm"}`), time.Now()), time.Now())
	wrong, _ := errors.AsType[form.Invalid](err)
	if wrong["amount_granted"].Code == "" || wrong["ends"].Code != form.CodeRequired {
		t.Errorf("refused %v", wrong)
	}
	later := parse(t, refundForm+"decisions: {approve: {asks: [{name: ends, label: Ends, type: date, default: today+30d, required: true}]}}\n"+"rules: [{name: small, when: amount < 20.0, decide: approve}]\n")
	day := time.Date(2026, time.March, 4, 12, 0, 0, 0, time.UTC)
	if proposed := later.ProposeGrant(later.GrantOf(extra, day), extra, day); proposed.Text("ends") != "2026-04-03" {
		t.Errorf("proposed %v", proposed)
	}
	if plain := parse(t, refundForm); plain.GrantOf(extra, time.Now()).Asks() {
		t.Error("a form that says nothing asks something of an approval")
	}
}

func TestGrant_Mistakes(t *testing.T) {
	t.Parallel()
	for asks, want := range map[string]string{
		`decisions: {}`:                          `line 9, column 12: "decisions" needs "approve"`,
		`decisions: {approve: {}}`:               `"approve" needs "asks"`,
		`decisions: {approve: {ask: [amount]}}`:  `unknown key "ask" in "approve"`,
		`decisions: {approve: {asks: [amuont]}}`: `line 9, column 30: no field is named "amuont"`,
		`decisions: {approve: {asks: [{name: by, label: By, default: account.email}]}}`:                                                       `what is known of an account is not proposed`,
		`decisions: {approve: {asks: [amount, amount]}}`:                                                                                      `column 38: the name "amount" is taken`,
		`decisions: {approve: {asks: [photo]}}`:                                                                                               `an approval is not asked a file`,
		`decisions: {approve: {asks: [{name: x, label: X, proposes: amont}]}}`:                                                                `column 60: no field is named "amont"`,
		`decisions: {approve: {asks: [{name: x, label: X, proposes: photo}]}}`:                                                                `column 60: "photo" has no answer that can be proposed`,
		`decisions: {approve: {asks: [{name: x, label: X, search: true}]}}`:                                                                   `unknown key "search" in an asked field`,
		`decisions: {approve: {asks: [{name: x, label: X, required: true}]}}` + "\nrules: [{name: small, when: amount < 5, decide: approve}]": `line 10, column 49: a rule can type nothing, and an approval is asked "x"`,
		`decisions: {approve: {asks: [{name: x, label: X, when: systm == 'crm'}]}}`:                                                           `systm`,
	} {
		_, err := formfile.Parse([]byte(refundForm + asks + "\n"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n got %v\nwant %s", asks, err, want)
		}
	}
}
