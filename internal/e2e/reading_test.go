package e2e

import (
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"regexp"
	"testing"

	"github.com/google/uuid"
	"github.com/playwright-community/playwright-go"

	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/mrz"
	"docket/internal/mrz/specimen"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

const readingForm = `name: reading
title: Reading
layout: page
reads:
  document_number: [front.mrz.number, front.qr.number]
  full_name: [front.qr.name, front.mrz.name]
  date_of_birth: [front.qr.birth_date, front.mrz.birth_date]
  nationality: front.mrz.nationality
  address: front.qr.address
sections:
  - title: Photos
    fields:
      - {name: front, label: Front of the document, type: image, required: true, faces: document}
      - {name: selfie, label: Photo of your face, type: image, capture: user, faces: selfie}
  - title: You
    fields:
      - {name: full_name, label: Full name, required: true}
      - {name: date_of_birth, label: Date of birth, type: date}
      - {name: nationality, label: Nationality, type: country}
      - {name: document_number, label: Document number, required: true}
      - {name: address, label: Address, type: long_text}
list: [full_name]
reasons:
  - {code: other, label: Another reason, class: retry, fields: [full_name], text: Please write it again.}
`

// passport is a photo of a drawn passport, with what its zone says.
func passport(t *testing.T) (photo []byte, says mrz.MRZ) {
	t.Helper()
	return passportOf(t, 2)
}

// passportOf is another passport for each seed.
func passportOf(t *testing.T, seed uint64) (photo []byte, says mrz.MRZ) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 9303))
	taken, err := specimen.Take(r, mrz.TD3, specimen.Draw(r, 900, 0.1))
	if err != nil {
		t.Fatal(err)
	}
	return testpicture.JPEG(coloured(taken.Image), 90), mrz.ReadLines(mrz.TD3, taken.Lines)
}

// coloured is a grey picture with a tint, so that it is no copy.
func coloured(grey *image.Gray) *image.RGBA {
	img := image.NewRGBA(grey.Rect)
	for y := range grey.Rect.Dy() {
		for x := range grey.Rect.Dx() {
			shade := grey.GrayAt(x, y).Y
			img.SetRGBA(x, y, color.RGBA{shade, shade - shade/16, shade - shade/6, 255})
		}
	}
	return img
}

func startReadingSite(t *testing.T) (*testsite.Site, *form.Form) {
	t.Helper()
	f, err := formfile.Parse([]byte(readingForm))
	if err != nil {
		t.Fatal(err)
	}
	return testsite.Start(t, f, 1, testdb.New(t)), f
}

func TestReading_FromPhotoToAgent(t *testing.T) {
	t.Parallel()
	s, _ := startReadingSite(t)
	picture, says := passport(t)
	p, _ := openAsCustomer(t, s, "customer", phone)
	p.visit("/tickets/new")
	p.pick("front", "front.jpg", picture)
	p.seePhoto("front")
	p.seeText("We read this in your photo.")
	p.seeText(says.Number)
	p.look("reading-proposed")
	p.press("Use these 3 answers")
	p.seeValue("Document number", says.Number)
	p.seeValue("Full name", says.Given+" "+says.Surname)
	p.seeNoText("We read this in your photo.")

	p.fill("Document number", says.Number+"X")
	p.must(p.field("Document number").Blur(), "leave the number")
	p.seeText("you wrote " + says.Number + "X")
	p.look("reading-differs")
	p.press("Send")
	p.at("/tickets/[0-9a-f-]{36}")

	agent := openAsAgent(t, s, "agent", desktop)
	agent.press("Take next N")
	agent.seeText("≠")
	agent.look("review-reading")
	for _, width := range []int{1280, 360} {
		agent.must(agent.SetViewportSize(width, 800), "make the window %d wide", width)
		if said, read := boxOf(agent, ".sheet [data-empty] dd > span"), boxOf(agent, ".sheet-head span:last-child"); said.X >= read.X {
			t.Errorf("%d wide: what is not answered stands at %.0f, below what was read, which stands at %.0f", width, said.X, read.X)
		}
	}
	agent.must(agent.SetViewportSize(1280, 800), "make the window wide again")
	place := agent.Locator(`[data-place-of="document_number"]`)
	agent.must(agent.expect.Locator(place).Not().ToHaveAttribute("data-shown", regexp.MustCompile("")), "see nothing outlined")
	agent.must(agent.Locator(`[data-reads="document_number"]`).Hover(), "point at the number")
	agent.must(agent.expect.Locator(place).ToHaveAttribute("data-shown", ""), "see where the number was read")
	agent.look("review-reading-place")
	agent.must(agent.Locator(`[data-reads="full_name"] a`).Focus(), "focus what was read of the name")
	agent.must(agent.expect.Locator(place).Not().ToHaveAttribute("data-shown", regexp.MustCompile("")), "see the number outlined no longer")
	agent.must(agent.expect.Locator(agent.Locator(`[data-place-of="full_name"]`)).ToHaveAttribute("data-shown", ""), "see where the name was read")
}

