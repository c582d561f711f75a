package e2e

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

const ownersForm = `name: merchant
title: Merchant
list: [company]
fields:
  - {name: company, label: Company, required: true}
  - name: owners
    label: Owners
    type: group
    many: 3
    min: 1
    row_label: Owner
    fields:
      - {name: full_name, label: Full name, required: true}
      - {name: share, label: Share, type: number, min: 1, max: 100, required: true}
reasons:
  - {code: owner, label: Owner's name, class: retry, fields: [owners.full_name], text: Give the full names.}
`

// TestGroups_RowsInABrowser adds rows, removes the one in the middle, mends a mistake in the second, and sends again what was refused.
func TestGroups_RowsInABrowser(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]option{"phone": {phone}, "no script": {phone, noScript, dark}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := name == "phone"
			f, err := formfile.Parse([]byte(ownersForm))
			if err != nil {
				t.Fatal(err)
			}
			s := testsite.Start(t, f, 1, testdb.New(t))
			p, _ := openAsCustomer(t, s, "customer", options...)
			p.visit("/tickets/new")
			p.fill("Company", "Acme")
			p.fillRow(0, "full_name", "An")
			p.fillRow(0, "share", "50")
			p.addRow(1, script)
			p.fillRow(1, "full_name", "Chi")
			p.addRow(2, script)
			p.fillRow(2, "full_name", "Dung")
			p.fillRow(2, "share", "500")
			p.lookAtRows("groups", script)
			p.press("Remove Owner 2")
			p.must(p.expect.Locator(p.row(1)).ToHaveCount(0), "see the row go")
			if script {
				p.must(p.expect.Locator(p.Locator("#field-owners")).ToBeFocused(), "be at the rows that are left")
			}
			p.seeText("Owner 2")
			p.seeNoText("Owner 3")
			p.must(p.expect.Locator(p.cell(2, "full_name")).ToHaveValue("Dung"), "see the row after it")
			p.mendSecondOwner(script)

			agent := openAsAgent(t, s, "agent")
			agent.follow("Acme")
			agent.seeText("Owner 2")
			agent.seeText("Dung")
			agent.look("groups-review")
			if script { // for the second row alone
				agent.keys("r", "1", ".", "2")
				agent.look("groups-reject")
				agent.keys("Enter")
			} else {
				agent.tick("Owner's name")
				agent.press("Reject")
			}
			agent.seeText("may send again")

			p.Reload()
			p.follow("Fix and send again")
			p.must(p.expect.Locator(p.cell(0, "share")).ToHaveCount(0), "see nothing but what was refused")
			p.lookAtRows("groups-again", script)
			if script {
				p.seeText("This is about: Owner 2")
				p.must(p.expect.Locator(p.cell(0, "full_name")).ToHaveCount(0), "see nothing of the first owner")
			} else {
				p.fillRow(0, "full_name", "An Nguyễn")
			}
			p.fillRow(1, "full_name", "Dung Trần")
			p.press("Send")
			p.seeHeading("In review")
			p.seeText("Dung Trần")
			p.seeText("50")
		})
	}
}

// lookAtRows is look for a page that may be without script, which axe needs.
func (p *page) lookAtRows(name string, script bool) {
	p.t.Helper()
	if script {
		p.look(name)
		return
	}
	p.fits()
	p.shot(name)
}

// row is a row of the owners, by its slot.
func (p *page) row(slot int) playwright.Locator {
	return p.Locator("#field-owners-" + strconv.Itoa(slot))
}

// cell is a field in a row of the owners.
func (p *page) cell(slot int, name string) playwright.Locator {
	return p.Locator(fmt.Sprintf(`[name="owners.%d.%s"]`, slot, name))
}

// fillRow types into a field in a row of the owners.
func (p *page) fillRow(slot int, name, value string) {
	p.t.Helper()
	p.must(p.cell(slot, name).Fill(value, playwright.LocatorFillOptions{Timeout: timeout()}), "fill %s in row %d", name, slot)
}

// addRow adds a row of the owners, whose first field has the focus then where there is a script.
func (p *page) addRow(slot int, script bool) {
	p.t.Helper()
	p.press("Add another “Owner”")
	p.must(p.expect.Locator(p.row(slot)).ToBeVisible(), "see row %d", slot)
	if script {
		p.must(p.expect.Locator(p.cell(slot, "full_name")).ToBeFocused(), "be in row %d", slot)
	}
}

// mendSecondOwner sends the form with a mistake in the second row that is shown, follows the list of problems to it and mends it.
func (p *page) mendSecondOwner(script bool) {
	p.t.Helper()
	p.expectStatus(http.StatusUnprocessableEntity)
	p.press("Send")
	p.must(p.expect.Locator(p.Locator(".summary a")).ToHaveText("Owner 2 · Share: Must be 100 or less"), "see whose mistake it is")
	if script {
		p.must(p.expect.Locator(p.Locator(".summary")).ToBeFocused(), "hear of the problems first")
	}
	p.lookAtRows("groups-wrong", script)
	p.must(p.Locator(".summary a").Click(), "follow the problem")
	p.must(p.expect.Locator(p.cell(2, "share")).ToBeFocused(), "come to the mistake")
	p.fillRow(2, "share", "50")
	p.press("Send")
	p.seeHeading("In review")
}
