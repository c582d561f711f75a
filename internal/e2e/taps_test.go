package e2e

import (
	"fmt"
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// countTouches makes the browser count what its user does: how often they touch the screen, and how often they press a key.
func (p *page) countTouches() {
	p.t.Helper()
	p.must(p.AddInitScript(playwright.Script{Content: new(`for (const [event, name] of [["pointerdown", "taps"], ["keydown", "keys"]])
		addEventListener(event, ({ isTrusted }) => isTrusted && sessionStorage.setItem(name, 1 + Number(sessionStorage.getItem(name))), true)`)}), "count touches")
}

// touches is how often the screen was touched and a key was pressed since then, or since forgetTouches.
func (p *page) touches() (taps, keys int) {
	p.t.Helper()
	got, err := p.Evaluate(`["taps", "keys"].map((name) => Number(sessionStorage.getItem(name))).join(" ")`)
	p.must(err, "read how often the screen was touched")
	if _, err := fmt.Sscan(fmt.Sprint(got), &taps, &keys); err != nil {
		p.t.Fatal(err)
	}
	return taps, keys
}

func (p *page) forgetTouches() {
	p.t.Helper()
	_, err := p.Evaluate(`sessionStorage.clear()`)
	p.must(err, "forget how often the screen was touched")
}

// tap touches a button.
func (p *page) tap(button string) {
	p.t.Helper()
	p.must(p.byRole(*playwright.AriaRoleButton, button).Tap(playwright.LocatorTapOptions{Timeout: timeout()}), "tap %q", button)
}

// takePhoto touches the button of the camera at a field, and has the camera take a picture.
func (p *page) takePhoto(field string, picture []byte) {
	p.t.Helper()
	chooser, err := p.ExpectFileChooser(func() error {
		return p.Locator("#field-" + field + "-box .camera").Tap(playwright.LocatorTapOptions{Timeout: timeout()})
	})
	p.must(err, "open the camera")
	p.must(chooser.SetFiles([]playwright.InputFile{{Name: "photo.jpg", MimeType: "image/jpeg", Buffer: picture}}), "take the photo")
	p.seePhoto(field)
}

// The holder of a passport touches the screen eight times from the first photo to the end, beside what the phone's camera asks, and types
// nothing. The kind of document is asked before.
func TestSteps_PassportInEightTaps(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, formfile.Default(), 1, testdb.New(t))
	p, _ := openAsCustomer(t, s, "customer", phone)
	picture, says := passportOf(t, 9) // of a citizen of the United States, from the Netherlands
	p.countTouches()
	p.beginSteps("Passport")
	p.forgetTouches()
	p.takePhoto("document_front", picture)
	p.seeText("We read this in your photo.")
	p.takePhoto("selfie", photo())
	p.tap("Continue")
	p.seeHeading("About you")
	p.look("taps-about")
	p.tap("Fill in 7 answers from your photos")
	p.seeValue("Document number", says.Number)
	p.seeValue("Issuing country", "Netherlands")
	p.tap("Continue")
	p.seeHeading("How to reach you")
	p.tap("Continue")
	p.seeHeading("Check your answers")
	p.must(p.field(agreeToVerify).Tap(), "agree")
	p.tap("Send for review")
	p.seeHeading("In review")
	for _, answer := range []string{"JEAN PIERRE MUELLER", "10 October 1965", "Female", "United States (USA)", "Netherlands (NLD)", says.Number, "7 May 2035"} {
		p.seeText(answer)
	}
	if taps, keys := p.touches(); taps != 8 || keys != 0 {
		t.Errorf("from the first photo to the end there are %d taps and %d keys, want eight and none", taps, keys)
	}
}
