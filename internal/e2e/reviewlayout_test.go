package e2e

import (
	"image"
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/testkit/testpicture"
)

func sized(width, height int) option {
	return func(o *playwright.BrowserNewContextOptions) {
		o.Viewport = &playwright.Size{Width: width, Height: height}
	}
}

func TestReviewLayout_ButtonsInView(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	path := submitPhotos(t, s, "ann", "Anna Maria Eriksson", map[string]*image.RGBA{
		"document_front": testpicture.Front(testpicture.Anna, 1600), "document_back": testpicture.Back(testpicture.Anna, 1600),
		"selfie": testpicture.Selfie(testpicture.Anna, 1200),
	})
	for name, size := range map[string][2]int{ // at 200 % a window has half of its pixels
		"large": {1920, 1080}, "small": {1280, 720}, "phone": {360, 640}, "large-doubled": {960, 540}, "small-doubled": {640, 360},
	} {
		p := openAsAgent(t, s, name, sized(size[0], size[1]))
		p.visit(path)
		p.loaded(3)
		p.look("review-" + name)
		p.seeInView("Approve A", "Reject")
		p.tick(mismatchReason().Label)
		p.must(p.field("Internal note (optional)").Focus(), "write a note")
		p.seeInView("Approve A", "Reject")
		p.seeText("Yours while this page is open.") // who begins to decide a ticket holds it
		_, err := s.Instances[0].Primary.Exec(t.Context(), "DELETE FROM claims")
		p.must(err, "give it to the next agent")
	}
}

// seeInView checks that buttons are within the window, and that nothing covers them.
func (p *page) seeInView(buttons ...string) {
	p.t.Helper()
	for _, button := range buttons {
		p.must(p.expect.Locator(p.byRole(*playwright.AriaRoleButton, button)).ToBeInViewport(playwright.LocatorAssertionsToBeInViewportOptions{Ratio: new(1.0)}), "see all of %q", button)
		top, err := p.byRole(*playwright.AriaRoleButton, button).Evaluate(`(button) => {
			const box = button.getBoundingClientRect();
			return button.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
		}`, nil)
		p.must(err, "look at %q", button)
		if top != true {
			p.t.Errorf("%q is covered at %v", button, p.ViewportSize())
		}
	}
}

func TestReviewLayout_StageFillsWindow(t *testing.T) {
	t.Parallel()
	s := startIdentitySite(t)
	p := openAsAgent(t, s, "agent", sized(1920, 1080))
	p.visit(submitPhotos(t, s, "ann", "Anna Maria Eriksson", sharpPhotos(testpicture.Anna)))
	p.loaded(3)
	box, err := p.photo("Front of the document").Locator(".stage").BoundingBox()
	p.must(err, "find the stage")
	if box.Width < 900 || box.Height < 700 {
		t.Errorf("the stage has %v × %v pixels, want at least 900 × 700", box.Width, box.Height)
	}
	for column, want := range map[string][2]float64{".given": {280, 320}, ".decide": {340, 340}} {
		box, err := p.Locator(column).BoundingBox()
		p.must(err, "find %s", column)
		if box.Width < want[0] || box.Width > want[1] {
			t.Errorf("%s is %v pixels wide, want %v to %v", column, box.Width, want[0], want[1])
		}
	}
}

func TestReviewLayout_PickWithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := startIdentitySite(t)
	p := openAsAgent(t, s, "agent", noScript, sized(1920, 1080))
	p.visit(submitPhotos(t, s, "ann", "Anna Maria Eriksson", sharpPhotos(testpicture.Anna)))
	p.seeOnStage("Front of the document")
	p.must(p.photo("Photo of your face").Locator("label").Click(), "pick the face")
	p.seeOnStage("Photo of your face")
	box, err := p.photo("Photo of your face").Locator(".stage").BoundingBox()
	p.must(err, "find the stage")
	if box.Width < 900 {
		t.Errorf("the face is %v pixels wide", box.Width)
	}
}

// A form that opens beside the decision covers nothing of it, and no counts stand above the picture on a phone.
func TestReviewLayout_NothingCovered(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	path := submitPhotos(t, s, "ann", "Anna Maria Eriksson", map[string]*image.RGBA{
		"document_front": testpicture.Front(testpicture.Anna, 1600), "selfie": testpicture.Selfie(testpicture.Anna, 1200),
	})
	p := openAsAgent(t, s, "agent", sized(1280, 800))
	p.visit(path)
	p.loaded(2)
	p.must(p.Locator("summary:has-text('Hand over')").Click(), "open the form to hand over")
	covers, err := p.Evaluate(`() => document.querySelector(".work [open] > form").getBoundingClientRect().bottom > document.querySelector(".reasons").getBoundingClientRect().top`)
	p.must(err, "measure the form")
	if covers != false {
		t.Error("the form to hand over covers the reasons")
	}
	p.must(p.SetViewportSize(360, 740), "make the window small")
	p.must(p.expect.Locator(p.Locator(".review-heading .workload")).ToBeHidden(), "see no counts above the picture")
}
