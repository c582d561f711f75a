package main

import (
	"context"
	"errors"
	"image"
	"os"

	"github.com/playwright-community/playwright-go"

	"docket/internal/mrz/specimen"
	"docket/internal/testkit/testpicture"
)

// visitForm takes the steps of the built-in form in every state, as customers see them.
func visitForm(ctx context.Context, browser playwright.Browser, pictures *camera, binary string) error {
	dir, err := os.MkdirTemp("", "docket-screenshots-")
	if err != nil {
		return err
	}
	server, err := startDev(ctx, binary, dir)
	if err != nil {
		return err
	}
	defer server.stop()
	return takeFormStates(&tour{browser, server, pictures})
}

// takeFormStates takes the form of a customer with a passport that is read.
func takeFormStates(t *tour) error {
	v := t.signIn("DEMO_CUSTOMER", "en-GB")
	v.openAndTake("/tickets/new", "steps-start")
	v.choose("document_type", "passport")
	v.goOn("2")
	v.do("send the step", func() error { return v.find("button.primary").Click() })
	v.see("[data-invalid]")
	v.take("steps-photos-wrong")
	takePhotoStates(v)
	v.attach("document_front", testpicture.JPEG(passportPage(), 90))
	v.see(".readings")
	v.take("steps-photos-read")
	v.attach("selfie", testpicture.JPEG(testpicture.Selfie(testpicture.Anna, 1200), 85))
	v.goOn("3")
	v.take("steps-about-proposed")
	takeAnswerStates(v)
	return errors.Join(v.err, takeFormInOtherWays(t), takeCitizen(t))
}

// passportPage is a picture of the page of a passport whose zone is read.
func passportPage() *image.RGBA {
	holder := testpicture.Anna
	holder.MRZ = ""
	page := testpicture.Front(holder, 1600)
	specimen.PrintLines(page, specimen.PassportLines("SWE", "ERIKSSON<<ANNA<MARIA", holder.Number, "740812", "F", "400415"))
	return page
}

// takePhotoStates takes a photo on its way, and without a connection.
func takePhotoStates(v *visitor) {
	release := make(chan struct{})
	v.do("hold photos back", func() error {
		return v.page.Route("**/files/**", func(route playwright.Route) {
			<-release
			_ = route.Abort() // the page has gone
		})
	})
	v.do("choose a photo", func() error {
		return v.find("input[type=file][name='document_front']").SetInputFiles([]playwright.InputFile{{Name: "front.jpg", MimeType: "image/jpeg", Buffer: glaringFront()}})
	})
	v.see("[data-state=sending] .kept")
	v.take("steps-photos-sending")
	close(release)
	v.see("[data-state=offline]")
	v.take("steps-photos-offline")
	v.do("let photos pass", func() error { return v.page.Unroute("**/files/**") })
	v.open("/tickets/new?step=2")
	v.attach("document_front", glaringFront())
	v.take("steps-photos-warned")
}

// takeAnswerStates takes what is asked after the photos, up to the ticket.
func takeAnswerStates(v *visitor) {
	v.do("send the step", func() error { return v.find("button.primary").Click() })
	v.see("[data-invalid]")
	v.take("steps-about-wrong")
	v.do("take what was read", func() error { return v.find("#step-readings button").Click() })
	v.see("input[name=document_number][value=L898902C3]")
	v.fill("full_name", "Anna Maria Eriksson")
	v.fill("document_number", "L898902G3")
	v.press("Tab")
	v.see(".reading p")
	v.take("steps-about-differs")
	v.goOn("4")
	v.take("steps-contact")
	v.goOn("check")
	v.take("steps-check")
	v.send("/tickets")
	v.see("[data-invalid]")
	v.take("steps-check-wrong")
	v.choose("consent", "true")
	v.send("/tickets")
	v.wait("/tickets/")
	v.take("steps-sent")
}

// takeFormInOtherWays takes the steps in Vietnamese and without a script.
func takeFormInOtherWays(t *tour) error {
	vietnamese := t.signIn("DEMO_CUSTOMER_2", "vi-VN")
	vietnamese.openAndTake("/tickets/new", "steps-start-vi")
	for _, step := range []string{"2", "3", "4", "check"} {
		vietnamese.openAndTake("/tickets/new?step="+step, "steps-"+step+"-vi")
	}
	plain := t.newPlainVisitor()
	plain.open("/login")
	plain.fill("email", t.site.env["DEMO_CUSTOMER_2"])
	plain.fill("password", t.site.env["DEMO_PASSWORD"])
	plain.send("/login")
	for _, step := range []string{"1", "2", "3", "check"} {
		plain.openAndTake("/tickets/new?step="+step, "steps-"+step+"-plain")
	}
	return errors.Join(vietnamese.err, plain.err)
}
