package e2e

import (
	"bytes"
	"fmt"
	"image"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/playwright-community/playwright-go"

	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

const identityForm = `name: identity
title: Identity
layout: page
sections:
  - title: You
    fields:
      - {name: full_name, label: Full name, required: true}
      - {name: date_of_birth, label: Date of birth, type: date}
      - {name: document_number, label: Document number}
      - {name: address, label: Address, type: long_text}
  - title: Photos
    fields:
      - {name: front, label: Front of the document, type: image, required: true}
      - {name: back, label: Back of the document, type: image}
      - {name: selfie, label: Photo of your face, type: image, capture: user}
list: [full_name, document_number]
reasons:
  - {code: blurry, label: Front blurred, class: retry, fields: [front], text: Please take the photo again.}
  - {code: other, label: Another reason, class: final, text: We cannot accept this.}
`

// startIdentitySite starts a system in which users send three photos.
func startIdentitySite(t *testing.T) *testsite.Site {
	t.Helper()
	f, err := formfile.Parse([]byte(identityForm))
	if err != nil {
		t.Fatal(err)
	}
	return testsite.Start(t, f, 1, testdb.New(t))
}

// submitPhotos submits a ticket with photos and returns its path for agents.
func submitPhotos(t *testing.T, s *testsite.Site, user, name string, photos map[string]*image.RGBA) (path string) {
	t.Helper()
	extra := fmt.Sprintf(`{"full_name":%q,"date_of_birth":"1974-08-12","document_number":"L898902C3","address":"12 Harbour Street\nZenith"`, name)
	named := ticket.Files{}
	for field, photo := range photos {
		data := testpicture.JPEG(photo, 85)
		file, err := s.Instances[0].Files.Add(t.Context(), files.Upload{
			UserID: user, Field: form.Field{Name: field, Type: form.Image}, By: ticket.User(user), Body: bytes.NewReader(data), Size: int64(len(data)),
		})
		if err != nil {
			t.Fatal(err)
		}
		named[field] = []uuid.UUID{file.ID}
		extra += fmt.Sprintf(`,%q:%q`, field, file.ID)
	}
	sent, err := s.Instances[0].Desk.Submit(t.Context(), ticket.Submission{
		UserID: user, By: ticket.User(user), Key: uuid.NewString(), Extra: []byte(extra + "}"), Files: named,
	})
	if err != nil {
		t.Fatal(err)
	}
	return "/review/" + sent.ID.String()
}

// sharpPhotos are good photos in the size of a phone's, so that they are scaled as in production.
func sharpPhotos(h testpicture.Holder) map[string]*image.RGBA {
	return map[string]*image.RGBA{
		"front": testpicture.Front(h, 1600), "back": testpicture.Back(h, 1600), "selfie": testpicture.Selfie(h, 1200),
	}
}

// photo finds a picture of the review page by its label.
func (p *page) photo(label string) playwright.Locator {
	return p.Locator(".photo").Filter(playwright.LocatorFilterOptions{Has: p.GetByAltText(label)})
}

// seeView waits until the style of a picture matches a regular expression.
func (p *page) seeView(label, transform string) {
	p.t.Helper()
	style := regexp.MustCompile(transform)
	p.must(p.expect.Locator(p.GetByAltText(label)).ToHaveAttribute("style", style), "see %q as %s", label, transform)
}

// loaded waits until n pictures are there and decoded.
func (p *page) loaded(n int) {
	p.t.Helper()
	p.must(p.expect.Locator(p.Locator(".photo img")).ToHaveCount(n), "see %d pictures", n)
	_, err := p.Evaluate(`Promise.all([...document.querySelectorAll(".photo img")].map((img) => img.decode()))`)
	p.must(err, "load the pictures")
}

// middle returns the coordinates of the middle of a picture.
func (p *page) middle(label string) (x, y float64) {
	p.t.Helper()
	box, err := p.photo(label).Locator(".stage").BoundingBox()
	p.must(err, "find %q", label)
	return box.X + box.Width/2, box.Y + box.Height/2
}

func TestPhotoReview_RotateAndZoom(t *testing.T) {
	t.Parallel()
	s := startIdentitySite(t)
	ticket := submitPhotos(t, s, "ann", "Anna Maria Eriksson", sharpPhotos(testpicture.Anna))
	p := openAsAgent(t, s, "agent")
	p.visit(ticket)
	p.loaded(3)
	p.look("review-three-photos")

	p.keys("2")
	p.seeOnStage(back)
	p.look("review-second-photo")
	p.keys("+", "+")
	p.seeView(back, `rotate\(0deg\) scale\(2\.25\)`)
	p.keys("ArrowDown")
	p.seeView(back, `translate\(0px, -\d`)
	p.keys("[")
	p.seeView(back, `rotate\(-90deg\)`)
	p.keys("]", "]")
	p.seeView(back, `rotate\(90deg\)`)
	p.keys("0")
	p.seeView(back, `translate\(0px, 0px\) rotate\(0deg\) scale\(1\)`)
	p.keys("1")
	p.seeOnStage(front)

	x, y := p.middle(front)
	p.must(p.Mouse().Click(x, y), "click on the front")
	p.seeView(front, `scale\(3\)`)
	p.must(p.Mouse().Move(x, y), "point at the front")
	p.must(p.Mouse().Down(), "take hold of it")
	p.must(p.Mouse().Move(x+40, y+25), "drag it")
	p.must(p.Mouse().Up(), "let go")
	p.seeView(front, `translate\((39|40|41)\.?\d*px, 2[4-7]\.?\d*px\)`)
	p.must(p.Mouse().Wheel(0, 200), "zoom out by the wheel")
	p.seeView(front, `scale\(1\.8`)
	p.must(p.photo(front).GetByRole("button", playwright.LocatorGetByRoleOptions{Name: "Turn right"}).Click(), "turn the front")
	p.seeView(front, `rotate\(90deg\)`)
	p.seeView(back, `rotate\(0deg\)`)

	p.keys("r", "1") // among the reasons digits are reasons
	p.seeOnStage(front)
}

// seeOnStage waits until this picture is the large one.
func (p *page) seeOnStage(label string) {
	p.t.Helper()
	p.must(p.expect.Locator(p.Locator(".photo:has(:checked) img")).ToHaveAttribute("alt", label), "see %q large", label)
}

func TestPhotoReview_KeptOnIncompleteDecision(t *testing.T) {
	t.Parallel()
	s := startIdentitySite(t)
	p := openAsAgent(t, s, "agent")
	p.visit(submitPhotos(t, s, "ann", "Anna Maria Eriksson", sharpPhotos(testpicture.Anna)))
	p.loaded(3)
	p.keys("1", "+")
	p.expectStatus(422)
	p.press("Reject")
	p.seeText("Choose a reason")
	p.seeView("Front of the document", `scale\(1\.5\)`)
	views := 0
	if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT count(*) FROM audit WHERE action = 'file_seen'").Scan(&views); err != nil || views != 3 {
		t.Errorf("%d views (%v), want one of each picture: they were loaded again", views, err)
	}
}

