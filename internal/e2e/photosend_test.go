package e2e

import (
	"bytes"
	"image"
	"io"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"docket/internal/testkit/testpicture"
)

// sentFiles are what browsers send for a field.
type sentFiles struct {
	mu    sync.Mutex
	bytes []int64 // of each request
	kinds []string
	sizes []image.Point
}

// take reads the file of a request to a path and leaves the request as it was.
func (s *sentFiles) take(r *http.Request, path string) {
	if r.Method != http.MethodPost || r.URL.Path != path {
		return
	}
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	_, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for part, end := parts.NextPart(); err == nil && end == nil; part, end = parts.NextPart() {
		if config, kind, wrong := image.DecodeConfig(part); part.FileName() != "" && wrong == nil {
			s.mu.Lock()
			s.bytes, s.kinds, s.sizes = append(s.bytes, int64(len(body))), append(s.kinds, kind), append(s.sizes, image.Pt(config.Width, config.Height))
			s.mu.Unlock()
		}
	}
}

// noisyPhoto is a photo as a phone takes it in a dim room: twelve megapixels, five megabytes.
var noisyPhoto = sync.OnceValue(func() []byte {
	img := testpicture.Front(testpicture.Anna, 4000)
	noise := rand.New(rand.NewPCG(1, 2))
	for i := 0; i < len(img.Pix); i += 4 {
		random := noise.Uint32()
		for c := range 3 {
			img.Pix[i+c] = uint8(min(255, max(0, int(img.Pix[i+c])+int(random>>(8*c)&31)-16)))
		}
	}
	return testpicture.JPEG(img, 94)
})

func TestUpload_ShrunkInTheBrowser(t *testing.T) {
	t.Parallel()
	var sent sentFiles
	p, _ := openAsCustomer(t, startBehind(t, func(_ http.ResponseWriter, r *http.Request) bool {
		sent.take(r, "/files/front")
		return false
	}), "customer", phone)
	p.visit("/tickets/new")
	if size := len(noisyPhoto()); size < 5_000_000 {
		t.Fatalf("the photo has %d bytes, want five megabytes", size)
	}
	p.pick("front", "front.jpg", noisyPhoto())
	p.seePhoto("front")
	p.pick("front", "front.jpg", testpicture.WithEXIF(testpicture.JPEG(testpicture.Back(testpicture.Anna, 1200), 95), 6))
	p.must(p.expect.Locator(p.Locator("#field-front-box img")).ToHaveJSProperty("naturalWidth", 360), "see it turned")
	// A format that the server does not read.
	_, err := p.Evaluate(`async () => {
		const canvas = Object.assign(document.createElement("canvas"), { width: 700, height: 900 });
		canvas.getContext("2d").fillRect(9, 9, 200, 200);
		const blob = await new Promise((done) => canvas.toBlob(done, "image/webp"));
		const input = document.querySelector("#field-front"), files = new DataTransfer();
		files.items.add(new File([blob], "front.webp", { type: "image/webp" }));
		input.files = files.files;
		input.dispatchEvent(new Event("change", { bubbles: true }));
	}`)
	p.must(err, "choose a WebP")
	p.must(p.expect.Locator(p.Locator("#field-front-box img")).ToHaveJSProperty("naturalWidth", 373), "see it as a JPEG")
	sent.mu.Lock()
	defer sent.mu.Unlock()
	want := []image.Point{{2000, 1500}, {900, 1200}, {700, 900}}
	for i, size := range want {
		if len(sent.sizes) != len(want) || sent.sizes[i] != size || sent.kinds[i] != "jpeg" {
			t.Fatalf("got %v %v, want JPEGs of %v", sent.sizes, sent.kinds, want)
		}
	}
	if sent.bytes[0] > 500_000 { // at 25 kB/s it is there within 20 s
		t.Errorf("%d bytes were sent of a photo with %d, want at most 500000", sent.bytes[0], len(noisyPhoto()))
	}
}

func TestUpload_FormWaitsForIt(t *testing.T) {
	t.Parallel()
	arrived, goOn := make(chan struct{}), make(chan struct{})
	release := sync.OnceFunc(func() { close(goOn) })
	defer release() // a test that fails does not wait for its server
	var withForm sentFiles
	p, _ := openAsCustomer(t, startBehind(t, func(_ http.ResponseWriter, r *http.Request) bool {
		withForm.take(r, "/tickets")
		if r.URL.Path == "/files/front" {
			close(arrived)
			<-goOn
		}
		return false
	}), "customer", phone)
	p.visit("/tickets/new")
	p.fill("Full name", "Nguyễn Văn A")
	p.pick("front", "front.jpg", photo())
	<-arrived
	p.seeText("Sending…")
	p.look("upload-sending")
	p.press("Send")
	p.seeText("This goes on by itself when it is there.")
	p.look("upload-holding")
	release()
	p.seeHeading("In review")
	if len(withForm.sizes) > 0 {
		t.Error("the photo was sent a second time, with the form")
	}
}

func TestUpload_GoesOnByItself(t *testing.T) {
	t.Parallel()
	var tries atomic.Int64
	p, _ := openAsCustomer(t, startBehind(t, func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/files/front" && tries.Add(1) == 1 {
			panic(http.ErrAbortHandler) // the connection is lost
		}
		return false
	}), "customer", phone)
	p.visit("/tickets/new")
	p.pick("front", "front.jpg", photo())
	p.seePhoto("front")
	p.problems() // the browser reports the lost connection
}

func TestUpload_CameraOrFile(t *testing.T) {
	t.Parallel()
	p, _ := openAsCustomer(t, startBehind(t, func(http.ResponseWriter, *http.Request) bool { return false }), "customer", phone)
	p.visit("/tickets/new")
	for _, c := range []struct{ button, capture string }{{".camera", "environment"}, {"label.button", ""}} {
		_, err := p.ExpectFileChooser(func() error { return p.Locator("#field-front-box " + c.button).Click() })
		p.must(err, "press %s", c.button)
		got, err := p.Locator("#field-front").GetAttribute("capture")
		p.must(err, "read the attribute")
		if got != c.capture {
			t.Errorf("%s: got the capture %q, want %q", c.button, got, c.capture)
		}
	}
}

// A phone freezes a page that is not looked at, also while it sends a photo and then the form. What was pressed twice makes one ticket.
func TestUpload_PageFrozen(t *testing.T) {
	t.Parallel()
	arrived, goOn := make(chan struct{}), make(chan struct{})
	release := sync.OnceFunc(func() { close(goOn) })
	defer release()
	s := startBehind(t, func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/files/front" {
			close(arrived)
			<-goOn
		}
		return false
	})
	p, _ := openAsCustomer(t, s, "customer", phone)
	p.visit("/tickets/new")
	p.fill("Full name", "Nguyễn Văn A")
	p.pick("front", "front.jpg", photo())
	<-arrived
	p.must(p.byRole("button", "Send").Dblclick(), "press Send twice")
	session, err := p.Context().NewCDPSession(p.Page)
	p.must(err, "reach the browser")
	for _, state := range []string{"frozen", "active"} {
		_, err := session.Send("Page.setWebLifecycleState", map[string]any{"state": state})
		p.must(err, "make the page %s", state)
		release()
	}
	p.seeHeading("In review")
	var made int
	if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT count(*) FROM tickets").Scan(&made); err != nil || made != 1 {
		t.Errorf("there are %d tickets, want 1 (%v)", made, err)
	}
}
