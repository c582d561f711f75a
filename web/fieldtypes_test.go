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

const supplier = `name: supplier
title: Supplier
fields:
  - {name: company, label: Company, required: true}
  - name: services
    label: Services
    type: multi_choice
    required: true
    max: 2
    options: [{value: print, label: Printing}, {value: ship, label: Shipping}, {value: store, label: Storage}]
  - {name: account, label: Account, type: iban, help: Of the company., required_when: "'ship' in services"}
  - {name: site, label: Site, type: url, when: "'store' in services"}
reasons:
  - {code: services, label: Services, class: retry, fields: [services], text: Choose other services.}
  - {code: vague, label: Vague, class: retry, text: Look again.}
`

// checkedOptions are the options that a page shows ticked.
func (r reply) checkedOptions(values ...string) string {
	var checked []string
	for _, value := range values {
		at := strings.Index(r.body, `name="services" value="`+value+`"`)
		if at >= 0 && strings.Contains(r.body[at:at+strings.Index(r.body[at:], ">")], " checked") {
			checked = append(checked, value)
		}
	}
	return strings.Join(checked, " ")
}

func TestFieldTypes_FromThePageToTheAgent(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(supplier))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	empty := customer.get("/tickets/new").want(t, 200, `type="checkbox" id="field-services" name="services" value="print"`, `type="url"`, `inputmode="url"`, `autocapitalize="characters"`,
		"Of the company. Needed when “Services” includes “Shipping”.", "Only when “Services” includes “Storage”.")
	if got := strings.Count(empty.body, "(optional)"); got != 2 {
		t.Errorf("%d fields are marked optional, want the one that may be needed and the one that may be asked", got)
	}
	typed := url.Values{"submission_id": {someID}, "company": {"Acme"}, "services": {"ship", "print"}, "account": {"DE89 3704 0044 0532 0130 01"}}
	wrong := customer.post("/tickets", typed).want(t, 422, "Must be an IBAN", `value="DE89 3704 0044 0532 0130 01"`)
	draft := customer.get("/tickets/new").want(t, 200, `value="DE89 3704 0044 0532 0130 01"`)
	for what, page := range map[string]reply{"the page that refuses": wrong, "the draft": draft} {
		if got := page.checkedOptions("print", "ship", "store"); got != "print ship" {
			t.Errorf("%s shows %q ticked, want print and ship", what, got)
		}
	}
	customer.post("/tickets/new/asked", url.Values{"services": {"store", "ship"}}).want(t, 200, `id="field-site-asked" data-asked="yes"`)
	customer.post("/tickets", url.Values{"submission_id": {someID}, "company": {"Acme"}, "services": {"ship"}}).want(t, 422, "Fill in “Account”")
	customer.post("/tickets", url.Values{"submission_id": {someID}, "company": {"Acme"}, "services": {"print", "ship", "store"}}).want(t, 422, "Choose at most 2")
	sent := url.Values{
		"submission_id": {someID}, "company": {"Acme"}, "services": {"store", "ship"}, "account": {"de89 3704 0044 0532 0130 00"}, "site": {"HTTPS://Acme.example"},
	}
	path := customer.post("/tickets", sent).want(t, 303).location()
	shown := customer.get(path).want(t, 200, "Shipping, Storage", "DE89 3704 0044 0532 0130 00", "https://acme.example/")
	if strings.Contains(shown.body, "Other answers") {
		t.Error("a form without sections has a heading over its answers")
	}
	id := strings.TrimPrefix(path, "/tickets/")
	agent.get("/review/"+id).want(t, 200, "Shipping, Storage", "DE89 3704 0044 0532 0130 00")
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"services"}}).want(t, 303)
	again := customer.get("/tickets/new").want(t, 200, "Choose other services.")
	if got := again.checkedOptions("print", "ship", "store"); got != "ship store" {
		t.Errorf("the resubmission shows %q ticked, want what was sent before", got)
	}
	p := programs(t, s)("crm", account.Scopes...)
	p.get("/api/v1/tickets/"+id).want(t, 200, `"services":["ship","store"]`, `"account":"DE89370400440532013000"`)
	const body = `{"user_id":"u-9","extra":{"company":"Acme","services":["store","print"],"site":"https://acme.example"}}`
	p.post("/api/v1/tickets", body, "Idempotency-Key", "one").want(t, 201, `"services":["print","store"]`, `"site":"https://acme.example/"`)
	p.post("/api/v1/tickets", strings.Replace(body, `["store","print"]`, `"store"`, 1), "Idempotency-Key", "two").refuses(t, 422, "invalid", "services wrong_type", "site not_applicable")
}
