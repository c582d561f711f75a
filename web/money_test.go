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

// invoice is a form with amounts and times, in two languages.
const invoice = `name: invoice
languages: [en, vi]
title: {en: Invoice, vi: Hóa đơn}
time_zone: Asia/Ho_Chi_Minh
list: [total]
fields:
  - {name: total, label: {en: Total, vi: Tổng}, type: money, currency: [VND, USD], required: true, max: 2000000}
  - {name: tip, label: {en: Tip, vi: Thưởng}, type: money, currency: VND}
  - {name: at, label: {en: Time, vi: Giờ}, type: time}
  - {name: due, label: {en: Due, vi: Hạn}, type: datetime}
reasons:
  - {code: total, label: Total, class: retry, fields: [total], text: {en: Look again., vi: Xem lại.}}
rules:
  - {name: small, when: "total.currency == 'USD' && total.value < 1.0", decide: approve}
`

func TestMoney_FromThePageToTheAgent(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(invoice))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	customer.get("/tickets/new").want(t, 200, `name="total.value"`, `name="total.currency"`, `aria-label="Currency of “Total”"`, `name="tip"`, `type="time"`, `type="datetime-local"`)
	typed := url.Values{"submission_id": {someID}, "total.value": {"1.250"}, "total.currency": {"USD"}, "tip": {"20.000"}, "at": {"9:05"}, "due": {"2026-07-04T09:30"}}
	wrong := customer.post("/tickets", typed).want(t, 422, "1.250 may be thousands", `value="1.250"`, `<option value="USD" selected>`, `value="20.000"`)
	customer.get("/tickets/new").want(t, 200, `value="1.250"`, `<option value="USD" selected>`)
	if strings.Contains(wrong.body, "Fill in “Total”") {
		t.Error("what was typed is lost")
	}
	typed.Set("total.value", "")
	customer.post("/tickets", typed).want(t, 422, "Fill in “Total”")
	typed.Set("total.value", "1,250.5")
	path := customer.post("/tickets", typed).want(t, 303).location()
	customer.get(path).want(t, 200, "1,250.50\u00a0USD", "20,000\u00a0VND", "09:05", "4 Jul 2026, 09:30")
	id := strings.TrimPrefix(path, "/tickets/")
	agent.get("/review").want(t, 200, "1,250.50 USD")
	agent.get("/review/"+id).want(t, 200, "1,250.50\u00a0USD")
	agent.get("/review/export.csv").want(t, 200, "1,250.50\u00a0USD")
	p := programs(t, s)("crm", account.Scopes...)
	p.get("/api/v1/tickets/"+id).want(t, 200, `"total":{"amount":125050,"currency":"USD"}`, `"tip":{"amount":20000,"currency":"VND"}`, `"at":"09:05"`, `"due":"2026-07-04T09:30:00+07:00"`)
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"total"}}).want(t, 303)
	customer.get("/tickets/new").want(t, 200, "Look again.", `value="1250.50"`, `<option value="USD" selected>`)
	again := url.Values{"submission_id": {someID[:35] + "9"}, "mends": {id}, "total.value": {"1251"}, "total.currency": {"USD"}}
	next := customer.post("/tickets", again).want(t, 303).location()
	customer.get(next).want(t, 200, "1,251.00\u00a0USD", "4 Jul 2026, 09:30")
	body := `{"user_id":"u","extra":{"total":{"amount":99,"currency":"USD"},"due":"2026-07-04T02:30:00Z"}}`
	p.post("/api/v1/tickets", body, "Idempotency-Key", "one").want(t, 201, `"status":"approved"`, `"due":"2026-07-04T09:30:00+07:00"`)
	p.post("/api/v1/tickets", strings.Replace(body, "99,", `"99",`, 1), "Idempotency-Key", "two").refuses(t, 422, "invalid", "total wrong_type")
	p.post("/api/v1/tickets", strings.Replace(body, "99,", `200000001,`, 1), "Idempotency-Key", "three").refuses(t, 422, "invalid", "total too_large")
}

// trips is a form with amounts and addresses in rows.
const trips = `name: trips
title: Trips
fields:
  - name: legs
    label: Legs
    row_label: Leg
    type: group
    many: 3
    fields:
      - {name: to, label: To, type: address, required: true}
      - {name: cost, label: Cost, type: money, currency: [VND, USD], required: true}
      - {name: reason, label: Reason, when: to.country == 'VNM', when_help: In Vietnam.}
`

func TestMoney_InRows(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(trips))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	customer, _ := signedIn(t, s, "customer", account.Customer)
	typed := url.Values{
		"submission_id": {someID}, "legs": {"0"}, "legs.0.to.line1": {"1 Rue"}, "legs.0.to.city": {"Nice"},
		"legs.0.cost.value": {"12,5"}, "legs.0.cost.currency": {"USD"}, "legs.0.reason": {"Fun"},
	}
	customer.post("/tickets", typed).want(t, 422, "Fill in “Country”", `name="legs.0.to.city" value="Nice"`, `name="legs.0.cost.value"`, `value="12,5"`)
	customer.get("/tickets/new").want(t, 200, `name="legs.0.to.city" value="Nice"`, `value="12,5"`)
	typed.Set("legs.0.to.country", "FRA")
	path := customer.post("/tickets", typed).want(t, 303).location()
	customer.get(path).want(t, 200, "1 Rue, Nice, France", "12.50\u00a0USD")
	p := programs(t, s)("crm", account.Scopes...)
	const row = `{"to":{"city":"Nice","line1":"1 Rue","country":"FRA"},"cost":{"amount":1250,"currency":"USD"}}`
	p.get("/api/v1/tickets/"+strings.TrimPrefix(path, "/tickets/")).want(t, 200, `"legs":[`+row+`]`)
	body := `{"user_id":"u","extra":{"legs":[` + row + `]}}`
	p.post("/api/v1/tickets", body, "Idempotency-Key", "one").want(t, 201, row)
	p.post("/api/v1/tickets", strings.Replace(body, `"FRA"`, `"XXX"`, 1), "Idempotency-Key", "two").refuses(t, 422, "invalid", "legs.0.to not_an_option")
}

func TestComputed_FromThePageToTheAPI(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(`name: order
title: Order
fields:
  - {name: price, label: Price, type: number, decimals: 2, required: true}
  - {name: total, label: Total, type: money, currency: EUR, computed: price * 1.5}
rules:
  - {name: small, when: total < 10.0, decide: approve}
`))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	customer, _ := signedIn(t, s, "customer", account.Customer)
	customer.get("/tickets/new").want(t, 200, `<output class="computed" id="field-total">`, `name="price"`, "data-decides")
	customer.post("/tickets/new/asked", url.Values{"price": {"2.50"}}).want(t, 200, `id="field-total" hx-swap-oob="true"`, "3.75\u00a0EUR")
	sent := url.Values{"submission_id": {someID}, "price": {"2.50"}, "total": {"EUR 1.00"}}
	path := customer.post("/tickets", sent).want(t, 303).location()
	customer.get(path).want(t, 200, "3.75\u00a0EUR", "Approved")
	p := programs(t, s)("crm", account.Scopes...)
	p.post("/api/v1/tickets", `{"user_id":"u","extra":{"price":20}}`, "Idempotency-Key", "one").want(t, 201, `"total":{"amount":3000,"currency":"EUR"}`, `"status":"processing"`)
	p.post("/api/v1/tickets", `{"user_id":"v","extra":{"price":20,"total":{"amount":1,"currency":"EUR"}}}`, "Idempotency-Key", "two").refuses(t, 422, "invalid", "total unknown_field")
}
