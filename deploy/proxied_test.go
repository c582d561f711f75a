package deploy_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

// send sends a request as a page of the site does.
func (p proxied) send(t *testing.T, c *http.Client, method, path string, form url.Values, headers ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, p.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", p.base)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() }) // what it holds was read, or is an endless stream
	return answer
}

func (p proxied) signIn(t *testing.T, c *http.Client, email string) {
	t.Helper()
	if got := p.send(t, c, "POST", "/login", url.Values{"email": {email}, "password": {testsite.Password}}); got.StatusCode != 303 {
		t.Fatalf("sign-in answers %d, want 303", got.StatusCode)
	}
}

func TestNginx_SignInAndStream(t *testing.T) {
	t.Parallel()
	for name, changes := range map[string][]string{
		"its own Host":     nil,
		"a rewritten Host": {"Host $http_host", "Host docket.internal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startProxied(t, changes...)
			email, _ := p.Account(t, "ann", account.Agent)
			c := p.client(t, "127.0.0.1")
			p.signIn(t, c, email)
			stream := p.send(t, c, "GET", "/review/events", nil)
			if stream.StatusCode != 200 || stream.Proto != "HTTP/2.0" {
				t.Fatalf("the stream answers %s by %s", stream.Status, stream.Proto)
			}
			lines := bufio.NewScanner(stream.Body)
			if !lines.Scan() || lines.Text() != ": connected" {
				t.Fatalf("the stream begins with %q, %v", lines.Text(), lines.Err())
			}
			submission := ticket.Submission{UserID: "u", By: ticket.Key("k"), Key: uuid.NewString(), Extra: []byte(`{}`)}
			if _, err := p.Instances[0].Desk.Submit(t.Context(), submission); err != nil {
				t.Fatal(err)
			}
			for lines.Scan() && lines.Text() != "event: queue" {
			}
			if lines.Text() != "event: queue" {
				t.Errorf("the stream ended without an event: %v", lines.Err())
			}
		})
	}
}

// As many tickets as may be decided together lead to a page whose address nginx passes on.
func TestNginx_BulkOfHundred(t *testing.T) {
	t.Parallel()
	p := startProxied(t)
	email, _ := p.Account(t, "ann", account.Agent)
	c := p.client(t, "127.0.0.1")
	p.signIn(t, c, email)
	asked := url.Values{"do": {"approve"}}
	for i := range 100 {
		made, err := p.Instances[0].Desk.Submit(t.Context(), ticket.Submission{UserID: fmt.Sprint("u", i), By: ticket.Key("k"), Key: uuid.NewString(), Extra: []byte(`{}`)})
		if err != nil {
			t.Fatal(err)
		}
		asked.Add("id", made.ID.String())
	}
	done := p.send(t, c, "POST", "/review/bulk", asked)
	if done.StatusCode != 303 {
		t.Fatalf("approving a hundred answers %s", done.Status)
	}
	shown := p.send(t, c, "GET", done.Header.Get("Location"), nil)
	page, err := io.ReadAll(shown.Body)
	if err != nil || shown.StatusCode != 200 {
		t.Fatalf("what became of them answers %s, %v", shown.Status, err)
	}
	for _, id := range asked["id"] {
		if !strings.Contains(string(page), "/review/"+id) {
			t.Fatalf("ticket %s is not on the page", id)
		}
	}
}

func TestNginx_AnnouncedLength(t *testing.T) {
	t.Parallel()
	p := startProxied(t)
	for _, path := range []string{"/login", "/tickets", "/tickets/new", "/files/document_front", "/api/v1/files"} {
		conn, err := tls.Dial("tcp", strings.TrimPrefix(p.base, "https://"), p.config)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n", path, 100<<30)
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || answer.StatusCode != 413 {
			t.Errorf("POST %s with 100 GB: %v, %v; want 413", path, answer, err)
		}
	}
	if log := p.accessLog(t, `"path":"/api/v1/files","status":413`); strings.Contains(log, `"upstream":"127`) {
		t.Errorf("docket was asked:\n%s", log)
	}
}

// docket sees an upload from its first byte on, so it is docket that refuses it, before all of it is there.
func TestNginx_RequestBuffering(t *testing.T) {
	t.Parallel()
	p := startProxied(t)
	for path, want := range map[string]int{"/files/document_front": 303, "/s/nothing/files/document_front": 404} { // to sign in; no such link
		sendSlowly(t, p, path, want)
	}
}

// sendSlowly begins to send an upload that docket refuses unread, with a status.
func sendSlowly(t *testing.T, p proxied, path string, want int) {
	t.Helper()
	body, write := io.Pipe()
	defer write.Close()
	go func() { _, _ = write.Write(make([]byte, 1<<20)) }() // docket answers without reading it
	r, err := http.NewRequestWithContext(t.Context(), "POST", p.base+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = 8 << 20
	answer, err := p.client(t, "127.0.0.1").Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != want {
		t.Errorf("an upload by nobody to %s answers %d, want %d", path, answer.StatusCode, want)
	}
}

func TestNginx_ClientAddress(t *testing.T) {
	t.Parallel()
	p := startProxied(t)
	c := p.client(t, "127.0.0.2") // no trusted proxy
	answer := p.send(t, c, "GET", "/login", nil, "X-Forwarded-For", "203.0.113.9", "Forwarded", "for=203.0.113.9")
	id := answer.Header.Get("X-Request-Id")
	for line := range strings.Lines(p.Log.String()) {
		if strings.Contains(line, id) && strings.Contains(line, `"127.0.0.2"`) {
			return
		}
	}
	t.Errorf("the client of the request %s is not 127.0.0.2:\n%s", id, p.Log)
}

func TestNginx_RateOfSignIns(t *testing.T) {
	t.Parallel()
	p := startProxied(t)
	email, _ := p.Account(t, "ann", account.Customer)
	stranger, other := p.client(t, "127.0.0.2"), p.client(t, "127.0.0.3")
	limited := false
	for range 500 { // more than two a second, however slow this machine is
		if limited = p.send(t, stranger, "POST", "/login", nil).StatusCode == 429; limited {
			break
		}
	}
	if !limited {
		t.Error("500 sign-ins from one address are all passed on")
	}
	p.signIn(t, other, email)
	if got := p.send(t, stranger, "GET", "/login", nil).StatusCode; got != 200 {
		t.Errorf("the page of the limited client: %d", got)
	}
}

func TestNginx_AccessLog(t *testing.T) {
	t.Parallel()
	p := startProxied(t)
	c := p.client(t, "127.0.0.1")
	for _, path := range []string{"/review?user=geheim", "/reset/geheim", "/s/geheim/form", "/api/v1/users/geheim/latest-ticket", "/login"} {
		p.send(t, c, "GET", path, nil)
	}
	log := p.accessLog(t, `"path":"/login","status":200`)
	if strings.Contains(log, "geheim") || !strings.Contains(log, `"path":"/api/v1/users/-/latest-ticket"`) || !strings.Contains(log, `"path":"/reset/-"`) {
		t.Errorf("the log says\n%s", log)
	}
}

// accessLog is what nginx has logged once that contains a text: it writes the line of a request after it has answered.
func (p proxied) accessLog(t *testing.T, last string) string {
	t.Helper()
	for {
		log := readFile(t, filepath.Join(p.dir, "access.log"))
		if strings.Contains(log, last) || t.Context().Err() != nil {
			return log
		}
	}
}
