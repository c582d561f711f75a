package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/web"
)

// postRoutes are the addresses of all routes that take a POST, from the route table itself.
func postRoutes(t *testing.T, s *web.Server) (paths []string) {
	t.Helper()
	fill := strings.NewReplacer("{id}", someID, "{field}", "document_front", "{user_id}", "u")
	for _, pattern := range s.Patterns() {
		if path, ok := strings.CutPrefix(pattern, "POST "); ok {
			paths = append(paths, fill.Replace(path))
		}
	}
	if len(paths) < 15 {
		t.Fatalf("the route table has only %q", paths)
	}
	return paths
}

// origin is where a browser says that a form comes from. An empty fetchSite is one of an older browser, or of a page by
// plain http under a name: those send no Sec-Fetch headers.
type origin struct{ host, origin, fetchSite string }

// send posts an empty form to an address as a browser does.
func (o origin) send(b *browser, path string, values url.Values) reply {
	b.t.Helper()
	header := []string{"Origin", o.origin}
	if o.fetchSite != "" {
		header = append(header, "Sec-Fetch-Site", o.fetchSite, "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document")
	}
	if o.host != "" {
		header = append(header, "Host", o.host)
	}
	return b.post(path, values, header...)
}

const behindProxy = "https://Tickets.example.com:443" // and the proxy asks for another name

func TestOrigin_EveryForm(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	plain := testsite.Start(t, testsite.Form(), 1, db)
	proxied := testsite.StartWith(t, db, app.Config{BaseURL: behindProxy})
	byAddress := strings.TrimPrefix(plain.URL, "http://")
	for _, test := range []struct {
		name string
		site *testsite.Site
		origin
		ok bool
	}{
		{"by address", plain, origin{"", "http://" + byAddress, "same-origin"}, true},
		{"by address, without Sec-Fetch", plain, origin{"", "http://" + byAddress, ""}, true},
		{"by name", plain, origin{"tickets.test:8080", "http://tickets.test:8080", "same-origin"}, true},
		{"by name, without Sec-Fetch", plain, origin{"tickets.test:8080", "http://tickets.test:8080", ""}, true},
		{"through a proxy", proxied, origin{"10.0.0.7:8080", "https://tickets.example.com", "same-origin"}, true},
		{"through a proxy, without Sec-Fetch", proxied, origin{"10.0.0.7:8080", "https://tickets.example.com", ""}, true},
		{"of another site", plain, origin{"", "https://evil.example", "cross-site"}, false},
		{"of another site, without Sec-Fetch", plain, origin{"", "https://evil.example", ""}, false},
		{"of a neighbour", proxied, origin{"10.0.0.7:8080", "https://evil.example.com", "same-site"}, false},
		{"of another port", plain, origin{"tickets.test:8080", "http://tickets.test:9090", ""}, false},
		{"of a page that hides its address", plain, origin{"", "null", ""}, false},
		{"of a frame", proxied, origin{"10.0.0.7:8080", "null", "cross-site"}, false},
	} {
		b := visitor(t, test.site.URL)
		for _, path := range postRoutes(t, test.site.Instances[0].Web) {
			if got := test.send(b, path, nil).status; (got != http.StatusForbidden) != test.ok {
				t.Errorf("a form %s, POST %s: %d", test.name, path, got)
			}
		}
		if !test.ok {
			continue
		}
		email, _ := test.site.Account(t, uuid.NewString(), account.Customer)
		typed := url.Values{"email": {email}, "password": {testsite.Password}}
		if got := test.send(visitor(t, test.site.URL), "/login", typed); got.status != http.StatusSeeOther || got.location() != "/tickets" {
			t.Errorf("sign in %s: %d %s", test.name, got.status, got.location())
		}
	}
}
