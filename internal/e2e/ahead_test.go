package e2e

import (
	"testing"

	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
)

// seeHeld waits until agents hold so many tickets.
func seeHeld(t *testing.T, s *testsite.Site, want int) {
	t.Helper()
	for {
		n := 0
		if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT count(*) FROM claims WHERE until_ms > now_ms()").Scan(&n); err != nil {
			t.Fatalf("%d tickets are held, want %d: %v", n, want, err)
		}
		if n == want {
			return
		}
	}
}

func TestAhead_PicturesAtHand(t *testing.T) {
	t.Parallel()
	s := startIdentitySite(t)
	submitPhotos(t, s, "ann", "Anna Maria Eriksson", sharpPhotos(testpicture.Anna))
	submitPhotos(t, s, "bo", "Bo Nguyen", sharpPhotos(testpicture.Bo))
	p := openAsAgent(t, s, "agent", sized(1440, 900))
	var asked []string
	p.OnRequest(recordFiles(&asked))
	p.visit("/review")
	p.keys("n")
	p.seeHeading("Anna Maria Eriksson")
	p.loaded(3)
	_, err := p.WaitForFunction(`() => { const ahead = document.querySelectorAll("body > div[hidden] img"); return ahead.length === 3 && [...ahead].every((img) => img.complete && img.naturalWidth); }`, nil)
	p.must(err, "load the pictures of the next ticket")
	seeHeld(t, s, 2)
	if len(asked) != 6 {
		t.Errorf("asked for %v, want the pictures of two tickets", asked)
	}
	p.must(p.Locator("[data-key=a]").Click(), "approve")
	p.seeHeading("Bo Nguyen")
	p.loaded(3)
	if len(asked) != 6 {
		t.Errorf("asked for %v: the pictures that are there were loaded again", asked[6:])
	}
	seeHeld(t, s, 1)
}

func TestAhead_GivenBackByLeaving(t *testing.T) {
	t.Parallel()
	s := startIdentitySite(t)
	submitPhotos(t, s, "ann", "Anna Maria Eriksson", sharpPhotos(testpicture.Anna))
	submitPhotos(t, s, "bo", "Bo Nguyen", sharpPhotos(testpicture.Bo))
	p := openAsAgent(t, s, "agent")
	p.visit("/review")
	p.keys("n")
	p.seeHeading("Anna Maria Eriksson")
	seeHeld(t, s, 2)
	p.visit("/review")
	seeHeld(t, s, 1)
}
