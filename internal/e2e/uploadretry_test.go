package e2e

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// startBehind starts a system that asks for photos. intercept sees each request first and reports whether it answered it.
func startBehind(t *testing.T, intercept func(w http.ResponseWriter, r *http.Request) (answered bool)) *testsite.Site {
	t.Helper()
	return startFormBehind(t, photoForm(t), intercept)
}

// startFormBehind is startBehind with another form.
func startFormBehind(t *testing.T, f *form.Form, intercept func(w http.ResponseWriter, r *http.Request) (answered bool)) *testsite.Site {
	t.Helper()
	s := testsite.Start(t, f, 1, testdb.New(t))
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !intercept(w, r) {
			s.Instances[0].Web.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(front.Close)
	s.URL = front.URL
	return s
}

// refuseFirst answers the first POSTs to a path with these statuses, one each.
func refuseFirst(path string, statuses ...int) func(http.ResponseWriter, *http.Request) bool {
	var refused atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || r.URL.Path != path {
			return false
		}
		n := int(refused.Add(1)) - 1
		if n >= len(statuses) {
			return false
		}
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(statuses[n])
		return true
	}
}

func TestUpload_ConnectionLost(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, photoForm(t), 1, testdb.New(t))
	p, _ := openAsCustomer(t, s, "customer", phone)
	p.visit("/tickets/new")
	p.must(p.Context().SetOffline(true), "cut the connection")
	p.pick("front", "front.jpg", photo())
	p.seeText("No connection. Nothing is lost: it will be sent as soon as there is one.")
	p.must(p.expect.Locator(p.visibleText("Try again")).ToHaveCount(1), "be offered to try again")
	p.look("upload-offline")
	p.problems() // the browser reports the lost connection, as it should
	p.must(p.Context().SetOffline(false), "restore the connection")
	p.seePhoto("front")
}

// A connection that has died says nothing: the request is given up after minutes in which nothing moved, and made again.
func TestUpload_ConnectionSilent(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 1)
	var tries atomic.Int64
	p, _ := openAsCustomer(t, startBehind(t, func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || r.URL.Path != "/files/front" || tries.Add(1) > 1 {
			return false
		}
		_, _ = io.Copy(io.Discard, r.Body) // of a body that breaks off nothing is asked
		arrived <- struct{}{}
		<-r.Context().Done()
		return true
	}), "customer", phone)
	p.must(p.Clock().Install(), "rule the clock")
	p.visit("/tickets/new")
	p.pick("front", "front.jpg", photo())
	<-arrived
	p.must(p.Clock().FastForward("01:50"), "let time pass")
	p.seeNoText("No connection")
	p.must(p.Clock().FastForward("00:20"), "let time pass")
	p.seeText("No connection. Nothing is lost: it will be sent as soon as there is one.")
	p.must(p.Clock().FastForward("00:05"), "let time pass")
	p.seePhoto("front")
	p.problems() // the browser may report the request that was given up
}

func TestUpload_QuestionGone(t *testing.T) {
	t.Parallel()
	p, _ := openAsCustomer(t, startBehind(t, refuseFirst("/files/front", 404)), "customer", phone)
	p.visit("/tickets/new")
	p.expectStatus(404)
	p.pick("front", "front.jpg", photo())
	p.seeText("Load the page again; what you filled in is kept.")
	p.seeNoText("Try again")
	p.visit("/tickets/new")
	p.pick("front", "front.jpg", photo())
	p.seePhoto("front")
}

func TestUpload_RetriedAfter503(t *testing.T) {
	t.Parallel()
	p, _ := openAsCustomer(t, startBehind(t, refuseFirst("/files/front", 503, 503)), "customer", phone)
	p.visit("/tickets/new")
	p.expectStatus(503)
	p.pick("front", "front.jpg", photo())
	p.seeText("It will be sent in a few seconds…")
	p.shot("upload-busy")
	p.seePhoto("front")
}

