package web_test

import (
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
)

func TestArchived_ShownAsBefore(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	id := customer.submit(someID)
	agent.post("/review/"+id+"/comment", url.Values{"text": {"A-COMMENT"}}).want(t, 303)
	agent.post("/review/"+id+"/approve", url.Values{"version": {"1"}, "note": {"A-NOTE"}}).want(t, 303)
	newer := customer.submit("0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a11")
	agent.post("/review/"+newer+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	s.MoveToArchive(t, 1)
	customer.get("/tickets/"+id).want(t, 200, "Nguyễn Văn A", "is in the archive")
	customer.get("/tickets").want(t, 200, id, newer)
	body := admin.get("/review/"+id).want(t, 200, "Nguyễn Văn A", "is in the archive", "A-NOTE", "A-COMMENT").body
	for _, action := range []string{"/revoke", "/comment"} {
		if strings.Contains(body, "/review/"+id+action) {
			t.Errorf("the page of an archived ticket offers %s", action)
		}
	}
	if body := customer.get("/tickets/"+newer).want(t, 200).body; strings.Contains(body, "is in the archive") {
		t.Error("a ticket that is not in the archive says so")
	}
	admin.post("/review/"+id+"/revoke", url.Values{"version": {"2"}, "reason": {"name_mismatch"}}).want(t, 409)
	program := programs(t, s)("system", account.Scopes...)
	program.get("/api/v1/tickets/"+id).want(t, 200, `"archived":true`, `"kind":"approved"`)
}
