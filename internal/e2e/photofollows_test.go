package e2e

import (
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/form/formfile"
	"docket/internal/testkit/testpicture"
)

// A step is left while its photos are still being sent. What is read of them is proposed as soon as they are there.
func TestUpload_StepGoesOnMeanwhile(t *testing.T) {
	t.Parallel()
	intercept, arrived, release := heldBack("/files/document_front")
	defer release()
	p, _ := openAsCustomer(t, startFormBehind(t, formfile.Default(), intercept), "customer", phone)
	picture, says := passportOf(t, 9)
	p.beginSteps("Passport")
	p.pick("document_front", "front.jpg", picture)
	p.pick("selfie", "selfie.jpg", photo())
	<-arrived
	p.press("Continue")
	p.seeHeading("About you")
	p.seeNoText("Fill in 7 answers from your photos")
	p.fill("Full name", "Jean Pierre Müller")
	release()
	p.press("Fill in 6 answers from your photos")
	p.seeValue("Document number", says.Number)
	p.seeValue("Full name", "Jean Pierre Müller")
	p.press("Continue")
	p.seeHeading("How to reach you")
	p.press("Continue") // waits for what is still under way
	p.seeHeading("Check your answers")
	p.must(p.expect.Locator(p.Locator(".checked img")).ToHaveCount(2), "see both photos")
	p.tick(agreeToVerify)
	p.press("Send for review")
	p.seeHeading("In review")
	p.must(p.expect.Locator(p.Locator(".pictures img")).ToHaveCount(2), "see both photos")
}

// Why a photo was refused that was still being sent is said on the page that its user is at, and at its field.
func TestUpload_RefusedMeanwhile(t *testing.T) {
	t.Parallel()
	intercept, arrived, release := heldBack("/files/document_front")
	defer release()
	p, _ := openAsCustomer(t, startFormBehind(t, formfile.Default(), intercept), "customer", phone)
	selfieSent := make(chan struct{}, 9)
	p.OnResponse(func(r playwright.Response) {
		if strings.HasSuffix(r.URL(), "/files/selfie") {
			selfieSent <- struct{}{}
		}
	})
	p.beginSteps("Passport")
	p.pick("document_front", "front.jpg", []byte("no picture"))
	p.pick("selfie", "selfie.jpg", testpicture.JPEG(testpicture.Blurred(testpicture.Selfie(testpicture.Anna, 900), 0.02), 85))
	<-arrived
	p.press("Continue")
	p.seeHeading("About you")
	p.expectStatus(422)
	release()
	p.seeText("Front of the document: ")
	p.look("photo-refused-meanwhile")
	<-selfieSent
	p.visit("/tickets/new?step=check")
	p.seeText("Add a photo of the front of your document")
	p.seeText("This photo looks blurred.") // the page of the photos was left before it was said there
	p.look("check-photo-missing")
}
