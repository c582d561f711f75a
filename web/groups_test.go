package web_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

const merchant = `name: merchant
title: Merchant
fields:
  - {name: company, label: Company, required: true}
  - name: owners
    label: Owners
    type: group
    many: 3
    min: 1
    row_label: Owner
    unique: [passport_number]
    fields:
      - {name: full_name, label: Full name, required: true, search: true}
      - {name: share, label: Share, type: number, min: 1, max: 100}
      - {name: passport_number, label: Passport number, required: true, when: share > 25, when_help: With more than a quarter.}
reasons:
  - {code: owner, label: Owner, class: retry, fields: [owners.full_name], text: Give the full names.}
rules:
  - {name: sole, when: "owners.exists(o, o.share >= 100)", decide: approve}
`

func startMerchant(t *testing.T) *testsite.Site {
	t.Helper()
	return testsite.Start(t, merchantForm(t), 1, testdb.New(t))
}

func merchantForm(t *testing.T) *form.Form {
	t.Helper()
	f, err := formfile.Parse([]byte(merchant))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// twoOwners are the answers of a company with two owners, whose rows are not beside each other.
func twoOwners() url.Values {
	return url.Values{
		"submission_id": {someID}, "company": {"Acme"}, "owners": {"0", "2"}, "owners.0.full_name": {"An"}, "owners.0.share": {"25"},
		"owners.2.full_name": {"Bình"}, "owners.2.share": {"30"}, "owners.2.passport_number": {"P1"},
	}
}

func TestGroups_FromThePageToTheAgent(t *testing.T) {
	t.Parallel()
	s := startMerchant(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	customer.get("/tickets/new").want(t, 200, "<legend>Owner 1</legend>", `name="owners.0.full_name"`, `name="owners" value="0"`, "Add another “Owner”")
	wrong := twoOwners()
	delete(wrong, "owners.2.full_name")
	customer.post("/tickets", wrong).want(t, 422, `href="#field-owners-2-full_name">Owner 2: Fill in “Full name”`, `value="P1"`, `name="owners" value="2"`)
	path := customer.post("/tickets", twoOwners()).want(t, 303).location()
	customer.get(path).want(t, 200, "<caption>Owners</caption>", "Owner 2", "Bình")
	id := strings.TrimPrefix(path, "/tickets/")
	agent.get("/review/"+id).want(t, 200, "<caption>Owners</caption>", "Owner 2", "Bình")
	agent.get("/review?q=binh").want(t, 200, "Acme")
	agent.get("/review/export.csv?status=processing").want(t, 200, `"Owner 1 – Full name: An, Share: 25; Owner 2 – Full name: Bình, Share: 30, Passport number: P1"`)
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"owner"}}).want(t, 303)
	again := customer.get("/tickets/new").want(t, 200, "Give the full names.", `name="owners.0.full_name"`, `name="owners.1.full_name"`).body
	if strings.Contains(again, `name="owners.1.share"`) || strings.Contains(again, "add-row") {
		t.Error("more is asked again than what was refused")
	}
	path = customer.post("/tickets", url.Values{"submission_id": {"0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c002"}, "owners": {"0", "1"}, "owners.0.full_name": {"An Nguyễn"}, "owners.1.full_name": {"Bình Trần"}}).want(t, 303).location()
	id = strings.TrimPrefix(path, "/tickets/")
	p := programs(t, s)("crm", account.Scopes...)
	p.get("/api/v1/tickets/"+id).want(t, 200, `"owners":[{"share":25,"full_name":"An Nguyễn"},{"share":30,"full_name":"Bình Trần","passport_number":"P1"}]`)
}

func TestGroups_AddAndRemoveRows(t *testing.T) {
	t.Parallel()
	s := startMerchant(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	typed := twoOwners()
	at := customer.post("/tickets/new", with(typed, "add-row", "owners")).want(t, 303).location()
	if at != "/tickets/new#field-owners-1" {
		t.Errorf("a new row leads to %s", at)
	}
	customer.get("/tickets/new").want(t, 200, "Owner 3", `name="owners.1.full_name"`, `value="Bình"`, "There can be 3 at most.")
	typed["owners"] = []string{"0", "2", "1"}
	customer.post("/tickets/new", with(typed, "remove-row", "owners.0")).want(t, 303)
	left := customer.get("/tickets/new").want(t, 200, "Owner 2", `value="Bình"`, `value="Acme"`).body
	if strings.Contains(left, `value="An"`) || strings.Contains(left, "Owner 3") {
		t.Error("a row that was removed is still there")
	}
	customer.post("/tickets/new", with(typed, "remove-row", "owners.2"), "HX-Request", "true").want(t, 200, `id="field-owners"`, `id="draft-base"`)
	if body := customer.get("/tickets/new").want(t, 200).body; strings.Contains(body, "Bình") {
		t.Error("a row that the script removed is still there")
	}
}

func TestGroups_API(t *testing.T) {
	t.Parallel()
	s := startMerchant(t)
	p := programs(t, s)("crm", account.Scopes...)
	const body = `{"user_id":"u-9","extra":{"company":"Acme","owners":[{"full_name":"An","share":100,"passport_number":"P1"}]}}`
	p.post("/api/v1/tickets", body, "Idempotency-Key", "one").want(t, 201, `"status":"approved"`, `"decided_by":"rule:sole"`)
	for i, test := range []struct {
		from, to string
		want     []string
	}{
		{`,"passport_number":"P1"`, "", []string{"owners.0.passport_number required"}},
		{`"share":100`, `"share":101`, []string{"owners.0.passport_number not_applicable", "owners.0.share too_large"}},
		{`"An"`, "1", []string{"owners.0.full_name wrong_type"}},
		{`"An"`, `"An","name":"An"`, []string{"owners.0.name unknown_field"}},
		{`[{`, `[{},{`, []string{"owners.0 required"}},
	} {
		p.post("/api/v1/tickets", strings.Replace(body, test.from, test.to, 1), "Idempotency-Key", strconv.Itoa(i)).refuses(t, 422, "invalid", test.want...)
	}
}
