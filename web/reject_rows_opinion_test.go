package web_test

import (
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestRejectRows_Opinion keeps the rows of the first of two rejections, that of an agent and that of another system.
func TestRejectRows_Opinion(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(merchant + "second_approval: {when: \"company != 'x'\", first: anyone}\n"))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	customer, _ := signedIn(t, s, "customer", account.Customer)
	first, _ := signedIn(t, s, "first", account.Agent)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	p := programs(t, s)("crm", account.Scopes...)
	id := strings.TrimPrefix(customer.post("/tickets", twoOwners()).want(t, 303).location(), "/tickets/")
	p.post("/api/v1/tickets/"+id+"/decision", `{"decision":"reject","version":1,"reason":"owner","rows":["owners.0"]}`).want(t, 200, `"status":"processing"`)
	first.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	admin.get("/review/"+id).want(t, 200, "This is about: Owner 1")
	admin.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"owner"}, "row": {"owners.1"}}).want(t, 303)
	page := admin.get("/review/"+id).want(t, 200, "This is about: Owner 1", "This is about: Owner 2")
	if strings.Count(page.body, "This is about: Owner 1") != 1 {
		t.Error("the row of the opinion is not said once")
	}
	customer.get("/tickets/"+id).want(t, 200, "This is about: Owner 2").lacks(t, "This is about: Owner 1")

	second := twoOwners()
	second.Set("submission_id", "0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c003")
	other, _ := signedIn(t, s, "other", account.Customer)
	id = strings.TrimPrefix(other.post("/tickets", second).want(t, 303).location(), "/tickets/")
	first.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"owner"}, "row": {"owners.1"}}).want(t, 303)
	first.get("/review/"+id).want(t, 200, "You have given your opinion", "This is about: Owner 2")
}

// TestRejectRows_Bulk rejects several tickets for one row, which one of them does not have.
func TestRejectRows_Bulk(t *testing.T) {
	t.Parallel()
	s := startMerchant(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	p := programs(t, s)("crm", account.Scopes...)
	submit := func(user, owners string) string {
		text := `{"user_id":"` + user + `","extra":{"company":"Acme","owners":[` + owners + `]}}`
		return read[ticketSeen](t, p.post("/api/v1/tickets", text, "Idempotency-Key", user).want(t, 201)).ID
	}
	const owner = `{"full_name":"An","share":20}`
	two, one := submit("two", owner+","+owner), submit("one", owner)
	agent.get("/review").want(t, 200, `<option value="owners.1">Owner 2</option>`)
	chosen := bulk("reject", two, one)
	chosen.Set("reason", "owner")
	chosen.Set("row", "company.0")
	agent.post("/review/bulk", chosen).want(t, 422, "None of the reasons that you chose points at this row.", "Nothing was done")
	chosen.Set("row", "owners.1")
	there := agent.post("/review/bulk", chosen).want(t, 303).location()
	agent.get(there).want(t, 200, "1 rejected, 1 not", "This is about: Owner 2", "It has no such row")
	p.get("/api/v1/tickets/"+two, "Cache-Control", "no-cache").want(t, 200, `"reject_rows":["owners.1"]`)
	p.get("/api/v1/tickets/"+one, "Cache-Control", "no-cache").want(t, 200, `"status":"processing"`)
}
