package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// hostileForm has rows, an amount, several files, and an answer that is known.
const hostileForm = `name: hostile
title: Hostile
open_tickets_per_user: many
fields:
  - {name: email, label: Address, type: email, from: account.email}
  - {name: total, label: Total, type: money, currency: [VND, USD], required: true}
  - {name: at, label: Time, type: datetime}
  - name: owners
    label: Owners
    type: group
    many: 2
    row_label: Owner
    fields:
      - {name: full_name, label: Full name, required: true}
  - {name: proof, label: Proof, type: file, accept: [pdf, image], many: 2}
checks:
  - {when: "owners.exists(o, o.full_name == 'x')", fields: [total], text: Not this name}
reasons:
  - {code: other, label: Other, class: retry, fields: [total], text: Not now.}
`

func startHostile(t *testing.T) *testsite.Site {
	t.Helper()
	f, err := formfile.Parse([]byte(hostileForm))
	if err != nil {
		t.Fatal(err)
	}
	return testsite.Start(t, f, 1, testdb.New(t))
}

// No name or value of a page's form leads to an internal error, or to a ticket with what was not asked.
func TestHostile_Rows(t *testing.T) {
	t.Parallel()
	s := startHostile(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	huge := strings.Repeat("9", 100_000)
	for i, hostile := range []url.Values{
		{"owners.99999999999.full_name": {"A"}},
		{"owners.99999999999999999999999.full_name": {"A"}, "owners": {"99999999999999999999999"}},
		{"owners.-1.full_name": {"A"}, "owners": {"-1"}},
		{"owners.0.owners.0": {"A"}, "owners.0.owners.0.full_name": {"A"}, "owners": {"0", "0", "0.owners.0"}},
		{"owners.0": {"A"}, "owners.": {"A"}, "owners..": {"A"}, ".owners": {"A"}, "owners..full_name": {"A"}},
		{"owners.0.full_name": {"A", "B"}, "owners": {"0", "0"}},
		{"owners.0.full_name": {"A\x00B"}},
		{"owners.0.full_name": {"\xff\xfe"}},
		{"owners.0.full_name": {huge}},
		{"owners.0.full_name": {"A"}, "proof": {"x", "\x00", huge}},
		{"owners.0.full_name": {"A"}, "proof": {someID, someID}, "owners.0.proof": {someID}},
		{"owners.0.full_name": {"A"}, "owners.1.full_name": {"B"}, "owners.2.full_name": {"C"}, "owners": {"0", "1", "2"}},
		{"total.currency": {"USD", "VND"}, "total.value": {"1", "2"}},
		{"total.currency": {"EUR"}},
		{"total.currency": {"\x00"}},
		{"total.value": {huge}},
		{"total.value": {"-1e999"}},
		{"total.value": {"NaN"}},
		{"total": {"1"}, "total.currency": nil, "total.value": nil},
		{"at": {huge}},
		{"at": {"0000-00-00T25:61"}},
		{"at": {"+99999-01-01T00:00"}},
		{"\x00": {"A"}, "": {"B"}, "owners\x00": {"C"}},
		{"remove": {"proof/" + huge, "proof.-1/x", "\x00"}},
	} {
		sent := url.Values{"submission_id": {"0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c" + strconv.Itoa(100+i)}, "total.value": {"1"}, "total.currency": {"USD"}}
		maps.Copy(sent, hostile)
		for _, path := range []string{"/tickets", "/tickets/new", "/tickets/new/asked"} {
			if got := customer.post(path, sent); got.status >= http.StatusInternalServerError {
				t.Errorf("%d to %s: %d", i, path, got.status)
			}
		}
		for _, row := range []string{"owners.99999999999", "owners.-1", "owners.0.owners.0", "total.0", "owners.", "\x00"} {
			sent.Set("remove-row", row)
			if got := customer.post("/tickets/new", sent); got.status >= http.StatusInternalServerError {
				t.Errorf("%d without row %q: %d", i, row, got.status)
			}
		}
		sent.Del("remove-row")
		sent.Set("add-row", "total")
		if got := customer.post("/tickets/new", sent); got.status >= http.StatusInternalServerError {
			t.Errorf("%d with a row of a field without: %d", i, got.status)
		}
	}
	if n := count(t, s, "SELECT count(*) FROM tickets WHERE jsonb_array_length(coalesce(extra->'owners', '[]')) > 2 OR extra::text LIKE '%99999999%' OR extra->'total'->>'currency' = 'EUR'"); n != 0 {
		t.Errorf("%d tickets have what the form does not allow", n)
	}
}

// Every JSON that is not what the form asks is refused as invalid.
func TestHostile_RowsOfOtherSystems(t *testing.T) {
	t.Parallel()
	s := startHostile(t)
	p := programs(t, s)("crm", account.Scopes...)
	proof := func(user string) string {
		r := p.send(http.MethodPost, "/api/v1/files?user_id="+user+"&field=proof", string(photo()), "Content-Type", "image/jpeg").want(t, 201)
		return read[struct{ ID string }](t, r).ID
	}
	own, foreign := proof("u"), proof("v")
	const total = `"total":{"amount":1,"currency":"USD"}`
	for i, extra := range []string{
		`{"total":[]}`, `{"total":{"amount":1,"currency":"EUR"}}`, `{"total":{"amount":1}}`, `{"total":{"amount":{},"currency":[]}}`, `{"total":{"amount":1e400,"currency":"USD"}}`,
		`{"total":{"amount":1,"currency":"USD","currency":"VND"}}`, `{"total":{"amount":1,"currency":"USD","more":1}}`, `{"total":{"amount":99999999999999999999999,"currency":"USD"}}`,
		`{` + total + `,"owners":{}}`, `{` + total + `,"owners":[[]]}`, `{` + total + `,"owners":[{"full_name":[]}]}`, `{` + total + `,"owners":[{"full_name":"A\u0000"}]}`,
		`{` + total + `,"owners":[{"full_name":"A","full_name":"B"}]}`, `{` + total + `,"owners":[],"owners":[{"full_name":"A"}]}`,
		`{` + total + `,"owners":[{"full_name":"A"},{"full_name":"B"},{"full_name":"C"}]}`, `{` + total + `,"owners.0.full_name":"A"}`, `{` + total + `,"owners":[{"full_name":"x"}]}`,
		`{` + total + `,"proof":{}}`, `{` + total + `,"proof":["` + foreign + `"]}`, `{` + total + `,"proof":["` + own + `","` + own + `"]}`, `{` + total + `,"proof":[{}]}`,
		`{` + total + `,"owners":[{"full_name":"A","proof":["` + own + `"]}]}`,
		`{` + total + `,"owners":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`,
	} {
		got := p.post("/api/v1/tickets", `{"user_id":"u","extra":`+extra+`}`, "Idempotency-Key", strconv.Itoa(i))
		if got.status < 400 || got.status >= http.StatusInternalServerError {
			t.Errorf("%.200s: %d %.300s", extra, got.status, got.body)
		}
	}
}
