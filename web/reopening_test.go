package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
)

func TestReopening_AfterFinalRejection(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, user := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	program := programs(t, s)("system", account.Scopes...)
	id := customer.submit(someID)
	reopen := "/review/users/" + user + "/reopen"
	admin.post(reopen, url.Values{"note": {"why not"}}).want(t, 404)
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"underage"}}).want(t, 303)

	customer.get("/tickets/"+id).want(t, 200, "This decision is final")
	customer.get("/tickets/new").want(t, 409, "You cannot send this again")
	if strings.Contains(customer.get("/tickets").want(t, 200).body, `class="button primary"`) {
		t.Error("the list offers a new ticket")
	}
	customer.post("/tickets", answers(uuid.NewString())).want(t, 409, "You cannot send this again")
	program.post("/api/v1/tickets", submission(user), "Idempotency-Key", "k").refuses(t, 409, "resubmission_closed")

	agent.get("/review/"+id).want(t, 200, "An admin can allow another ticket")
	agent.post(reopen, url.Values{"note": {"please"}}).want(t, 403)
	customer.post(reopen, url.Values{"note": {"please"}}).want(t, 403)
	admin.post(reopen, url.Values{"note": {" "}}).want(t, 422, "Write why")
	admin.post(reopen, url.Values{"note": {strings.Repeat("é", 4001)}}).want(t, 422, "at most 4,000", "éé</textarea>")
	admin.post(reopen, url.Values{"note": {"a\x00b"}}).want(t, 422, "invisible characters")
	admin.post("/review/users/a%00b/reopen", url.Values{"note": {"please"}}).want(t, 404)
	there := admin.post(reopen, url.Values{"note": {"CANARY born in 1990"}}).want(t, 303).location()
	admin.get(there).want(t, 200, "Allowed to send another ticket", "CANARY born in 1990", "admin@example.com")

	read := customer.get("/tickets/"+id).want(t, 200, "You may send it again after all.")
	if strings.Contains(read.body, "CANARY") {
		t.Error("the customer reads why they were let in")
	}
	customer.get("/tickets/new").want(t, 200)
	again := customer.submit(uuid.NewString())
	program.get("/api/v1/tickets/"+again).want(t, 200, `"attempt":1`, `"previous_id":"`+id+`"`)
}

func TestReview_ChangedAnswers(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	first := customer.submit(someID)
	agent.post("/review/"+first+"/reject", url.Values{"version": {"1"}, "reason": {"name_mismatch"}, "note": {"The card says An."}}).want(t, 303)
	customer.get("/tickets/"+first).want(t, 200, "1 out of 9")
	given := answers(uuid.NewString())
	given.Set("full_name", "Nguyễn Văn An")
	second := strings.TrimPrefix(customer.post("/tickets", given).want(t, 303).location(), "/tickets/")
	page := agent.get("/review/"+second).want(t, 200, "Attempt 2 of 9", "Attempt 2: <bdi>Name differs from the document</bdi> → ", "Full name changed", "The card says An.", "Name differs",
		"Nguyễn Văn A</s>", "/review/"+first)
	if n := strings.Count(page.body, "data-changed"); n != 1 {
		t.Errorf("%d answers are marked as changed, want the name alone", n)
	}
	if read := customer.get("/tickets/"+second).want(t, 200, "2 out of 9"); strings.Contains(read.body, "data-changed") || strings.Contains(read.body, "The card says An.") {
		t.Error("the customer reads what is for agents")
	}
}
