package e2e

import (
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/testkit/testpicture"
)

// finger is where a finger touches the screen.
type finger struct{ x, y float64 }

// touch sends a touch event with the positions of all fingers: "touchStart", "touchMove" or "touchEnd".
func (p *page) touch(session playwright.CDPSession, kind string, fingers ...finger) {
	p.t.Helper()
	points := []map[string]any{}
	for id, f := range fingers {
		points = append(points, map[string]any{"x": f.x, "y": f.y, "id": id})
	}
	_, err := session.Send("Input.dispatchTouchEvent", map[string]any{"type": kind, "touchPoints": points})
	p.must(err, "%s", kind)
}

func TestPhotoReview_PinchAndMove(t *testing.T) {
	t.Parallel()
	s := startIdentitySite(t)
	p := openAsAgent(t, s, "agent", phone)
	p.visit(submitPhotos(t, s, "ann", "Anna Maria Eriksson", sharpPhotos(testpicture.Anna)))
	p.loaded(3)
	p.must(p.photo(front).Locator(".stage").ScrollIntoViewIfNeeded(), "go to the front")
	session, err := p.Context().NewCDPSession(p.Page)
	p.must(err, "reach the screen")
	x, y := p.middle(front)
	apart := func(by float64) []finger { return []finger{{x - by, y - by/2}, {x + by, y + by/2}} }

	p.touch(session, "touchStart", apart(20)[0])
	p.touch(session, "touchStart", apart(20)...)
	for _, by := range []float64{25, 30, 40, 50, 60} {
		p.touch(session, "touchMove", apart(by)...)
	}
	p.touch(session, "touchEnd")
	p.seeView(front, `rotate\(0deg\) scale\((2\.99\d*|3(\.00\d*)?)\)`)
	p.shot("review-photo-pinched")

	p.touch(session, "touchStart", finger{x, y})
	for _, by := range []float64{10, 20, 30} {
		p.touch(session, "touchMove", finger{x + by, y + by/2})
	}
	p.touch(session, "touchEnd")
	p.seeView(front, `translate\(30px, 15px\)`)

	p.touch(session, "touchStart", apart(60)...)
	for _, by := range []float64{50, 30, 20, 10} {
		p.touch(session, "touchMove", apart(by)...)
	}
	p.touch(session, "touchEnd")
	p.seeView(front, `translate\(0px, 0px\) rotate\(0deg\) scale\(1\)`)
	if whole, err := p.Evaluate(`visualViewport.scale === 1 && scrollX === 0`); err != nil || whole != true {
		t.Errorf("the page itself was zoomed or moved: %v, %v", whole, err)
	}
}
