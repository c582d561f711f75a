package main

import (
	"github.com/playwright-community/playwright-go"

	"docket/internal/testkit/testpicture"
)

// takePhotos takes the control of a photo in its states, as a phone shows it.
func takePhotos(t *tour) error {
	v := t.newPhone()
	v.open("/signup")
	v.fill("email", "berta@example.com")
	v.fill("password", "twelve letters")
	v.send("/signup")
	v.wait("/tickets")
	v.open("/tickets/new?step=2")
	v.take("photo-empty")
	v.do("cut the connection", func() error { return v.page.Context().SetOffline(true) })
	v.choosePhoto(testpicture.JPEG(testpicture.Front(testpicture.Anna, 1600), 85))
	v.see("[data-state=offline]")
	v.take("photo-offline")
	v.do("restore the connection", func() error { return v.page.Context().SetOffline(false) })
	v.see("#field-document_front-box[data-type=image]:not([data-state]) img")
	v.take("photo-kept")
	v.holdPhotos(func() {
		v.choosePhoto(testpicture.JPEG(testpicture.Blurred(testpicture.Front(testpicture.Anna, 1600), 0.02), 85))
		v.see("[data-state=sending] img")
		v.take("photo-sending")
	})
	v.see(".warnings")
	v.take("photo-warned")
	v.choosePhoto([]byte("no picture"))
	v.see("[data-invalid]")
	v.take("photo-refused")
	return v.err
}

// newPhone is a visitor whose browser says that it is used with a finger.
func (t *tour) newPhone() *visitor {
	return t.openWindow(playwright.BrowserNewContextOptions{
		Locale: new("en-GB"), Viewport: &playwright.Size{Width: 360, Height: 740}, HasTouch: new(true), IsMobile: new(true),
	})
}

// choosePhoto chooses a photo of the front, and waits for nothing.
func (v *visitor) choosePhoto(picture []byte) {
	v.do("choose a photo", func() error {
		return v.find("#field-document_front").SetInputFiles([]playwright.InputFile{{Name: "front.jpg", MimeType: "image/jpeg", Buffer: picture}})
	})
}

// holdPhotos keeps photos on their way while something is done.
func (v *visitor) holdPhotos(while func()) {
	held := make(chan struct{})
	v.do("hold photos", func() error {
		return v.page.Route("**/files/document_front", func(route playwright.Route) {
			go func() {
				<-held
				_ = route.Continue() // the page that asked may be gone
			}()
		})
	})
	while()
	close(held)
	v.do("let photos through", func() error { return v.page.Unroute("**/files/document_front") })
}
