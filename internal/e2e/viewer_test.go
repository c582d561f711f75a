package e2e

import (
	"regexp"
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
)

const (
	front = "Front of the document"
	back  = "Back of the document"
	face  = "Photo of your face"
)

// seeCompared waits until these two pictures stand beside each other.
func (p *page) seeCompared(left, right string) {
	p.t.Helper()
	p.must(p.expect.Locator(p.Locator("[data-compare]")).ToBeChecked(), "compare")
	for _, label := range []string{left, right} {
		p.must(p.expect.Locator(p.photo(label).Locator(".tools")).ToBeVisible(), "see %q large", label)
	}
	a, err := p.photo(left).Locator(".stage").BoundingBox()
	p.must(err, "find %q", left)
	b, err := p.photo(right).Locator(".stage").BoundingBox()
	p.must(err, "find %q", right)
	if a.Y != b.Y || a.Height != b.Height || a.X+a.Width > b.X || a.Width != b.Width || a.Width < 200 {
		p.t.Errorf("left %+v and right %+v do not stand beside each other", a, b)
	}
}

func TestViewer_Compare(t *testing.T) {
	t.Parallel()
	s := startIdentitySite(t)
	p := openAsAgent(t, s, "agent")
	p.visit(submitPhotos(t, s, "ann", "Anna Maria Eriksson", sharpPhotos(testpicture.Anna)))
	p.loaded(3)
	p.seeOnStage(front)
	p.keys("c")
	p.seeCompared(front, face)
	p.look("review-compare")
	p.keys("+")
	p.seeView(front, `scale\(1\.5\)`)
	p.seeView(face, `scale\(1\)`)
	x, y := p.middle(face)
	p.must(p.Mouse().Move(x, y), "point at the face")
	p.must(p.Mouse().Wheel(0, -400), "zoom in by the wheel")
	p.seeView(face, `scale\(2\.71`)
	p.seeView(front, `scale\(1\.5\)`)
	p.keys("2") // instead of the one on the left
	p.seeCompared(back, face)
	p.keys("3")
	p.seeCompared(front, face)
	p.visit(submitPhotos(t, s, "bo", "Bo Nguyen", sharpPhotos(testpicture.Bo)))
	p.loaded(3)
	p.seeCompared(front, face)
	p.keys("c")
	p.must(p.expect.Locator(p.Locator("[data-compare]")).Not().ToBeChecked(), "see one picture again")
}

func TestViewer_FormOpensCompared(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(identityForm + "compare: [back, front]\n"))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	path := submitPhotos(t, s, "ann", "Anna Maria Eriksson", sharpPhotos(testpicture.Anna))
	p := openAsAgent(t, s, "scripted")
	p.visit(path)
	p.loaded(3)
	p.seeCompared(back, front)
	p = openAsAgent(t, s, "plain", noScript)
	p.visit(path)
	p.must(p.expect.Locator(p.Locator("[data-compare]")).ToBeChecked(), "compare without a script")
	p.must(p.GetByText("Compare").Click(), "see one picture again")
	p.seeOnStage(front)
}

func TestViewer_ChoiceStays(t *testing.T) {
	t.Parallel()
	s := startIdentitySite(t)
	first := submitPhotos(t, s, "ann", "Anna Maria Eriksson", sharpPhotos(testpicture.Anna))
	second := submitPhotos(t, s, "bo", "Bo Nguyen", sharpPhotos(testpicture.Bo))
	for name, denied := range map[string]bool{"allowed": false, "denied": true} {
		p := openAsAgent(t, s, name)
		if denied {
			p.must(p.Context().AddInitScript(playwright.Script{Content: new(`Object.defineProperty(window, "sessionStorage", {get() { throw new DOMException("denied", "SecurityError"); }})`)}), "deny storage")
		}
		p.visit(first)
		p.loaded(3)
		p.keys("b", "ArrowRight", "ArrowRight", "Tab", "ArrowLeft")
		p.seeView(front, `filter: brightness\(120%\) contrast\(90%\)`)
		p.look("review-light")
		p.keys("Escape", "f")
		p.must(p.expect.Locator(p.Locator(".light[open]")).ToHaveCount(0), "close the tools")
		p.seeView(front, `scale\((1\.[1-9]|[2-9])`)
		p.visit(second)
		p.loaded(3)
		if denied {
			p.seeView(front, `scale\(1\)`)
			continue
		}
		p.seeView(front, `scale\((1\.[1-9]|[2-9]).*filter: brightness\(120%\) contrast\(90%\)`)
		p.keys("0")
		p.seeView(front, `scale\(1\)`)
		p.keys("z")
		p.seeView(front, `scale\(1\)`)
		p.keys("b")
		p.press("As it was sent")
		p.must(p.expect.Locator(p.GetByAltText(front)).Not().ToHaveAttribute("style", regexp.MustCompile("filter")), "see it as it was sent")
	}
}

func TestViewer_NumbersOnDemand(t *testing.T) {
	t.Parallel()
	s := startIdentitySite(t)
	photos := sharpPhotos(testpicture.Anna)
	photos["front"] = testpicture.Brightened(photos["front"], 1.4)
	p := openAsAgent(t, s, "agent", sized(1440, 900))
	p.visit(submitPhotos(t, s, "ann", "Anna Maria Eriksson", photos))
	p.loaded(3)
	p.seeNoText("Sharpness")
	p.must(p.photo(front).GetByText("Numbers").Click(), "open the numbers")
	p.seeText("Sharpness")
	p.seeText("1600 × 1200")
	p.look("review-numbers")
	p.must(p.photo(front).GetByText("Numbers").Click(), "close the numbers")
	p.keys("c")
	p.seeCompared(front, face) // as high as each other, although one has a warning
}

// Beside the answers, half of the stage of a picture that is wider than high would be empty.
func TestViewer_ComparedFillStages(t *testing.T) {
	t.Parallel()
	s := startIdentitySite(t)
	path := submitPhotos(t, s, "ann", "Anna Maria Eriksson", sharpPhotos(testpicture.Anna))
	p := openAsAgent(t, s, "agent", sized(1440, 900))
	p.visit(path)
	p.loaded(3)
	p.keys("c")
	for _, size := range [][2]int{{1440, 900}, {1280, 800}, {1920, 1080}} {
		p.must(p.SetViewportSize(size[0], size[1]), "make the window %v", size)
		p.seeCompared(front, face)
		stage, err := p.photo(front).Locator(".stage").BoundingBox()
		p.must(err, "find the stage")
		width := min(stage.Width, stage.Height*4/3)
		if shown := width * width * 3 / 4; shown < 0.8*stage.Width*stage.Height {
			t.Errorf("at %v a picture of 4:3 fills %.0f of %.0f × %.0f", size, shown, stage.Width, stage.Height)
		}
		p.seeInView("Approve A", "Reject")
	}
}
