package web_test

import (
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
)

func TestErrorPage_KeepsTheNavigation(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	for _, c := range []struct {
		who    *browser
		path   string
		status int
		link   string
	}{
		{customer, "/nothing", 404, `<a href="/tickets">My tickets</a>`},
		{customer, "/tickets/nothing", 404, `<a href="/tickets">My tickets</a>`},
		{customer, "/review", 403, `<a href="/tickets">My tickets</a>`},
		{customer, "/language", 405, `<a href="/tickets">My tickets</a>`},
		{agent, "/nothing", 404, `<a href="/review">Queue</a>`},
		{agent, "/review/next", 405, `<a href="/review">Queue</a>`},
		{admin, "/nothing", 404, `<a href="/admin/rules">Rules</a>`},
	} {
		c.who.get(c.path).want(t, c.status, c.link)
	}
	agent.post("/logout", url.Values{}, "Content-Encoding", "gzip").want(t, 415, `<a href="/review">Queue</a>`)
	if body := visitor(t, s.URL).get("/nothing").want(t, 404).body; strings.Contains(body, "<nav") {
		t.Error("a visitor who is not signed in has a navigation")
	}
}

func TestQueue_DecidedListsNameTheDecider(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	id := customer.submit(someID)
	if body := agent.get("/review").want(t, 200).body; strings.Contains(body, "Decided by") {
		t.Error("waiting tickets have a column for who decided them")
	}
	agent.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	agent.get("/review?status=approved").want(t, 200, "Decided by", `<td role="cell" class="decider" data-label="Decided by"><bdi>agent@example.com</bdi></td>`)
	second := customer.submit("0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a99")
	program := programs(t, s)("crm", account.Scopes...)
	program.post("/api/v1/tickets/"+second+"/decision", `{"decision": "reject", "version": 1, "reason": "underage"}`).want(t, 200)
	agent.get("/review?status=rejected").want(t, 200, `<td role="cell" class="decider" data-label="Decided by"><bdi>system crm</bdi></td>`)
	if body := agent.get("/review?status=withdrawn").want(t, 200).body; strings.Contains(body, "Decided by") {
		t.Error("withdrawn tickets have a column for who decided them")
	}
}

func TestReview_HeadingNamesTheUser(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	customer, user := signedIn(t, s, "customer", account.Customer)
	id := customer.submit(someID)
	agent.get("/review/"+id).want(t, 200, `User <a href="/review?user=`+user+`" title="`+user+`"><bdi>customer@example.com</bdi></a>`)
}
