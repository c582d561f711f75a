package web_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
	"docket/web"
)

// execute changes a site's database behind its back.
func execute(t *testing.T, s *testsite.Site, statement string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.DB.Primary)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// insertOld adds an open ticket that was created at a time.
func insertOld(t *testing.T, s *testsite.Site, at time.Time) string {
	t.Helper()
	id := uuid.NewString()
	execute(t, s, `INSERT INTO tickets (id, user_id, status, extra, created_at_ms, updated_at_ms)
		VALUES ($1, 'somebody', 'processing', '{}', $2, $2)`, id, at.UnixMilli())
	return id
}

func TestHeaders_Protection(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, _ := signedIn(t, s, "customer", account.Customer)
	page := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		"X-Content-Type-Options":  "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
	}
	json := map[string]string{
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
		"Referrer-Policy": "", "Cross-Origin-Opener-Policy": "", "Cross-Origin-Resource-Policy": "",
	}
	for path, headers := range map[string]map[string]string{
		"/tickets": page, "/nothing": page, "/review": page, "/healthz": json, "/readyz": json, "/api/nothing": json,
	} {
		got := b.get(path)
		for name, want := range headers {
			if got.header.Get(name) != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got.header.Get(name), want)
			}
		}
		if len(got.header.Get("X-Request-Id")) < 16 {
			t.Errorf("%s: no request id", path)
		}
	}
}

func TestLog_NoPersonalData(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, user := signedIn(t, s, "canary-customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	given := answers(someID)
	given.Set("full_name", "CANARY-NAME")
	given.Set("document_number", "CANARY1")
	id := strings.TrimPrefix(customer.post("/tickets", given).want(t, 303).location(), "/tickets/")
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"other"}, "comment": {"CANARY-COMMENT"}, "note": {"CANARY-NOTE"}})
	agent.get("/review?user=CANARY-QUERY")
	secret := s.Key(t, "reader", account.LatestRead)
	agent.get("/api/v1/users/"+user+"/latest-ticket?x=CANARY", "Authorization", "Bearer "+secret)
	log := s.Log.String()
	if strings.Count(log, `"msg":"request"`) < 6 || !strings.Contains(log, id) || !strings.Contains(log, "key:reader") {
		t.Errorf("the log lacks lines:\n%s", log)
	}
	for _, private := range []string{"CANARY", "canary", "@example.com", testsite.Password, secret[3:20], "B1234567"} {
		if strings.Contains(log, private) {
			t.Errorf("the log has %q", private)
		}
	}
}

func TestInstances_ShareWrites(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.NewWithReplica(t))
	customer, user := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	reader := visitor(t, s.URLs[1])
	key := s.Key(t, "reader", account.LatestRead)
	path := "/api/v1/users/" + user + "/latest-ticket"
	reader.get(path, "Authorization", "Bearer "+key).want(t, 404) // and that is remembered
	id := customer.submit(someID)

	there := visitor(t, s.URLs[1]) // the same browser reaches the other instance
	here, _ := url.Parse(s.URL)
	other, _ := url.Parse(s.URLs[1])
	there.client.Jar.SetCookies(other, customer.client.Jar.Cookies(here))
	there.get("/tickets").want(t, 200, id)
	there.get("/tickets/"+id).want(t, 200)

	agent.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	reader.get(path, "Authorization", "Bearer "+key, "Cache-Control", "no-cache").want(t, 200, id)
	heard := time.Now().Add(5 * time.Second) // half of the time after which it would ask anyhow
	for asked := time.Now(); reader.get(path, "Authorization", "Bearer "+key).status != http.StatusOK; asked = time.Now() {
		if asked.After(heard) {
			t.Fatal("the other instance has not heard of the decision")
		}
	}
}

// witness is a Desk around a Desk that remembers whether the queue was asked for fresh.
type witness struct {
	ticket.Desk
	fresh bool
}

func (w *witness) Queue(ctx context.Context, q ticket.Query) (ticket.List, error) {
	w.fresh = ticket.IsFresh(ctx)
	return w.Desk.Queue(ctx, q)
}

func TestFresh_AfterWrite(t *testing.T) {
	t.Parallel()
	s := start(t)
	email, _ := s.Account(t, "agent", account.Agent)
	config := s.Instances[0].Web.Config
	desk := &witness{Desk: config.Desk}
	config.Desk = desk
	server := httptest.NewServer(web.New(config))
	defer server.Close()
	agent := visitor(t, server.URL)
	agent.login(email)
	for _, step := range []struct {
		what string
		do   func() reply
		want bool
	}{
		{"before any write", func() reply { return agent.get("/review") }, false},
		{"with Cache-Control: no-cache", func() reply { return agent.get("/review", "Cache-Control", "no-cache") }, true},
		{"after a write", func() reply { agent.post("/review/next", nil).want(t, 303); return agent.get("/review") }, true},
	} {
		if step.do().want(t, 200); desk.fresh != step.want {
			t.Errorf("%s the queue was asked for fresh: %v, want %v", step.what, desk.fresh, step.want)
		}
	}
}

func TestEvents_QueueChanged(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // rather than wait for what does not come
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/review/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := agent.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	if got := stream.Header.Get("X-Accel-Buffering"); got != "no" {
		t.Errorf("X-Accel-Buffering is %q: a proxy may keep events back", got)
	}
	lines := bufio.NewScanner(stream.Body)
	if !lines.Scan() || lines.Text() != ": connected" {
		t.Fatalf("the stream begins with %q", lines.Text())
	}
	for _, when := range []string{"of what changed before the stream began", "of the submission"} {
		var told []string
		for len(told) < 2 && lines.Scan() {
			if text := lines.Text(); text != "" && !strings.HasPrefix(text, ":") {
				told = append(told, text)
			}
		}
		if strings.Join(told, "|") != "event: queue|data: changed" {
			t.Errorf("told %q %s", told, when)
		}
		customer.submit(someID)
	}
	s.Instances[0].Web.Drain()
	s.Instances[0].Web.EndStreams()
	for lines.Scan() { // the stream ends
	}
	visitor(t, s.URL).get("/readyz").want(t, 503, "draining")
}
