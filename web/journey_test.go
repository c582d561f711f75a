package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

func TestJourney_SubmitApproveLookUp(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, user := signedIn(t, s, "customer", account.Customer)
	agent, agentID := signedIn(t, s, "agent", account.Agent)
	key := s.Key(t, "reader", account.LatestRead)
	id := customer.submit(someID)

	customer.get("/tickets/"+id).want(t, 200, "Nguyễn Văn A")
	agent.get("/review").want(t, 200, "/review/"+id)
	agent.get("/review/"+id).want(t, 200, "Nguyễn Văn A", "B1234567")
	latest := visitor(t, s.URL)
	path := "/api/v1/users/" + user + "/latest-ticket"
	latest.get(path, "Authorization", "Bearer "+key).want(t, 404, `"no_approved_ticket"`)
	got := agent.post("/review/"+id+"/approve", url.Values{"version": {"1"}, "note": {"checked by phone"}}).want(t, 303)
	agent.get(got.location()).want(t, 200, "checked by phone")

	customer.get("/tickets/"+id).want(t, 200, `data-status="approved"`)
	found := latest.get(path, "Authorization", "Bearer "+key, "Cache-Control", "no-cache").want(t, 200)
	var answer map[string]any
	if err := json.Unmarshal([]byte(found.body), &answer); err != nil {
		t.Fatal(err)
	}
	if answer["ticket_id"] != id || answer["user_id"] != user || answer["status"] != "approved" || answer["decided_by"] != "agent:"+agentID {
		t.Errorf("latest %v, want ticket %s of %s, decided by %s", answer, id, user, agentID)
	}
	if answer["extra"].(map[string]any)["full_name"] != "Nguyễn Văn A" {
		t.Errorf("extra %v lacks the name", answer["extra"])
	}
	for _, field := range []string{"decided_at_ms", "created_at_ms", "updated_at_ms"} {
		if ms, ok := answer[field].(float64); !ok || ms < 1e12 {
			t.Errorf("%s is %v, want Unix milliseconds", field, answer[field])
		}
	}
	latest.get(path, "Authorization", "Bearer "+key, "If-None-Match", found.header.Get("ETag")).want(t, 304)
}

func TestJourney_Reject(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	id := customer.submit(someID)
	reason, _ := formfile.Default().Reason("name_mismatch")
	agent.post("/review/"+id+"/reject", url.Values{
		"version": {"1"}, "reason": {reason.Code}, "note": {"CANARY-NOTE"},
	}).want(t, 303)
	agent.get("/review/"+id).want(t, 200, "CANARY-NOTE")
	for _, path := range []string{"/tickets", "/tickets/" + id, "/tickets/new"} {
		if got := customer.get(path).want(t, 200); strings.Contains(got.body, "CANARY-NOTE") {
			t.Errorf("%s shows the internal note", path)
		}
	}
	shown := customer.get("/tickets/"+id).want(t, 200, `data-status="rejected"`, "/tickets/new")
	if !strings.Contains(shown.body, strings.Fields(reason.Text)[0]) {
		t.Errorf("the user does not read %q", reason.Text)
	}
	customer.get("/tickets/new").want(t, 200, "Nguyễn Văn A") // what was sent is filled in again
}

func TestJourney_OtherForm(t *testing.T) {
	t.Parallel()
	f, err := formfile.Load("../internal/form/testdata/refund.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	customer, user := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	customer.get("/tickets/new").want(t, 200, f.Title, `name="amount"`)
	customer.post("/tickets", url.Values{"amount": {"a lot"}}).want(t, 422, "a lot")
	given := refund()
	first := customer.post("/tickets", given).want(t, 303).location()
	given.Set("submission_id", "0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c002")
	second := customer.post("/tickets", given).want(t, 303).location() // this form allows many open tickets
	if first == second {
		t.Fatalf("two submissions made one ticket, %s", first)
	}
	id := strings.TrimPrefix(first, "/tickets/")
	agent.get("/review/"+id).want(t, 200, "19.90")
	agent.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	got := visitor(t, s.URL).get("/api/v1/users/"+user+"/latest-ticket",
		"Authorization", "Bearer "+s.Key(t, "reader", account.LatestRead), "Cache-Control", "no-cache").want(t, 200, id)
	var answer struct{ Extra map[string]json.RawMessage }
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil || string(answer.Extra["amount"]) != "19.90" {
		t.Errorf("amount %s, %v; want the number 19.90", answer.Extra["amount"], err)
	}
	agent.post("/review/"+strings.TrimPrefix(second, "/tickets/")+"/reject",
		url.Values{"version": {"1"}, "reason": {f.Reasons[0].Code}, "comment": {"Please send the receipt."}}).want(t, 303)
	customer.get(second).want(t, 200, "Please send the receipt.")
}

func TestDecide_TwoAgents(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	one, _ := signedIn(t, s, "agent-one", account.Agent)
	two, _ := signedIn(t, s, "agent-two", account.Agent)
	id := customer.submit(someID)
	one.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	one.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, 303) // a double click
	one.post("/review/"+id+"/approve", url.Values{"version": {"1"}, "note": {"a second thought"}}).
		want(t, http.StatusConflict, "You have decided this ticket already", "a second thought")
	two.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"other"}, "comment": {"My words."}, "note": {"My note."}}).
		want(t, http.StatusConflict, "agent-one@example.com", "My words.", "My note.")
}

func TestNext_AfterDecision(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	other, _ := signedIn(t, s, "other", account.Agent)
	var ids []string
	for _, name := range []string{"ann", "bob"} {
		customer, _ := signedIn(t, s, name, account.Customer)
		ids = append(ids, customer.submit(someID))
	}
	first := agent.post("/review/next", nil).want(t, 303).location()
	if !strings.HasPrefix(first, "/review/"+ids[0]) {
		t.Fatalf("next goes to %s, want the oldest, %s", first, ids[0])
	}
	agent.get(first).want(t, 200, `name="then"`)
	other.post("/review/"+ids[0]+"/approve", url.Values{"version": {"1"}, "note": {"kept"}}).want(t, 409, "agent@example.com", "kept")
	other.post("/review/"+ids[0]+"/claim", nil).want(t, 409)
	moved := agent.post("/review/"+ids[0]+"/approve", url.Values{"version": {"1"}, "then": {"next"}}).want(t, 303).location()
	if !strings.HasPrefix(moved, "/review/"+ids[1]) {
		t.Fatalf("the decision goes on to %s, want %s", moved, ids[1])
	}
	agent.get(moved).want(t, 200, "Approved: Nguyễn Văn A")
	agent.post("/review/"+ids[1]+"/release", nil).want(t, 303)
	other.post("/review/"+ids[1]+"/claim", nil).want(t, 303)
	none := agent.post("/review/next", nil).want(t, 303).location()
	agent.get(none).want(t, 200, "No ticket is waiting")
}
