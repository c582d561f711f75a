package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// absence is a form with a check between two days, in two languages.
const absence = `name: absence
languages: [en, vi]
title: {en: Absence, vi: Nghỉ phép}
fields:
  - {name: start, label: {en: Start, vi: Bắt đầu}, type: date, required: true}
  - {name: until, label: {en: Until, vi: Đến}, type: date, required: true}
checks:
  - {when: until < start, fields: [until], text: {en: It ends before it begins, vi: Kết thúc trước khi bắt đầu}}
reasons:
  - {code: start, label: Start, class: retry, fields: [start], text: {en: Begin later., vi: Bắt đầu muộn hơn.}}
rules:
  - {name: any, when: until < start, decide: reject, reason: start}
`

func TestChecks_FromThePageToTheAPI(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(absence))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	days := func(start, until string) url.Values {
		return url.Values{"submission_id": {someID}, "start": {start}, "until": {until}}
	}
	customer.get("/tickets/new").want(t, 200, `aria-describedby="field-until-problem"`, `id="field-until-problem"></p>`)
	const told = `role="status" id="field-until-problem" hx-swap-oob="true">`
	customer.post("/tickets/new/asked", days("2026-03-04", "2026-03-03")).want(t, 200, told+`<span class="visually-hidden">Error:</span>It ends before it begins</p>`)
	customer.post("/tickets/new/asked", days("2026-03-04", "2026-03-05")).want(t, 200, told+"</p>")
	if early := customer.post("/tickets/new/asked", days("2026-03-04", "")).want(t, 200); strings.Contains(early.body, told) {
		t.Error("a field that is empty yet is told to be wrong")
	}
	customer.post("/tickets", days("2026-03-04", "2026-03-03")).want(t, 422, `href="#field-until">Until: It ends before it begins`, `value="2026-03-03"`)
	path := customer.post("/tickets", days("2026-03-04", "2026-03-05")).want(t, 303).location()
	id := strings.TrimPrefix(path, "/tickets/")
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"start"}}).want(t, 303)
	again := url.Values{"submission_id": {uuid.NewString()}, "mends": {id}, "start": {"2026-03-09"}}
	customer.post("/tickets", again).want(t, 422, `href="#field-until">Until: It ends before it begins`, `name="until"`)
	again.Set("until", "2026-03-10")
	customer.post("/tickets", again).want(t, 303)
	p := programs(t, s)("crm", account.Scopes...)
	wrong := p.post("/api/v1/tickets", `{"user_id":"u","extra":{"start":"2026-03-04","until":"2026-03-03"}}`, "Idempotency-Key", "one")
	wrong.refuses(t, 422, "invalid", "until check_failed")
	wrong.want(t, 422, "It ends before it begins")
	p.get("/api/openapi.json").want(t, 200, "Refused when until \\u003c start: It ends before it begins")
}
