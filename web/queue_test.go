package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"docket/internal/account"
)

func TestQueue_FilterInAddress(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	var ids, users []string
	first := time.Now().UTC().Format(time.DateOnly)
	for _, name := range []string{"ann", "bob", "cid"} {
		b, user := signedIn(t, s, name, account.Customer)
		ids, users = append(ids, b.submit(someID)), append(users, user)
	}
	agent.post("/review/"+ids[2]+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	last := time.Now().UTC().Format(time.DateOnly) // midnight may have been between them
	for query, want := range map[string][]string{
		"":                 {ids[0], ids[1]},
		"sort=newest":      {ids[1], ids[0]},
		"status=approved":  {ids[2]},
		"status=rejected":  nil,
		"user=" + users[1]: {ids[1]},
		"user=" + users[2]: {ids[2]}, // of a user all
		"user=" + users[2] + "&status=processing": nil,
		"user=" + users[2] + "&from=" + first:     nil,
		"user=%25":                                nil,
		"from=" + first:                           {ids[0], ids[1]},
		"from=" + first + "&to=" + last:           {ids[0], ids[1]},
		"to=2020-01-31":                           nil,
		"from=2020-01-01T00:00:00Z&to=" + "2020-01-31T00:00:00%2B07:00": nil,
		"limit=1": {ids[0]},
	} {
		got := agent.get("/review?"+query).want(t, 200)
		if shown := listed(got.body); strings.Join(shown, " ") != strings.Join(want, " ") {
			t.Errorf("%q lists %v, want %v", query, shown, want)
		}
	}
}

var linked = regexp.MustCompile(`href="/review/([0-9a-f-]{36})`)

// listed are the tickets that a queue links to, each once, in order.
func listed(body string) (ids []string) {
	for _, match := range linked.FindAllStringSubmatch(body, -1) {
		if len(ids) == 0 || ids[len(ids)-1] != match[1] {
			ids = append(ids, match[1])
		}
	}
	return ids
}

func TestQueue_InvalidFilter(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	for _, query := range []string{
		"status=lost", "sort=sideways", "limit=0", "limit=-1", "limit=1000000000", "limit=x", "limit=201",
		"from=yesterday", "to=2026-02-30", "from=2026-02-02&to=2026-02-01", "from=2026-01-01&to=2026-02-02",
		"from=2026-01-01T00:00:00Z&to=2026-02-01T00:02:00Z", "from=2020-01-01", "from=0001-01-01", "to=9999999-01-01",
		"cursor=x", "user=" + strings.Repeat("x", 129), "user=%00", "user=%ff",
	} {
		agent.get("/review?"+query).want(t, 422)
	}
}

func TestQueue_Pages(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	var want []string
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		b, _ := signedIn(t, s, "customer-"+name, account.Customer)
		want = append(want, b.submit(someID))
	}
	next := regexp.MustCompile(`href="(/review\?[^"]*cursor=[^"]*)`)
	var got []string
	path := "/review?limit=2"
	for path != "" {
		page := agent.get(path).want(t, 200)
		got = append(got, listed(page.body)...)
		path = ""
		if link := next.FindStringSubmatch(page.body); link != nil {
			path = strings.ReplaceAll(link[1], "&amp;", "&")
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("pages list %v, want %v", got, want)
	}
	cursor := regexp.MustCompile(`cursor=([^"&]*)`).FindStringSubmatch(agent.get("/review?limit=2").body)[1]
	agent.get("/review?limit=2&sort=newest&cursor="+cursor).want(t, 422) // of another list
	changed := "A" + cursor[1:]
	if cursor[0] == 'A' {
		changed = "B" + cursor[1:]
	}
	agent.get("/review?limit=2&cursor="+changed).want(t, 422)
}

func TestQueue_Backlog(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	old := insertOld(t, s, time.Now().AddDate(0, 0, -40))
	page := agent.get("/review").want(t, 200)
	if len(listed(page.body)) != 0 {
		t.Fatal("a ticket of forty days ago is in the last seven")
	}
	link := regexp.MustCompile(`/review\?from=[^"]*`).FindString(page.body)
	shown := agent.get(strings.ReplaceAll(link, "&amp;", "&")).want(t, 200)
	if got := listed(shown.body); len(got) != 1 || got[0] != old {
		t.Errorf("the link to older tickets, %s, lists %v, want %s", link, got, old)
	}
}

func TestQuery_UnknownParameter(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	id := customer.submit(someID)
	for path, named := range map[string]string{
		"/review?query=ann": "query", "/review?Status=approved": "Status", "/review?limit=1&utm_source=x": "utm_source", "/review?user=a&user=b": "user",
		"/review?decided=x": "decided", "/review?left=some": "left", "/review?%zz": "", "/review?a=1;b=2": "",
		"/review/" + id + "?x=1": "x", "/review/" + id + "?decided=1": "decided", "/review/events?since=1": "since",
	} {
		got := agent.get(path).want(t, 422)
		if !strings.Contains(got.body, named) || strings.Contains(got.body, "problem.") {
			t.Errorf("%s does not name %q:\n%s", path, named, got.body)
		}
	}
	agent.post("/review/"+id+"/claim?x=1", nil).want(t, 422, "x")
	admin.get("/admin/rules?day=1").want(t, 422, "day")
	customer.get("/tickets?utm_source=mail").want(t, 200)
	customer.get("/tickets/"+id+"?utm_source=mail").want(t, 200)
}
