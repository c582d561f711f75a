package e2e

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
)

// photo is a sharp photo of a document, as a phone takes it.
var photo = sync.OnceValue(func() []byte {
	return testpicture.JPEG(testpicture.Front(testpicture.Anna, 1000), 85)
})

// blurred is a photo that cannot be read.
var blurred = sync.OnceValue(func() []byte {
	return testpicture.JPEG(testpicture.Blurred(testpicture.Front(testpicture.Anna, 1200), 0.02), 85)
})

// photoForm asks for photos.
func photoForm(t *testing.T) *form.Form {
	t.Helper()
	f, err := formfile.Load("../form/testdata/photos.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// pick chooses a file for a field of the form.
func (p *page) pick(field, name string, data []byte) {
	p.t.Helper()
	p.waitForScripts()
	file := playwright.InputFile{Name: name, MimeType: "image/jpeg", Buffer: data}
	p.must(p.Locator("#field-"+field).SetInputFiles([]playwright.InputFile{file}), "pick %s", name)
}

// seePhoto waits until a field of the form shows its saved photo, fully loaded.
func (p *page) seePhoto(field string) {
	p.t.Helper()
	shown := p.Locator("#field-" + field + "-box img")
	p.must(p.expect.Locator(shown).ToBeVisible(), "see the photo of %s", field)
	p.must(p.expect.Locator(shown).ToHaveJSProperty("naturalWidth", 480), "load the photo of %s", field)
}

func TestUpload_PhotosOnPhone(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, photoForm(t), 1, testdb.New(t))
	p, _ := openAsCustomer(t, s, "customer", phone)
	p.visit("/tickets/new")
	p.look("upload-empty")
	p.pick("front", "front.jpg", photo())
	p.seePhoto("front")
	p.seeText("Can everything be read?")
	p.pick("selfie", "selfie.jpg", blurred())
	p.seeText("This photo looks blurred.")
	p.look("upload-warning")
	p.pick("selfie", "selfie.jpg", photo())
	p.seePhoto("selfie")
	p.seeNoText("This photo looks blurred.")
	p.pick("deed", "IMG_1.pdf", []byte("no document"))
	p.expectStatus(422)
	p.seeText("This file is empty.")
	p.pick("selfie", "IMG_0001.HEIC", []byte("\x00\x00\x00\x18ftypheic, which this browser cannot read"))
	p.seeText("Most Compatible")
	p.seePhoto("selfie")
	p.look("upload-refused")
	p.press("Send")
	p.seeMessage("Full name", "Full name")
	p.seePhoto("front")
	p.seePhoto("selfie")
	p.fill("Full name", "Nguyễn Văn A")
	p.press("Send")
	p.at("/tickets/[0-9a-f-]{36}")
	p.seeHeading("In review")
	p.must(p.expect.Locator(p.Locator(".pictures img")).ToHaveCount(2), "see both photos")
	p.look("ticket-photos")
	agent := openAsAgent(t, s, "agent", dark)
	agent.press("Take next N")
	agent.must(agent.expect.Locator(agent.GetByAltText("Front of the document")).ToBeVisible(), "see the photo")
	agent.look("review-photos")
}

func TestUpload_BuiltInFormOnPhone(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, formfile.Default(), 1, testdb.New(t))
	p, _ := openAsCustomer(t, s, "customer", phone)
	p.beginSteps("National identity card")
	p.pick("document_front", "front.jpg", photo())
	p.seePhoto("document_front")
	p.expectStatus(422)
	p.press("Continue")
	p.seeText("Add a photo of the back of your document")
	p.seePhoto("document_front")
	p.pick("document_back", "back.jpg", photo())
	p.pick("selfie", "selfie.jpg", photo())
	p.seePhoto("document_back")
	p.seePhoto("selfie")
	p.shot("form-photos")
	p.press("Continue")
	p.fillAbout()
	p.press("Continue")
	p.seeHeading("How to reach you")
	p.press("Continue")
	p.seeHeading("Check your answers")
	p.tick(agreeToVerify)
	p.press(formfile.Default().Submit)
	p.seeHeading("In review")
	p.must(p.expect.Locator(p.Locator(".pictures img")).ToHaveCount(3), "see three photos")
	p.look("ticket-three-photos")
}

