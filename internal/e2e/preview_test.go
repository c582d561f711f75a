package e2e

import (
	"regexp"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/testkit/testpicture"
)

// seePixels waits until a picture is shown with so many pixels on its longer side; "" is all of them.
func (p *page) seePixels(label, size string) {
	p.t.Helper()
	want := regexp.MustCompile(`/files/[0-9a-f-]{36}$`)
	if size != "" {
		want = regexp.MustCompile(`\?size=` + size + `$`)
	}
	_, err := p.Page.WaitForFunction(`([label, want]) => {
		const img = [...document.querySelectorAll("img")].find((img) => img.alt === label);
		return img.complete && img.naturalWidth && new RegExp(want).test(img.currentSrc);
	}`, []string{label, want.String()})
	p.must(err, "see %q with %q pixels", label, size)
}

func TestViewer_PixelsAsNeeded(t *testing.T) {
	t.Parallel()
	s := startIdentitySite(t)
	path := submitPhotos(t, s, "ann", "Anna Maria Eriksson", sharpPhotos(testpicture.Anna))
	p := openAsAgent(t, s, "agent", sized(1600, 1000))
	var asked []string
	p.OnRequest(recordFiles(&asked))
	p.visit(path)
	p.seePixels(front, "1000")
	p.seePixels(back, "480")
	p.seePixels(face, "480")
	if len(asked) != 3 {
		t.Errorf("the page asked for %v, want three pictures", asked)
	}
	p.keys("2")
	p.seePixels(back, "1000")
	p.keys("1", "+")
	p.seePixels(front, "1600")
	p.keys("+", "+", "+")
	p.seePixels(front, "")
	p.keys("0", "2", "1")
	p.seePixels(front, "")
	for _, path := range asked {
		if strings.Count(strings.Join(asked, " ")+" ", path+" ") != 1 {
			t.Errorf("%s was asked for more than once", path)
		}
	}
	wide := openAsAgent(t, s, "wide", sized(1920, 1080))
	wide.visit(path)
	wide.seePixels(front, "1600")
	wide.seePixels(back, "480")
}

// recordFiles appends the path of each file that a page asks for.
func recordFiles(paths *[]string) func(playwright.Request) {
	return func(r playwright.Request) {
		if _, path, found := strings.Cut(r.URL(), "/files/"); found {
			*paths = append(*paths, path)
		}
	}
}