func TestPhotoReview_Warnings(t *testing.T) {
	t.Parallel()
	s := startIdentitySite(t)
	duplicate := submitPhotos(t, s, "bo", "Bo Nguyen", map[string]*image.RGBA{"front": testpicture.Front(testpicture.Anna, 1600)})
	alike := submitPhotos(t, s, "cy", "Cy Tran", map[string]*image.RGBA{"front": testpicture.Brightened(testpicture.Front(testpicture.Anna, 1400), 0.9)})
	own := submitPhotos(t, s, "ann", "Anna Maria Eriksson", sharpPhotos(testpicture.Anna))
	photos := sharpPhotos(testpicture.Anna)
	photos["back"] = testpicture.Blurred(photos["back"], 0.02)
	photos["selfie"] = testpicture.Greyscale(testpicture.Brightened(photos["selfie"], 0.2))
	for name, options := range map[string][]option{"desktop": nil, "phone": {phone, dark}} {
		p := openAsAgent(t, s, name, options...)
		p.visit(own)
		p.visit(submitPhotos(t, s, "ann", "Anna Maria Eriksson", photos))
		p.loaded(3)
		for label, want := range map[string][]string{
			"Back of the document": {"Blurred: sharpness"},
			"Photo of your face":   {"Too dark to read: brightness", "No colours"},
		} {
			p.must(p.expect.Locator(p.photo(label).Locator(".warnings li")).ToContainText(want), "be warned of %s", label)
		}
		p.look("review-photos-warn")
		p.must(p.expect.Locator(p.photo("Front of the document").Locator(".warnings")).ToHaveCount(0), "see nothing of a good picture")
		p.seeNoText("Glare")
		p.seeLookAlikes(duplicate, alike)
		p.seeText("Front of the document: the same file")
		p.seeText("Front of the document: looks the same")
		p.seeText("Bo Nguyen")
	}
}

