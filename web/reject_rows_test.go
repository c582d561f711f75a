package web_test

import (
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/testkit/testmail"
)

func TestRejectRows_AskedAgain(t *testing.T) {
	t.Parallel()
	s := startMerchant(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	id := strings.TrimPrefix(customer.post("/tickets", twoOwners()).want(t, 303).location(), "/tickets/")
	agent.get("/review/"+id).want(t, 200, `data-rows="owners"`, `name="row" value="owners.1"`, `data-groups="owners"`, "Only these rows")
	reject := func(rows ...string) reply {
		return agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"owner"}, "row": rows})
	}
	reject("owners.2").want(t, 422, "The ticket has no such row.")
	reject("owners.1", "owners.1").want(t, 422, "Choose each row once.", `value="owners.1" checked`)
	reject("owners.1").want(t, 303)
	if page := agent.get("/review/"+id).want(t, 200); strings.Count(page.body, "This is about: Owner 2") != 2 {
		t.Error("the decision and its entry in the history do not both name the row")
	}
	customer.get("/tickets/"+id).want(t, 200, "This is about: Owner 2")
	customer.get("/tickets/new").want(t, 200, "This is about: Owner 2", "<legend>Owner 2</legend>", `name="owners.1.full_name"`).
		lacks(t, `name="owners.0.full_name"`, "<legend>Owner 1</legend>", "add-row")
	same := url.Values{"submission_id": {"0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c002"}, "mends": {id}, "owners": {"1"}, "owners.1.full_name": {"Bình"}}
	customer.post("/tickets", same).want(t, 422, "Owner 2 · Full name: you have not changed this")
	same.Set("owners.1.full_name", "Bình Trần")
	next := strings.TrimPrefix(customer.post("/tickets", same).want(t, 303).location(), "/tickets/")
	p := programs(t, s)("crm", account.Scopes...)
	p.get("/api/v1/tickets/"+id).want(t, 200, `"reject_rows":["owners.1"]`)
	p.get("/api/v1/tickets/"+next).want(t, 200, `"owners":[{"share":25,"full_name":"An"},{"share":30,"full_name":"Bình Trần","passport_number":"P1"}]`, `"reject_rows":null`)
	p.post("/api/v1/tickets/"+next+"/decision", `{"decision":"reject","version":1,"reason":"owner","rows":["owners.5"]}`).refuses(t, 422, "invalid", "rows not_an_option")
	p.post("/api/v1/tickets/"+next+"/decision", `{"decision":"reject","version":1,"reason":"owner","rows":"owners.0"}`).refuses(t, 422, "invalid", "rows wrong_type")
	p.post("/api/v1/tickets/"+next+"/decision", `{"decision":"approve","version":1,"rows":["owners.0"]}`).refuses(t, 422, "invalid", "rows unexpected")
	decided := `{"decision":"reject","version":1,"reason":"owner","rows":["owners.0"]}`
	p.post("/api/v1/tickets/"+next+"/decision", decided).want(t, 200, `"reject_rows":["owners.0"]`)
	p.post("/api/v1/tickets/"+next+"/decision", decided).want(t, 200)
	p.post("/api/v1/tickets/"+next+"/decision", strings.Replace(decided, "owners.0", "owners.1", 1)).refuses(t, 409, "already_decided")
}

func TestRejectRows_InTheMail(t *testing.T) {
	t.Parallel()
	s, server := mailSiteOf(t, merchantForm(t))
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	id := strings.TrimPrefix(customer.post("/tickets", twoOwners()).want(t, 303).location(), "/tickets/")
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"owner"}, "row": {"owners.1"}}).want(t, 303)
	m := server.WaitFor(t, "of the rejection", func(m testmail.Message) bool { return strings.Contains(m.Subject, "rejected") })
	if !strings.Contains(m.Text, "This is about: Owner 2") {
		t.Errorf("it does not name the row:\n%s", m.Text)
	}
}
