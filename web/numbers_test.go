package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"docket/internal/account"
)

func TestNumbers_OwnAndTeam(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	colleague, _ := signedIn(t, s, "colleague", account.Agent)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	id := customer.submit(someID)
	agent.get("/review/"+id).want(t, 200)
	agent.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	if err := s.Instances[0].Rollups.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	agent.get("/numbers").want(t, 200, "agent@example.com</bdi>", "Sent and decided", "<table")
	if body := colleague.get("/numbers").want(t, 200, "colleague@example.com</bdi>").body; strings.Contains(body, "agent@example.com</bdi></th>") {
		t.Error("an agent reads what a colleague did")
	}
	admin.get("/numbers?from="+time.Now().UTC().Format(time.DateOnly)).want(t, 200, "agent@example.com</bdi></th>")
	fragment := admin.get("/numbers", "HX-Request", "true").want(t, 200, `<section id="numbers"`)
	if strings.Contains(fragment.body, "<html") {
		t.Error("htmx gets the whole page")
	}
}

func TestNumbers_WrongRange(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	for _, query := range []string{"from=yesterday", "from=2020-01-01&to=2026-01-01", "from=2026-02-02&to=2026-02-01", "status=approved"} {
		agent.get("/numbers?"+query).want(t, 422)
	}
	agent.get("/numbers?from=2020-01-01&to=2020-01-02").want(t, 200, "Nothing in this time.")
}
