package e2e

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

const agreeToVerify = "I agree that my details are used to verify my identity"

// beginSteps opens the built-in form and goes on from the kind of document to the photos.
func (p *page) beginSteps(kind string) {
	p.t.Helper()
	p.visit("/tickets/new")
	p.seeHeading("Your document")
	p.tick(kind)
	p.press("Continue")
	p.seeHeading("Photos")
}

// fillAbout fills in what a passport says of its owner.
func (p *page) fillAbout() {
	p.t.Helper()
	p.seeHeading("About you")
	p.fill("Full name", "Nguyễn Văn A")
	p.fillDate("Date of birth", "1990-01-31")
	p.choose("Nationality", "Vietnam")
	p.choose("Issuing country", "Vietnam")
	p.fill("Document number", "B1234567")
	p.must(p.Locator("#field-expiry_date").Fill("2040-01-01"), "fill in when it expires")
}

func TestSteps_Passport(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]option{"script": {phone}, "no script": {phone, noScript}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := testsite.Start(t, formfile.Default(), 1, testdb.New(t))
			p, _ := openAsCustomer(t, s, "customer", options...)
			p.beginSteps("Passport")
			p.seeText("Step 2 of 5")
			p.seeNoText("Back of the document")
			p.lookAtRows("step-photos-"+name, name == "script")
			p.expectStatus(422)
			p.press("Continue")
			p.seeText("Add a photo of your face")
			p.lookAtRows("step-photos-wrong-"+name, name == "script")
			p.pick("document_front", "front.jpg", photo())
			p.pick("selfie", "selfie.jpg", photo())
			p.press("Continue")
			p.seeHeading("About you")
			p.expectStatus(422)
			p.fill("Full name", "Nguyễn Văn")
			p.press("Continue")
			p.seeMessage("Document number", "Enter the number of your document")
			p.fillAbout()
			p.press("Back")
			p.seeHeading("Photos")
			p.seePhoto("document_front")
			p.press("Continue")
			p.seeValue("Full name", "Nguyễn Văn A")
			p.lookAtRows("step-about-"+name, name == "script")
			p.press("Continue")
			p.seeHeading("How to reach you")
			p.press("Continue")
			p.seeHeading("Check your answers")
			p.seeText("Vietnam (VNM)")
			p.lookAtRows("step-check-"+name, name == "script")
			p.follow("Change About you")
			p.fill("Full name", "Nguyễn Văn An")
			p.press("Continue")
			p.seeHeading("Check your answers")
			p.expectStatus(422)
			p.press("Send for review")
			p.seeMessage(agreeToVerify, "Tick the box if you agree")
			p.seeHeading("Check your answers")
			p.tick(agreeToVerify)
			p.press("Send for review")
			p.seeHeading("In review")
			p.seeText("Nguyễn Văn An")
		})
	}
}

func TestSteps_ConnectionLostAndOtherDevice(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, formfile.Default(), 1, testdb.New(t))
	p, _ := openAsCustomer(t, s, "customer", phone)
	p.beginSteps("Passport")
	p.pick("document_front", "front.jpg", photo())
	p.seePhoto("document_front")
	p.pick("selfie", "selfie.jpg", photo())
	p.seePhoto("selfie")
	p.press("Continue")
	p.seeHeading("About you")
	p.fillAndWaitForDraft("Full name", "Nguyễn Văn A")
	p.must(p.Context().SetOffline(true), "cut the connection")
	p.fill("Document number", "B1234567")
	p.press("Continue")
	p.seeText("No connection. Nothing is lost: try again.")
	p.problems() // the browser reports the lost connection, as it should
	p.seeValue("Document number", "B1234567")
	p.must(p.Context().SetOffline(false), "restore the connection")
	p.fillAbout()
	p.press("Continue")
	p.seeHeading("How to reach you")

	other := open(t, s.URL, desktop)
	other.signIn("customer@example.com")
	other.visit("/tickets/new")
	other.seeHeading("How to reach you") // where nothing is answered yet
	other.seeText("We kept what you had filled in.")
	other.look("step-contact")
	other.press("Continue")
	other.seeHeading("Check your answers")
	other.tick(agreeToVerify)
	other.press("Send for review")
	other.seeHeading("In review")
}

func TestSteps_MistakesLeaveWhenMended(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, formfile.Default(), 1, testdb.New(t))
	p, _ := openAsCustomer(t, s, "customer", phone)
	p.visit("/tickets/new")
	p.must(p.expect.Locator(p.byRole(*playwright.AriaRoleButton, "Continue")).ToBeInViewport(playwright.LocatorAssertionsToBeInViewportOptions{Ratio: new(1.0)}), "see how it goes on without scrolling")
	p.expectStatus(422)
	p.press("Continue")
	p.seeText("Please look at 1 answer again")
	p.must(p.expect.Locator(p.Locator(".summary")).ToBeFocused(), "see the focus at the summary")
	p.tick("Passport")
	p.seeNoText("Choose the type of your document")
	p.must(p.expect.Locator(p.Locator(".summary, [data-invalid], [aria-invalid]")).ToHaveCount(0), "see no mistake")
	p.press("Continue")
	p.seeHeading("Photos")
	p.expectStatus(422)
	p.press("Continue")
	p.seeText("Please look at 2 answers again")
	p.pick("selfie", "selfie.jpg", photo())
	p.seeText("Please look at 1 answer again")
	p.seePhoto("selfie")
	p.seeNoText("Add a photo of your face")
	var saved atomic.Int32 // drafts: what their answers say was wrong before the photo was chosen
	p.OnRequest(func(r playwright.Request) {
		if r.Headers()["docket-background"] != "" {
			saved.Add(1)
		}
	})
	p.pick("document_front", "front.jpg", photo())
	p.seePhoto("document_front")
	if saved.Load() != 0 {
		t.Errorf("choosing a photo saved the draft beside it %d times", saved.Load())
	}
	p.expectStatus(422)
	save, err := p.ExpectRequest("**/tickets/new", func() error {
		p.pick("document_front", "front.jpg", []byte("no picture"))
		return nil
	})
	p.must(err, "save the draft after a photo is refused")
	if body, err := save.PostData(); err != nil || strings.Contains(body, "document_front-problem") {
		t.Errorf("the draft asks whether the photo is still wrong: %q, %v", body, err)
	}
}