// seeLookAlikes looks for links to other tickets with the same picture, and no other.
func (p *page) seeLookAlikes(paths ...string) {
	p.t.Helper()
	links, err := p.Locator(".look-alikes a").EvaluateAll(`(links) => links.map((a) => a.getAttribute("href")).join()`)
	p.must(err, "find the links")
	if want := strings.Join(paths, ","); links != want {
		p.t.Errorf("links to tickets with the same picture: got %s, want %s", links, want)
	}
}

func TestPhotoReview_ThreeLookAlikes(t *testing.T) {
	t.Parallel()
	s := startIdentitySite(t)
	var others []string
	for _, user := range []string{"bo", "cy", "di", "ed"} {
		others = append(others, submitPhotos(t, s, user, "Bo "+user, map[string]*image.RGBA{"front": testpicture.Front(testpicture.Anna, 1600)}))
	}
	slices.Reverse(others) // the newest first
	p := openAsAgent(t, s, "agent")
	p.visit(submitPhotos(t, s, "ann", "Anna Maria Eriksson", sharpPhotos(testpicture.Anna)))
	p.seeLookAlikes(others[:3]...)
	p.seeText("There are more.")
}

func TestPhotoReview_Overexposed(t *testing.T) {
	t.Parallel()
	s := startIdentitySite(t)
	p := openAsAgent(t, s, "agent")
	p.visit(submitPhotos(t, s, "ann", "Anna Maria Eriksson", map[string]*image.RGBA{"front": testpicture.Brightened(testpicture.Front(testpicture.Anna, 1600), 1.4)}))
	p.loaded(1)
	p.seeText("Overexposed: ")
	p.seeNoText("Glare")
}

func TestPhotoReview_WithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := startIdentitySite(t)
	p := openAsAgent(t, s, "agent", noScript)
	p.visit(submitPhotos(t, s, "ann", "Anna Maria Eriksson", sharpPhotos(testpicture.Anna)))
	p.must(p.expect.Locator(p.GetByRole("button", playwright.PageGetByRoleOptions{Name: "Zoom in"})).ToHaveCount(0), "see no tools")
	href, err := p.byRole("link", "Front of the document").GetAttribute("href")
	p.must(err, "find the link")
	src, err := p.GetByAltText("Front of the document").GetAttribute("src")
	p.must(err, "find the picture")
	if href+"?size=1000" != src || !strings.HasPrefix(href, "/files/") {
		t.Errorf("the picture %s is a link to %s, want to all of it", src, href)
	}
	shown, err := p.GetByAltText(back).Evaluate("(img) => img.currentSrc", nil)
	p.must(err, "find the picture of the back")
	if !strings.HasSuffix(shown.(string), "?size=1000") {
		t.Errorf("the back, which may be shown large, is %v", shown)
	}
}
