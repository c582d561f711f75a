package chaos_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

func TestHTTP_BadRequests(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	site := testsite.Start(t, testsite.Form(), 1, db)
	email, _ := site.Account(t, "customer", account.Customer)
	p := startServer(t, db)
	cookie := "Cookie: " + signIn(t, p.url, email)
	key := "Authorization: Bearer " + site.Key(t, "all", account.Scopes...)
	const formType, jsonType = "Content-Type: application/x-www-form-urlencoded", "Content-Type: application/json"
	for name, test := range map[string]struct {
		method, path, body string
		headers            []string
		status             int
		lacks              string // a header that the answer may not have
	}{
		"a packed form":                   {"POST", "/tickets", "x", []string{cookie, formType, "Content-Encoding: gzip"}, 415, ""},
		"a packed call":                   {"POST", "/api/v1/tickets", "x", []string{key, jsonType, "Content-Encoding: gzip", "Idempotency-Key: k"}, 415, ""},
		"a method in a header":            {"GET", "/login", "", []string{"X-HTTP-Method-Override: POST", "X-Method-Override: DELETE"}, 200, ""},
		"a method in a field":             {"POST", "/tickets", "_method=DELETE", []string{cookie, formType}, 422, ""},
		"the wrong verb":                  {"DELETE", "/tickets", "", []string{cookie}, 405, ""},
		"a verb nobody knows":             {"BREW", "/api/v1/tickets", "", []string{key}, 405, ""},
		"headers without end":             {"GET", "/login", "", []string{"X-Long: " + strings.Repeat("x", 64<<10)}, 431, ""},
		"another site's script":           {"GET", "/login", "", []string{"Origin: https://evil.example"}, 200, "Access-Control-Allow-Origin"},
		"another site's preflight":        {"OPTIONS", "/api/v1/tickets", "", []string{"Origin: https://evil.example", "Access-Control-Request-Method: POST"}, 405, "Access-Control-Allow-Origin"},
		"another site's form":             {"POST", "/tickets", "a=b", []string{cookie, formType, "Origin: https://evil.example", "Sec-Fetch-Site: cross-site"}, 403, ""},
		"a forged fragment":               {"GET", "/tickets", "", []string{"HX-Request: true"}, 401, ""},
		"a forged fragment with a cookie": {"GET", "/review", "", []string{cookie, "HX-Request: true"}, 403, ""},
		"a forged address":                {"GET", "/tickets", "", []string{"X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https", "X-Forwarded-For: 1.2.3.4"}, 303, "Strict-Transport-Security"},
		"a body without end":              {"POST", "/api/v1/tickets", strings.Repeat(" ", 65<<10), []string{key, jsonType, "Idempotency-Key: k"}, 413, ""},
		"no type":                         {"POST", "/tickets", "a=b", []string{cookie}, 415, ""},
		"an id that is none":              {"GET", "/tickets/..%2f..%2fetc%2fpasswd", "", []string{cookie}, 404, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := newCaller(p.url).send(test.method, test.path, test.body, test.headers...)
			if err != nil {
				t.Fatal(err)
			}
			if a.status != test.status {
				t.Errorf("%d, want %d:\n%.500s", a.status, test.status, a.body)
			}
			if a.status == http.StatusMethodNotAllowed && a.header.Get("Allow") == "" {
				t.Error("405 without Allow")
			}
			if test.lacks != "" && a.header.Get(test.lacks) != "" {
				t.Errorf("it has %s: %s", test.lacks, a.header.Get(test.lacks))
			}
			if strings.Contains(a.header.Get("Location"), "evil") || strings.Contains(a.body, "evil.example") {
				t.Error("what was forged is believed")
			}
			for _, inside := range []string{"goroutine", ".go:", "SELECT", "SQLSTATE", "/work", "panic"} {
				if strings.Contains(a.body, inside) {
					t.Errorf("the answer has %q in it", inside)
				}
			}
		})
	}
}

// TestHTTP_AnnouncedBody announces bodies that are too long and sends nothing of them: nobody waits for that. Whoever expects a 100
// before they send gets the final answer.
func TestHTTP_AnnouncedBody(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	site := testsite.Start(t, testsite.Form(), 1, db)
	email, _ := site.Account(t, "customer", account.Customer)
	p := startServer(t, db)
	cookie := "Cookie: " + signIn(t, p.url, email)
	key := "Authorization: Bearer " + site.Key(t, "all", account.Scopes...)
	for path, headers := range map[string]string{
		"/login":                               "Content-Type: application/x-www-form-urlencoded",
		"/tickets":                             cookie + "\r\nContent-Type: multipart/form-data; boundary=x",
		"/files/selfie":                        cookie + "\r\nContent-Type: multipart/form-data; boundary=x",
		"/api/v1/tickets":                      key + "\r\nContent-Type: application/json\r\nIdempotency-Key: k",
		"/api/v1/files?user_id=u&field=selfie": key + "\r\nContent-Type: image/jpeg",
		"/api/v1/tickets/0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a10/decision": key + "\r\nContent-Type: application/json",
	} {
		c := newCaller(p.url)
		if a, err := c.send("POST", path, "", headers, "Content-Length: 100000000000", "Expect: 100-continue"); err != nil || a.status != 413 {
			t.Errorf("%s: %d, %v to whoever expects a 100; want 413", path, a.status, err)
		}
		c = newCaller(p.url)
		began := time.Now()
		if a, err := c.send("POST", path, "", headers, "Content-Length: 100000000000"); err != nil || a.status != 413 || c.conn != nil {
			t.Errorf("%s: %d, %v, and the connection is kept: %t; want 413 and its end", path, a.status, err, c.conn != nil)
		}
		if took := time.Since(began); took > 4*time.Second { // a body that does not come is waited for longer
			t.Errorf("%s: answered after %v", path, took)
		}
	}
}
