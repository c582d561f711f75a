package e2e

import (
	"testing"

	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// delivery is a form with answers in several parts.
const delivery = `name: delivery
title: Delivery
list: [price]
fields:
  - {name: price, label: Price, help: As on the bill., type: money, currency: [VND, USD], required: true}
  - {name: tip, label: Tip, type: money, currency: VND}
  - {name: to, label: Where to?, type: address, required: true}
  - {name: at, label: At what time?, type: time, required_when: to.country == 'VNM', when_help: Needed in Vietnam.}
  - {name: from, label: From, type: datetime}
`

func TestForm_AnswersInParts(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(delivery))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	p, _ := openAsCustomer(t, s, "customer", phone)
	p.visit("/tickets/new")
	p.fill("Price", "1.250")
	p.choose("Currency of “Price”", "USD")
	p.fill("Street and number", "1 Lê Lợi")
	p.expectStatus(422)
	p.press("Send")
	p.seeMessage("Price", "1.250 may be thousands")
	p.look("parts-wrong")
	p.fill("Price", "1,250.5")
	p.fill("City", "Huế")
	p.choose("Country", "Vietnam")
	p.must(p.Locator("#field-at").Fill("08:30"), "fill in the time")
	p.press("Send")
	p.seeHeading("In review")
	agent := openAsAgent(t, s, "agent", sized(1440, 900))
	agent.follow("1,250.50 USD")
	agent.seeHeading("1,250.50 USD")
	agent.look("parts-review")
}
