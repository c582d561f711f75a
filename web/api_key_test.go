package web_test

import (
	"fmt"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/web"
)

func TestKey_RevokedOnEveryInstance(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.New(t))
	p := programs(t, s)("crm", account.Scopes...)
	id := p.submit("u-1", "one").ID
	for _, url := range s.URLs {
		p.at(url).get("/api/v1/tickets/"+id).want(t, 200)
	}
	keys, err := s.Instances[0].Keys.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Instances[0].Keys.Revoke(t.Context(), keys[0].ID); err != nil {
		t.Fatal(err)
	}
	until := time.Now().Add(5 * time.Second)
	for _, url := range s.URLs {
		for asked := time.Now(); p.at(url).get("/api/v1/tickets/"+id).status != 401; asked = time.Now() {
			if asked.After(until) {
				t.Fatal("five seconds later the key still works")
			}
		}
		p.at(url).post("/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":1}`).refuses(t, 401, "unauthenticated")
	}
}

func TestKey_ExpiresOnEveryInstance(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.New(t))
	p := programs(t, s)("crm", account.Scopes...)
	id := p.submit("u-1", "one").ID
	for _, url := range s.URLs {
		p.at(url).get("/api/v1/tickets/"+id).want(t, 200)
	}
	execute(t, s, "UPDATE api_keys SET expires_at_ms = now_ms()")
	until := time.Now().Add(5 * time.Second)
	for _, url := range s.URLs {
		for asked := time.Now(); p.at(url).get("/api/v1/tickets/"+id).status != 401; asked = time.Now() {
			if asked.After(until) {
				t.Fatal("five seconds later the key still works")
			}
		}
	}
}

func TestKey_NotOwn(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := programs(t, s)
	other, p := made("other", account.Scopes...), made("crm", account.Scopes...)
	execute(t, s, "UPDATE api_keys SET not_own = true WHERE name = 'crm'")
	const approve = `{"decision":"approve","version":1}`
	own, foreign := p.submit("u-1", "one").ID, other.submit("u-2", "two").ID
	p.post("/api/v1/tickets/"+own+"/decision", approve).refuses(t, 403, "forbidden")
	p.post("/api/v1/tickets/"+foreign+"/decision", approve).want(t, 200)
	p.post("/api/v1/tickets/"+foreign+"0/decision", approve).refuses(t, 404, "not_found")
	other.get("/api/v1/tickets/"+own).want(t, 200, `"status":"processing"`)
	other.post("/api/v1/tickets/"+own+"/decision", approve).want(t, 200)
}

func TestKey_RateLimit(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := programs(t, s)
	var clock atomic.Int64 // milliseconds
	url := beside(t, s, func(c *web.Config) { c.Rate, c.Now = 3, func() time.Time { return time.UnixMilli(clock.Load()) } })
	busy, quiet := made("busy", account.LatestRead).at(url), made("quiet", account.LatestRead).at(url)
	const path = "/api/v1/users/u-1/latest-ticket"
	for range 3 {
		busy.get(path).refuses(t, 404, "no_approved_ticket")
	}
	if got := busy.get(path); got.header.Get("Retry-After") != "1" {
		got.refuses(t, 429, "rate_limited")
		t.Errorf("Retry-After is %q", got.header.Get("Retry-After"))
	}
	quiet.get(path).refuses(t, 404, "no_approved_ticket")
	clock.Store(1999) // of the second before only a thousandth counts
	busy.get(path).refuses(t, 404, "no_approved_ticket")
}

// A key is told how many requests are left when fewer than a fifth are, and when there are none.
func TestKey_RateLimitTold(t *testing.T) {
	t.Parallel()
	s := start(t)
	url := beside(t, s, func(c *web.Config) { c.Rate, c.Now = 10, func() time.Time { return time.UnixMilli(0) } })
	busy := programs(t, s)("busy", account.LatestRead).at(url)
	for i := range 12 {
		left := max(9-i, 0)
		got := busy.get("/api/v1/users/u-1/latest-ticket").header
		told, policy := got.Get("RateLimit"), got.Get("RateLimit-Policy")
		if left >= 2 && told+policy != "" || left < 2 && (told != fmt.Sprintf(`"key";r=%d;t=1`, left) || policy != `"key";q=10;w=1`) {
			t.Errorf("with %d left it is told %q of %q", left, told, policy)
		}
	}
}

func TestKey_WithoutDatabase(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := programs(t, s)("all", account.Scopes...)
	id := p.submit("u-1", "one").ID
	i, err := app.Open(t.Context(), app.Config{
		DatabaseURL: "postgres://nobody@127.0.0.1:1/none", Secret: make([]byte, 32), Form: formfile.Default(), Log: quiet(s),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(i.Close)
	server := httptest.NewServer(i.Web)
	t.Cleanup(server.Close)
	for _, c := range everyCall(id) {
		c.by(p.at(server.URL)).refuses(t, 503, "unavailable")
	}
	p.at(server.URL).get("/api/openapi.json").want(t, 200)
}
