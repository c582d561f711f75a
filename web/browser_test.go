package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// browser is a visitor without a screen: it keeps cookies and follows nothing by itself.
type browser struct {
	t      *testing.T
	url    string
	client *http.Client
}

// reply is what a visitor got.
type reply struct {
	status int
	header http.Header
	body   string
}

func (r reply) location() string { return r.header.Get("Location") }

// start runs one instance with the built-in form.
func start(t *testing.T) *testsite.Site {
	t.Helper()
	return testsite.Start(t, testsite.Form(), 1, testdb.New(t))
}

func visitor(t *testing.T, url string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, url: url, client: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// signedIn makes an account and signs in with it.
func signedIn(t *testing.T, s *testsite.Site, name string, role account.Role) (b *browser, id string) {
	t.Helper()
	email, id := s.Account(t, name, role)
	b = visitor(t, s.URL)
	b.login(email)
	return b, id
}

func (b *browser) login(email string) {
	b.t.Helper()
	got := b.post("/login", url.Values{"email": {email}, "password": {testsite.Password}})
	if got.status != http.StatusSeeOther {
		b.t.Fatalf("sign in as %s: %d", email, got.status)
	}
}

func (b *browser) get(path string, header ...string) reply {
	b.t.Helper()
	return b.send(http.MethodGet, path, nil, header...)
}

func (b *browser) post(path string, values url.Values, header ...string) reply {
	b.t.Helper()
	return b.send(http.MethodPost, path, strings.NewReader(values.Encode()),
		append([]string{"Content-Type", "application/x-www-form-urlencoded"}, header...)...)
}

// send sends a request; header is names and values in turn.
func (b *browser) send(method, path string, body io.Reader, header ...string) reply {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 30*time.Second) // no answer of docket takes as long
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, b.url+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	r.Host = r.Header.Get("Host") // empty: that of the address
	answer, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return reply{answer.StatusCode, answer.Header, string(text)}
}

// want fails unless the status is the one given and every text is in the body.
func (r reply) want(t *testing.T, status int, texts ...string) reply {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d; body:\n%.2000s", r.status, status, r.body)
	}
	for _, text := range texts {
		if !strings.Contains(r.body, text) {
			t.Errorf("the body lacks %q:\n%.4000s", text, r.body)
		}
	}
	return r
}

// answers fill in the built-in form.
func answers(id string) url.Values {
	return url.Values{
		"submission_id": {id}, "full_name": {"Nguyễn Văn A"}, "date_of_birth": {"1990-01-31"}, "nationality": {"VNM"},
		"document_type": {"passport"}, "issuing_country": {"VNM"}, "document_number": {"B1234567"},
		"expiry_date": {"2040-01-01"}, "consent": {"on"},
	}
}

const someID = "0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c001"

// submit sends the form and returns the ticket's id.
func (b *browser) submit(submission string) string {
	b.t.Helper()
	got := b.post("/tickets", answers(submission)).want(b.t, http.StatusSeeOther)
	return strings.TrimPrefix(got.location(), "/tickets/")
}
