package e2e

import (
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// expenses is a form that takes several receipts.
const expenses = `name: expenses
title: Expenses
fields:
  - {name: what, label: What was it for?, required: true}
  - {name: receipts, label: Receipt, help: Of the hotel and the train., type: file, accept: [pdf, image], many: 3, required: true}
`

// pickSeveral picks files at once.
func (p *page) pickSeveral(field string, picked ...playwright.InputFile) {
	p.t.Helper()
	p.waitForScripts()
	p.must(p.Locator("#field-"+field).SetInputFiles(picked), "pick files for %s", field)
}

func TestUpload_SeveralFiles(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(expenses))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	p, _ := openAsCustomer(t, s, "customer", phone)
	p.visit("/tickets/new")
	p.look("several-empty")
	pdf := playwright.InputFile{Name: "train.pdf", MimeType: "application/pdf", Buffer: append([]byte("%PDF-1.7\n"), append(make([]byte, 3000), "\n%%EOF\n"...)...)}
	p.pickSeveral("receipts", playwright.InputFile{Name: "hotel.jpg", MimeType: "image/jpeg", Buffer: photo()}, pdf)
	p.must(p.expect.Locator(p.Locator("#field-receipts-box img")).ToHaveJSProperty("naturalWidth", 480), "load the photo")
	kept := p.Locator("#field-receipts-box input[type=hidden]")
	p.must(p.expect.Locator(kept).ToHaveCount(2), "see two files")
	p.pickSeveral("receipts", pdf)
	p.must(p.expect.Locator(kept).ToHaveCount(3), "see three files")
	p.must(p.expect.Locator(p.Locator("#field-receipts-box input[type=file]")).ToHaveCount(0), "see no control for a fourth")
	p.look("several-full")
	p.fits()
	p.press("Remove “Receipt 3”")
	p.must(p.expect.Locator(kept).ToHaveCount(2), "see two files again")
	p.expectStatus(422)
	p.press("Send")
	p.seeMessage("What was it for?", "Fill in")
	p.must(p.expect.Locator(kept).ToHaveCount(2), "see both files after the mistake")
	p.fill("What was it for?", "A night in Huế")
	p.press("Send")
	p.seeHeading("In review")
	agent := openAsAgent(t, s, "agent", sized(1440, 900))
	agent.visit("/review")
	agent.follow("A night in Huế")
	agent.seeHeading("A night in Huế")
	agent.look("several-review")
	agent.must(agent.expect.Locator(agent.Locator("[data-photo]")).ToHaveCount(1), "see the photo in the viewer")
	agent.must(agent.expect.Locator(agent.byRole(*playwright.AriaRoleLink, "File")).ToHaveCount(1), "see the PDF as a link")
}
