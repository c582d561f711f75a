package e2e

import (
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// tripForm asks more of a trip abroad.
const tripForm = `name: trip
title: A trip
sections:
  - title: The journey
    fields:
      - name: who
        label: Traveller
        required: true
      - name: by
        label: Means of transport
        type: choice
        options: [{value: car, label: Car}, {value: plane, label: Plane}]
      - {name: plate, label: Number plate, required: true, when: by == 'car', help: As it stands on the car.}
      - {name: seats, label: Seats, type: number}
      - {name: bags, label: Bags, type: number}
      - {name: far, label: I leave the country, type: checkbox, when: by == 'plane'}
  - title: Beyond the border
    when: far
    fields:
      - {name: visa, label: Visa, required: true}
      - {name: stay, label: Reason of stay}
checks:
  - {when: bags > seats, fields: [bags], text: One bag for each seat}
`

func openTripForm(t *testing.T, options ...option) *page {
	t.Helper()
	f, err := formfile.Parse([]byte(tripForm))
	if err != nil {
		t.Fatal(err)
	}
	p, _ := openAs(t, testsite.Start(t, f, 1, testdb.NewWithReplica(t)), "anna", account.Customer, options...)
	p.at("/tickets")
	p.visit("/tickets/new")
	return p
}

// seeField waits until a field is there for people to answer, or is not.
func (p *page) seeField(label string, there bool) {
	p.t.Helper()
	err := p.expect.Locator(p.field(label)).ToBeVisible(playwright.LocatorAssertionsToBeVisibleOptions{Visible: &there})
	p.must(err, "see the field %q: %t", label, there)
}

func TestConditions_FieldsFollowAnswers(t *testing.T) {
	t.Parallel()
	p := openTripForm(t, phone)
	p.seeField("Number plate", false)
	p.seeField("I leave the country (optional)", false)
	p.expectStatus(422)
	p.press("Send")
	p.seeMessage("Traveller", "Fill in")
	p.fill("Traveller", "Anna")
	p.choose("Means of transport (optional)", "Car")
	p.seeField("Number plate", true)
	p.must(p.expect.Locator(p.field("Traveller")).ToBeFocused(), "keep the focus")
	p.fill("Number plate", "A 1")
	p.choose("Means of transport (optional)", "Plane")
	p.seeField("Number plate", false)
	p.seeNoText("As it stands on the car.")
	p.seeNoText("Beyond the border")
	p.tick("I leave the country (optional)")
	p.seeHeading("Beyond the border")
	p.fill("Visa", "V 1")
	p.choose("Means of transport (optional)", "Car")
	p.seeField("Visa", false)
	p.seeValue("Number plate", "A 1")
	p.seeValue("Traveller", "Anna")
	p.fill("Seats (optional)", "2")
	p.fill("Bags (optional)", "3")
	p.keys("Tab")
	p.seeMessage("Bags (optional)", "One bag for each seat")
	p.seeValue("Bags (optional)", "3")
	axe(t, p)
	p.shot("asked")
	p.fill("Seats (optional)", "3")
	p.keys("Tab")
	p.seeNoText("One bag for each seat")
	p.press("Send")
	p.at("/tickets/[0-9a-f-]{36}")
	p.seeText("A 1")
	p.seeNoText("Visa")
}

func TestConditions_WithoutJavaScript(t *testing.T) {
	t.Parallel()
	p := openTripForm(t, noScript)
	for label, words := range map[string]string{
		"Number plate":                   "Needed when “Means of transport” is “Car”.",
		"I leave the country (optional)": "Only when “Means of transport” is “Plane”.",
	} {
		p.seeField(label, true)
		p.seeMessage(label, words)
	}
	p.seeField("Visa", true)
	p.seeText("Only when “I leave the country” is ticked.")
	p.fits()
	p.shot("asked-without-script")
	p.fill("Traveller", "Anna")
	p.choose("Means of transport (optional)", "Car")
	p.fill("Visa", "not asked")
	p.expectStatus(422)
	p.press("Send")
	p.seeMessage("Number plate", "Fill in")
	p.seeValue("Visa", "not asked")
	p.fill("Number plate", "A 1")
	p.press("Send")
	p.at("/tickets/[0-9a-f-]{36}")
	p.seeNoText("not asked")
}

func TestMRZ_HintWhileTyping(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte("name: zone\ntitle: Zone\nfields:\n  - {name: mrz, label: Lines at the foot, type: mrz, required: true}\n" +
		"reasons:\n  - {code: other, label: Other, class: final, text: No.}\n"))
	if err != nil {
		t.Fatal(err)
	}
	p, _ := openAsCustomer(t, testsite.Start(t, f, 1, testdb.New(t)), "anna", phone)
	p.visit("/tickets/new")
	const first, hint = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n", "A character may be wrong."
	p.fill("Lines at the foot", first+"L898902C46UTO7408122F1204159ZE184226B<<<<<10")
	p.keys("Tab")
	p.seeText(hint)
	p.look("mrz-warning")
	p.fill("Lines at the foot", first+"L898902C36UTO7408122F1204159ZE184226B<<<<<10")
	p.keys("Tab")
	p.seeNoText(hint)
	p.press("Send")
	p.seeHeading("In review")
}
