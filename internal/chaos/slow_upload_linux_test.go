package chaos_test

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestUpload_SlowConnections holds 40 uploads of ten accounts open. Meanwhile another account uploads a photo, and one sends a form
// with two large photos eight times at once.
func TestUpload_SlowConnections(t *testing.T) {
	t.Parallel()
	const maxMemory = 160 // MiB
	db := testdb.New(t)
	site := testsite.Start(t, testsite.Form(), 1, db)
	p := startServer(t, db)
	signUp := func(name string) (cookie string) {
		email, _ := site.Account(t, name, account.Customer)
		return "Cookie: " + signIn(t, p.url, email)
	}
	before := p.memory("VmHWM")
	var ended atomic.Int32
	for n := range 10 {
		cookie := signUp(fmt.Sprint("slow-", n))
		for range 4 {
			holdUpload(t, p.url, cookie, &ended)
		}
	}
	u := uploader{t, newCaller(p.url), signUp("quick")}
	u.mustUpload("selfie")
	submitAtOnce(t, p.url, signUp("large"), 8)
	u.mustUpload("document_front")
	if n := ended.Load(); n > 0 {
		t.Errorf("%d of the slow uploads have ended by now", n)
	}
	t.Logf("%d MiB before, %d MiB at most", before, p.memory("VmHWM"))
	if p.memory("VmHWM") > maxMemory {
		t.Errorf("docket took %d MiB, at most %d may be", p.memory("VmHWM"), maxMemory)
	}
}

// holdUpload sends two megabytes of a photo, and then 16 KiB every half second until the test ends. It counts an upload that the
// server ends.
func holdUpload(t *testing.T, url, cookie string, ended *atomic.Int32) {
	t.Helper()
	conn := dial(t, url)
	begin := "POST /files/selfie HTTP/1.1\r\nHost: docket\r\n" + cookie + "\r\nHX-Request: true\r\n" +
		"Content-Type: multipart/form-data; boundary=BOUND\r\nContent-Length: 9000000\r\n\r\n" +
		"--BOUND\r\nContent-Disposition: form-data; name=\"selfie\"; filename=\"x.jpg\"\r\n\r\n\xff\xd8\xff" + strings.Repeat("x", 2<<20)
	if _, err := io.WriteString(conn, begin); err != nil {
		t.Fatal(err)
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for ticker := time.NewTicker(500 * time.Millisecond); ; {
			select {
			case <-stop:
				ticker.Stop()
				return
			case <-ticker.C:
				if _, err := io.WriteString(conn, strings.Repeat("x", 16<<10)); err != nil {
					ended.Add(1)
					return
				}
			}
		}
	}()
	t.Cleanup(func() { close(stop); <-stopped; conn.Close() })
}

// submitAtOnce sends a form with two photos of nine megabytes so many times at once, and fails when one is refused for want of
// memory.
func submitAtOnce(t *testing.T, url, cookie string, times int) {
	t.Helper()
	photo := paddedPhoto(9 << 20)
	var all sync.WaitGroup
	for n := range times {
		all.Go(func() {
			body := fmt.Sprintf("--BOUND\r\nContent-Disposition: form-data; name=\"submission_id\"\r\n\r\n0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c1%02d\r\n", n)
			for _, field := range []string{"document_front", "selfie"} {
				body += "--BOUND\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"x.jpg\"\r\n\r\n" + photo + "\r\n"
			}
			a, err := newCaller(url).send("POST", "/tickets", body+"--BOUND--\r\n", cookie, "Content-Type: multipart/form-data; boundary=BOUND")
			if err != nil || a.status != 422 { // the texts are missing
				t.Errorf("form %d: %d, %v, want 422:\n%.300s", n, a.status, err, a.body)
			}
		})
	}
	all.Wait()
}