func TestUpload_DailyLimitIsNotRetried(t *testing.T) {
	t.Parallel()
	p, _ := openAsCustomer(t, startBehind(t, refuseFirst("/files/front", 429)), "customer", phone)
	p.visit("/tickets/new")
	p.expectStatus(429)
	p.pick("front", "front.jpg", photo())
	p.seeText("Too many files were sent today.")
	p.seeNoText("Try again")
	p.shot("upload-too-many")
}

func TestDraft_SaveRetried(t *testing.T) {
	t.Parallel()
	p, _ := openAsCustomer(t, startBehind(t, refuseFirst("/tickets/new", 503, 429)), "customer")
	p.visit("/tickets/new")
	p.expectStatus(503)
	p.expectStatus(429)
	p.fillAndWaitForDraft("Full name", "Nguyễn Văn A")
	for range 2 {
		_, err := p.ExpectResponse("**/tickets/new", func() error { return nil })
		p.must(err, "have it tried again")
	}
	p.visit("/tickets/new")
	p.seeValue("Full name", "Nguyễn Văn A")
}

func TestDraft_PhotoRemovedDuringSave(t *testing.T) {
	t.Parallel()
	var removing, early atomic.Bool
	keeping, goOn := make(chan struct{}), make(chan struct{})
	var kept atomic.Bool
	s := startBehind(t, func(_ http.ResponseWriter, r *http.Request) bool {
		switch {
		case r.Method != http.MethodPost:
		case r.URL.Path == "/tickets/new" && !kept.Swap(true):
			close(keeping)
			<-goOn
			removing.Store(true)
		case strings.HasPrefix(r.URL.Path, "/files/") && kept.Load() && !removing.Load():
			early.Store(true)
		}
		return false
	})
	p, _ := openAsCustomer(t, s, "customer")
	p.visit("/tickets/new")
	p.pick("front", "front.jpg", photo())
	p.seePhoto("front")
	p.fill("Full name", "Nguyễn Văn A")
	<-keeping // the save under way still names the photo
	p.press("Remove")
	close(goOn)
	p.must(p.expect.Locator(p.Locator("#field-front-box img")).ToHaveCount(0), "see no photo")
	if early.Load() {
		t.Error("the photo was removed while a save was under way, which brings it back")
	}
	p.visit("/tickets/new")
	p.seeValue("Full name", "Nguyễn Văn A")
	p.must(p.expect.Locator(p.Locator("#field-front-box img")).ToHaveCount(0), "see no photo again")
}

// A file that has arrived although its answer is lost is sent again, as the next try of the same upload, and is there once.
func TestUpload_AnswerLost(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(expenses))
	if err != nil {
		t.Fatal(err)
	}
	var s *testsite.Site
	tries := make(chan string, 9)
	named := regexp.MustCompile(`name="file-try"\r\n\r\n(\w+) (\d+)\r\n`)
	s = startFormBehind(t, f, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || r.URL.Path != "/files/receipts" {
			return false
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		tries <- string(named.Find(body))
		if len(tries) > 1 {
			return false
		}
		s.Instances[0].Web.ServeHTTP(httptest.NewRecorder(), r)
		w.Header().Set("Content-Length", "9")
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	p, _ := openAsCustomer(t, s, "customer", phone)
	p.visit("/tickets/new")
	p.pickSeveral("receipts", playwright.InputFile{Name: "hotel.jpg", MimeType: "image/jpeg", Buffer: photo()})
	kept := p.Locator("#field-receipts-box input[type=hidden]")
	p.must(p.expect.Locator(kept).ToHaveCount(1), "see the file")
	p.problems() // the browser reports the lost answer, as it should
	p.visit("/tickets/new")
	p.must(p.expect.Locator(kept).ToHaveCount(1), "see it once")
	first, second := named.FindStringSubmatch(<-tries), named.FindStringSubmatch(<-tries)
	if first == nil || second == nil || first[1] != second[1] || first[2] != "0" || second[2] != "1" {
		t.Errorf("the tries are %q and %q, want 0 and 1 of the same upload", first, second)
	}
}