func TestDraft_PhotoRemovedAndStartOver(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]option{"script": nil, "no script": {noScript}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := testsite.Start(t, photoForm(t), 1, testdb.New(t))
			p, _ := openAsCustomer(t, s, "customer", options...)
			p.visit("/tickets/new")
			if name == "script" {
				p.fillAndWaitForDraft("Full name", "Nguyễn Văn A")
				p.pick("front", "front.jpg", photo())
			} else {
				p.fill("Full name", "Nguyễn Văn A")
				p.pick("front", "front.jpg", photo())
				p.press("Save and finish later")
			}
			p.seePhoto("front")
			p.press("Remove")
			p.must(p.expect.Locator(p.Locator("#field-front-box img")).ToHaveCount(0), "see no photo")
			p.seeValue("Full name", "Nguyễn Văn A")
			p.visit("/tickets/new")
			p.seeText("We kept what you had filled in.")
			p.shot("draft")
			p.press("Start over")
			p.seeValue("Full name", "")
			p.seeNoText("We kept what you had filled in.")
		})
	}
}

func TestUpload_WithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, photoForm(t), 1, testdb.New(t))
	p, _ := openAsCustomer(t, s, "customer", noScript, phone)
	p.visit("/tickets/new")
	p.pick("front", "front.jpg", photo())
	p.pick("selfie", "selfie.jpg", photo())
	p.expectStatus(422)
	p.press("Send")
	p.seeMessage("Full name", "Full name")
	p.seePhoto("front")
	p.seePhoto("selfie")
	p.shot("upload-no-script")
	p.fill("Full name", "Nguyễn Văn A")
	p.press("Send")
	p.seeHeading("In review")
	p.must(p.expect.Locator(p.Locator(".pictures img")).ToHaveCount(2), "see both photos")
}

// fillAndWaitForDraft fills in a field and waits until the page has saved the draft.
func (p *page) fillAndWaitForDraft(label, value string) {
	p.t.Helper()
	_, err := p.ExpectResponse(func(address string) bool { return strings.HasSuffix(address, "/tickets/new") }, func() error {
		p.fill(label, value)
		return nil
	})
	p.must(err, "keep %q", label)
}

func TestDraft_OtherInstanceAndBrowser(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, photoForm(t), 2, testdb.New(t))
	var serving atomic.Int64
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Instances[serving.Load()].Web.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	s.URL = front.URL
	p, _ := openAsCustomer(t, s, "customer")
	p.visit("/tickets/new")
	p.pick("front", "front.jpg", photo())
	p.seePhoto("front")
	p.fillAndWaitForDraft("Full name", "Nguyễn Văn A")
	serving.Store(1) // from now on the other instance answers

	again := open(t, s.URL)
	again.signIn("customer@example.com")
	again.visit("/tickets/new")
	again.seeText("We kept what you had filled in.")
	again.seeValue("Full name", "Nguyễn Văn A")
	again.seePhoto("front")

	p.pick("selfie", "selfie.jpg", photo())
	p.seePhoto("selfie")
	p.press("Send")
	p.seeHeading("In review")
	again.visit("/tickets/new")
	again.seeValue("Full name", "")
}

func TestUpload_ErrorClearedByPhoto(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, photoForm(t), 1, testdb.New(t))
	p, _ := openAsCustomer(t, s, "customer", phone)
	p.visit("/tickets/new")
	p.expectStatus(422)
	p.press("Send")
	p.seeHeading("Please look at 2 answers again")
	p.pick("selfie", "selfie.jpg", photo())
	p.seePhoto("selfie")
	p.seeHeading("Please look at 2 answers again")
	p.pick("front", "front.jpg", photo())
	p.seePhoto("front")
	p.seeHeading("Please look at 1 answer again")
	p.look("upload-mended")

	p.fill("Full name", "Nguyễn Văn A")
	p.must(p.Locator("#field-front-box [data-remove]").Click(), "remove the front")
	p.must(p.expect.Locator(p.Locator("#field-front-box img")).ToHaveCount(0), "see no front")
	p.press("Send")
	p.seeText("Add “Front of the document”") // else the answer to Send could replace the field while its file is sent
	p.pick("deed", "IMG_1.pdf", []byte("no document"))
	p.seeText("This file is empty.")
	p.seeHeading("Please look at 1 answer again")
	p.pick("front", "front.jpg", photo())
	p.seePhoto("front")
	p.must(p.expect.Locator(p.Locator(".summary")).ToHaveCount(0), "see no mistake at the top")
}
