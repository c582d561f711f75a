package web_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"docket/internal/account"
	"docket/internal/testkit/testsite"
	"docket/web"
)

// program is another system. Every answer that it gets is held against the document.
type program struct {
	t   *testing.T
	url string
	key string
	doc *described
}

// programs makes programs that speak with a site, each with a key of its own.
func programs(t *testing.T, s *testsite.Site) func(name string, scopes ...account.Scope) program {
	t.Helper()
	doc := describe(t, s)
	return func(name string, scopes ...account.Scope) program {
		t.Helper()
		return program{t: t, url: s.URL, key: s.Key(t, name, scopes...), doc: doc}
	}
}

func (p program) get(path string, header ...string) reply {
	p.t.Helper()
	return p.send(http.MethodGet, path, "", header...)
}

// post sends JSON.
func (p program) post(path, body string, header ...string) reply {
	p.t.Helper()
	return p.send(http.MethodPost, path, body, append([]string{"Content-Type", "application/json"}, header...)...)
}

// send sends a request and checks the answer. Of a header that is given the last value counts; an empty one is left out.
func (p program) send(method, path, body string, header ...string) reply {
	p.t.Helper()
	var asked *http.Request
	got := (&browser{t: p.t, url: p.url, client: &http.Client{Transport: keeping(func(r *http.Request) { asked = r })}}).
		send(method, path, strings.NewReader(body), lastOf(append([]string{"Authorization", "Bearer " + p.key}, header...))...)
	if err := p.doc.checkAnswer(asked, []byte(body), got); err != nil {
		p.t.Errorf("%s %.200s is not as the document has it: %v", method, path, err)
	}
	return got
}

func lastOf(header []string) []string {
	values := map[string]string{}
	for i := 0; i < len(header); i += 2 {
		values[http.CanonicalHeaderKey(header[i])] = header[i+1]
	}
	var last []string
	for name, value := range values {
		if value != "" {
			last = append(last, name, value)
		}
	}
	return last
}

// keeping shows each request to its sender.
type keeping func(*http.Request)

func (k keeping) RoundTrip(r *http.Request) (*http.Response, error) {
	k(r)
	return http.DefaultTransport.RoundTrip(r)
}

// at is the same program at another address.
func (p program) at(url string) program { p.url = url; return p }

// submit sends a ticket in and returns it.
func (p program) submit(user, key string) ticketSeen {
	p.t.Helper()
	return read[ticketSeen](p.t, p.post("/api/v1/tickets", submission(user), "Idempotency-Key", key).want(p.t, 201))
}

// ticketSeen is a ticket as a program reads it.
type ticketSeen struct {
	ID, Status  string
	UserID      string `json:"user_id"`
	Version     int64
	SubmittedBy string `json:"submitted_by"`
	DecidedBy   string `json:"decided_by"`
	Extra       map[string]any
	History     []struct{ Kind, Actor string }
}

type listSeen struct {
	Items      []ticketSeen
	NextCursor *string `json:"next_cursor"`
	FromMS     *int64  `json:"from_ms"`
	ToMS       *int64  `json:"to_ms"`
}

type problemSeen struct {
	Code, Detail string
	Errors       []struct{ Field, Code, Message string }
	Ticket       ticketSeen
}

func read[T any](t *testing.T, got reply) T {
	t.Helper()
	var value T
	if err := json.Unmarshal([]byte(got.body), &value); err != nil {
		t.Fatalf("%v:\n%s", err, got.body)
	}
	return value
}

// refuses fails unless the answer is this error; where names are given, of these fields.
func (r reply) refuses(t *testing.T, status int, code string, fields ...string) problemSeen {
	t.Helper()
	p := read[problemSeen](t, r)
	var named []string
	for _, e := range p.Errors {
		named = append(named, e.Field+" "+e.Code)
	}
	if r.status != status || p.Code != code || len(fields) > 0 && strings.Join(named, ",") != strings.Join(fields, ",") {
		t.Errorf("got %d %s %v, want %d %s %v; body:\n%.1000s", r.status, p.Code, named, status, code, fields, r.body)
	}
	return p
}

// submission is a body that the built-in form accepts.
func submission(user string) string {
	return `{"user_id":` + quoted(user) + `,"extra":` + extra + `}`
}

const extra = `{"full_name":"Nguyễn Văn A","date_of_birth":"1990-01-31","nationality":"VNM","document_type":"passport",` +
	`"issuing_country":"VNM","document_number":"B1234567","expiry_date":"2040-01-01","consent":true}`

func quoted(text string) string {
	b, _ := json.Marshal(text) // a string always marshals
	return string(b)
}

// limitRate lets each key make one request: the clock stands still, so its second is not over, however slow the machine is.
func limitRate(c *web.Config) {
	at := time.Now()
	c.Rate, c.Now = 1, func() time.Time { return at }
}

// quiet logs to where the site does.
func quiet(s *testsite.Site) *slog.Logger { return slog.New(slog.NewJSONHandler(s.Log, nil)) }

// beside runs a server of the same site that is wired in another way, and returns its address.
func beside(t *testing.T, s *testsite.Site, change func(*web.Config)) string {
	t.Helper()
	i := s.Instances[0]
	c := web.Config{
		Desk: i.Desk, Claims: i.Claims, Reopenings: i.Reopenings, Audit: i.Audit, Feed: i.Feed, Form: testsite.Form(), Forms: i.Forms, Files: i.Files, Accounts: i.Accounts, Keys: i.Keys,
		Secret: []byte("beside"), Log: quiet(s), Now: time.Now,
	}
	change(&c)
	server := httptest.NewServer(web.New(c))
	t.Cleanup(server.Close)
	return server.URL
}
