package web_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
)

// TestReview_WrongQuery sends what is unknown, doubled or malformed to /review and to what belongs to it.
func TestReview_WrongQuery(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	other, _ := signedIn(t, s, "other", account.Customer)
	id := customer.submit(someID)
	other.submit(uuid.NewString())
	admin, _ := signedIn(t, s, "admin", account.Admin)
	next := regexp.MustCompile(`cursor=([\w-]+)`).FindStringSubmatch(admin.get("/review?limit=1").want(t, 200).body)
	if next == nil {
		t.Fatal("the queue has no second page")
	}
	cursor := next[1]
	admin.get("/review?limit=1&cursor="+cursor).want(t, 200)

	// What no address takes.
	for _, path := range reviewPaths(t, s.Instances[0].Web.Patterns(), id) {
		method, address, _ := strings.Cut(path, " ")
		for _, query := range []string{"utm_source=x", "a;b", "status=processing;limit=1", "%zz=1", "from=%", "Status=processing", "cursor=1&cursor=2", "decided=1&decided=1", "=", "%00=1"} {
			if got := admin.send(method, address+"?"+query, nil); got.status != http.StatusUnprocessableEntity {
				t.Errorf("%s %s?%s: %d", method, address, query, got.status)
			}
		}
	}
	bad := url.QueryEscape("a\x00b")
	for _, query := range []string{
		"status=open", "status=processing&status=approved", "status=" + bad, "status=%ff",
		"from=yesterday", "to=2026-02-30", "from=2026-01-01T00:00:00", "from=2026-01-02&to=2026-01-01", "from=2026-01-01&to=2026-03-01", "from=%ff", "from=" + bad,
		"user=" + bad, "user=%ff", "user=" + strings.Repeat("x", 129), "sort=up", "sort=oldest&sort=oldest",
		"limit=0", "limit=-1", "limit=201", "limit=x", "limit=1.0", "limit=+5", "limit=%2B5", "limit=05", "limit=99999999999999999999", "limit=1&limit=1",
		"cursor=x", "cursor=" + cursor + "A", "cursor=" + cursor[1:], "cursor=" + strings.ToLower(cursor) + "=", "cursor=" + flipped(t, cursor), "cursor=" + bad,
		"status=approved&cursor=" + cursor, "user=u&cursor=" + cursor, "sort=newest&cursor=" + cursor,
		"decided=x", "decided=" + bad, "decided=urn:uuid:" + id, "decided=" + strings.ToUpper(id), "decided={" + id + "}", "left=some", "left=none&left=none",
	} {
		for _, header := range [][]string{nil, {"HX-Request", "true"}} {
			if got := admin.get("/review?"+query, header...); got.status != http.StatusUnprocessableEntity {
				t.Errorf("/review?%s: %d", query, got.status)
			}
		}
	}
	for _, query := range []string{"decided=x", "decided=" + bad, "decided=urn:uuid:" + id} {
		admin.get("/review/"+id+"?"+query).want(t, http.StatusUnprocessableEntity)
	}
	customer.post("/tickets/"+id+"/withdraw?utm_source=x;y", nil).want(t, http.StatusSeeOther) // customers' pages ignore what others add
	for _, query := range []string{"from=x", "to=%ff", "from=2026-01-02&to=2026-01-01", "from=2026-01-01&to=2026-03-01"} {
		admin.get("/admin/rules?"+query).want(t, http.StatusUnprocessableEntity)
	}
}

// reviewPaths are the addresses of agents and admins, with their methods, from the route table.
func reviewPaths(t *testing.T, patterns []string, id string) (paths []string) {
	t.Helper()
	fill := strings.NewReplacer("{id}", id, "{user_id}", "u")
	for _, pattern := range patterns {
		method, path, _ := strings.Cut(pattern, " ")
		if pattern != "GET /review/next" && pattern != "GET /review/views" && pattern != "GET /review/ahead" && (strings.HasPrefix(path, "/review") || strings.HasPrefix(path, "/admin")) {
			paths = append(paths, method+" "+fill.Replace(path))
		}
	}
	if len(paths) < 10 {
		t.Fatalf("the route table has only %q", paths)
	}
	return paths
}

// flipped is a cursor with one bit changed.
func flipped(t *testing.T, cursor string) string {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		t.Fatal(err)
	}
	b[0] ^= 1
	return base64.RawURLEncoding.EncodeToString(b)
}