func TestReading_WithoutJavaScript(t *testing.T) {
	t.Parallel()
	s, _ := startReadingSite(t)
	picture, says := passport(t)
	p, _ := openAsCustomer(t, s, "customer", noScript, phone)
	p.visit("/tickets/new")
	p.pick("front", "front.jpg", picture)
	p.expectStatus(422)
	p.press("Send")
	p.seeText("We read this in your photo.")
	p.press("Use these 3 answers")
	p.seeValue("Document number", says.Number)
	p.press("Send")
	p.at("/tickets/[0-9a-f-]{36}")
}

// The photos come before what stands on them, and one press answers the steps after them.
func TestReading_Steps(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, formfile.Default(), 1, testdb.New(t))
	picture, says := passport(t)
	p, _ := openAsCustomer(t, s, "customer", phone)
	p.beginSteps("Passport")
	p.pick("document_front", "front.jpg", picture)
	p.seePhoto("document_front")
	p.seeText("We read this in your photo.")
	p.pick("selfie", "selfie.jpg", photo())
	p.seePhoto("selfie")
	p.press("Continue")
	p.seeText("In your photo: " + says.Number)
	p.look("reading-step")
	p.press("Fill in 6 answers from your photos")
	p.seeValue("Document number", says.Number)
	p.fill("Document number", says.Number+"X")
	p.choose("Nationality", "Sweden")
	p.press("Continue")
	p.seeHeading("How to reach you")
	p.press("Continue")
	p.seeHeading("Check your answers")
	p.seeText("you wrote " + says.Number + "X")
	p.look("reading-check")
	p.press("Use this: " + says.Number)
	p.seeNoText("you wrote " + says.Number + "X")
	p.seeHeading("Check your answers")
}

// Where all is the same, a sign says so, and the faces stand beside each other.
func TestReading_AllAgrees(t *testing.T) {
	t.Parallel()
	s, f := startReadingSite(t)
	card := testpicture.Front(testpicture.Anna, 1600)
	testpicture.WithCode(card, "001174012345|012345678|Anna Maria Eriksson|12081974|Nữ|Harbour Street 12, Zenith|01072021", image.Pt(1100, 200), 300)
	extra, named := `{"full_name":"Eriksson, Anna Maria","date_of_birth":"1974-08-12","document_number":"001174012345","address":"Harbour Street 12, Zenith"`, ticket.Files{}
	for name, img := range map[string]*image.RGBA{"front": card, "selfie": testpicture.Selfie(testpicture.Anna, 1200)} {
		field, _ := f.Field(name)
		data := testpicture.JPEG(img, 85)
		file, err := s.Instances[0].Files.Add(t.Context(), files.Upload{UserID: "ann", Field: field, By: ticket.User("ann"), Body: bytes.NewReader(data), Size: int64(len(data))})
		if err != nil {
			t.Fatal(err)
		}
		extra, named[name] = extra+`,"`+name+`":"`+file.ID.String()+`"`, []uuid.UUID{file.ID}
	}
	sent, err := s.Instances[0].Desk.Submit(t.Context(), ticket.Submission{UserID: "ann", By: ticket.User("ann"), Key: uuid.NewString(), Extra: []byte(extra + "}"), Files: named})
	if err != nil {
		t.Fatal(err)
	}
	agent := openAsAgent(t, s, "agent", desktop, dark)
	agent.visit("/review/" + sent.ID.String())
	agent.must(agent.expect.Locator(agent.Locator(`[data-match="match"]`)).ToHaveCount(4), "see four signs that all is the same")
	agent.must(agent.expect.Locator(agent.Locator(".faces .crop")).ToHaveCount(2), "see both faces")
	agent.look("review-all-agrees")
}

// boxOf is where the first element of a CSS selector stands.
func boxOf(p *page, selector string) *playwright.Rect {
	box, err := p.Locator(selector).First().BoundingBox()
	p.must(err, "find %s", selector)
	return box
}

// What a QR code says is proposed without a picture of the code, which nobody could compare.
func TestReading_CodeIsNotShown(t *testing.T) {
	t.Parallel()
	s, _ := startReadingSite(t)
	card := testpicture.Front(testpicture.Anna, 1600)
	testpicture.WithCode(card, testpicture.VietnameseCard, image.Pt(1100, 200), 300)
	p, _ := openAsCustomer(t, s, "customer", phone)
	p.visit("/tickets/new")
	p.pick("front", "front.jpg", testpicture.JPEG(card, 85))
	p.seeText(testpicture.VietnameseName)
	p.must(p.expect.Locator(p.Locator(".readings dt")).ToHaveText([]string{"Full name", "Date of birth", "Document number", "Address"}), "see what the code says")
	p.must(p.expect.Locator(p.Locator(".readings .crop")).ToHaveCount(0), "see no piece of the code")
}
