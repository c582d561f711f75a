package web_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// startSecond runs a site on which two people decide each ticket of a passport.
func startSecond(t *testing.T) *testsite.Site {
	t.Helper()
	return startSecondWith(t, "")
}

// startSecondWith is startSecond with more in second_approval.
func startSecondWith(t *testing.T, more string) *testsite.Site {
	t.Helper()
	text := bytes.Replace(testsite.FormFile(), []byte("undo_seconds: 10\n"), []byte("second_approval: {when: \"document_type == 'passport'\""+more+"}\n"), 1)
	f, err := formfile.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return testsite.Start(t, f, 1, testdb.NewWithReplica(t))
}

func TestOpinion_SecondIsBlind(t *testing.T) {
	t.Parallel()
	s := startSecond(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	first, _ := signedIn(t, s, "first", account.Agent)
	second, _ := signedIn(t, s, "second", account.Agent)
	program := programs(t, s)("all", account.Scopes...)
	id := customer.submit(someID)
	page := "/review/" + id
	program.post("/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":1}`).want(t, http.StatusConflict, "ticket_held", "Two people")
	first.get(page).want(t, http.StatusOK, "Two people decide this ticket")
	first.post(page+"/reject", url.Values{"version": {"1"}, "reason": {"name_mismatch"}, "comment": {"CANARY comment"}, "note": {"CANARY note"}}).want(t, http.StatusSeeOther)
	first.get(page).want(t, http.StatusOK, "You have given your opinion", "CANARY note")
	customer.get("/tickets/"+id).want(t, http.StatusOK, `data-status="processing"`)
	if body := first.get("/review").want(t, http.StatusOK).body; strings.Contains(body, id) {
		t.Error("the first agent is shown the ticket in the queue")
	}
	second.get("/review").want(t, http.StatusOK, id, "Second opinion")
	blind := second.get(page).want(t, http.StatusOK, "one opinion already").body
	for _, secret := range []string{"CANARY", `data-status="rejected"`} {
		if strings.Contains(blind, secret) {
			t.Errorf("the second agent sees %q", secret)
		}
	}
	program.post("/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":1}`).want(t, http.StatusConflict, "ticket_held")
	second.post(page+"/reject", url.Values{"version": {"1"}, "reason": {"name_mismatch"}, "comment": {"Please correct it."}}).want(t, http.StatusSeeOther)
	customer.get("/tickets/"+id).want(t, http.StatusOK, `data-status="rejected"`, "Please correct it.")
	second.get(page).want(t, http.StatusOK, "first@example.com", "CANARY note")
}

func TestOpinion_AdminDecidesBetween(t *testing.T) {
	t.Parallel()
	s := startSecond(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	first, _ := signedIn(t, s, "first", account.Agent)
	second, _ := signedIn(t, s, "second", account.Agent)
	third, _ := signedIn(t, s, "third", account.Agent)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	id := customer.submit(someID)
	page := "/review/" + id
	approve := url.Values{"version": {"1"}}
	first.post(page+"/approve", approve).want(t, http.StatusSeeOther)
	first.post(page+"/approve", approve).want(t, http.StatusConflict)
	second.post(page+"/reject", url.Values{"version": {"1"}, "reason": {"name_mismatch"}, "comment": {"no"}}).want(t, http.StatusSeeOther)
	second.get(page).want(t, http.StatusOK, "An admin decides", "first@example.com")
	third.post(page+"/approve", approve).want(t, http.StatusConflict)
	if body := third.get(page).want(t, http.StatusOK, "An admin decides").body; strings.Contains(body, "first@example.com") {
		t.Error("a third agent sees who thinks what")
	}
	third.get("/review/disagreed").want(t, http.StatusForbidden)
	if list := admin.get("/review/disagreed").want(t, http.StatusOK, page).body; strings.Contains(list, "data-choose") || strings.Contains(list, `aria-current="true" hx-get="/review`) {
		t.Error("the list of disagreed tickets has boxes that no form sends, or a second tab that is current")
	}
	admin.get(page).want(t, http.StatusOK, "first@example.com", "second@example.com", "Your decision counts")
	admin.post(page+"/approve", approve).want(t, http.StatusSeeOther)
	customer.get("/tickets/"+id).want(t, http.StatusOK, `data-status="approved"`)
	admin.get("/review/disagreed").want(t, http.StatusOK, "Nobody disagrees")
}

// An agent asks for a second opinion that the form does not ask for.
func TestOpinion_Asked(t *testing.T) {
	t.Parallel()
	s := startUndo(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	first, _ := signedIn(t, s, "first", account.Agent)
	second, _ := signedIn(t, s, "second", account.Agent)
	id := customer.submit(someID)
	page := "/review/" + id
	first.get(page).want(t, http.StatusOK, "Ask a colleague for a second look")
	first.post(page+"/approve", url.Values{"version": {"1"}, "second": {"yes"}}).want(t, http.StatusSeeOther)
	first.get(page).want(t, http.StatusOK, "Your opinion counts in", "Undo")
	makeDue(t, s)
	second.post(page+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	customer.get("/tickets/"+id).want(t, http.StatusOK, `data-status="processing"`)
	makeDue(t, s)
	customer.get("/tickets/"+id).want(t, http.StatusOK, `data-status="approved"`)
}

// TestOpinion_ProgramFirst has a key and a rule give the first opinion, where the form says that they may. The second is a person.
func TestOpinion_ProgramFirst(t *testing.T) {
	t.Parallel()
	s := startSecondWith(t, ", first: anyone")
	made := programs(t, s)
	first, other := made("first", account.Scopes...), made("other", account.Scopes...)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	const approve, reject = `{"decision":"approve","version":1,"note":"CANARY"}`, `{"decision":"reject","version":1,"reason":"other","comment":"no"}`
	decision := func(id string) string { return "/api/v1/tickets/" + id + "/decision" }

	ann := first.submit("ann", "1").ID
	first.post(decision(ann), `{"decision":"approve","version":2}`).refuses(t, http.StatusConflict, "stale_version")
	for range 2 {
		first.post(decision(ann), approve).want(t, http.StatusOK, `"status":"processing"`)
	}
	first.post(decision(ann), reject).refuses(t, http.StatusConflict, "ticket_held")
	other.post(decision(ann), approve).refuses(t, http.StatusConflict, "ticket_held") // one of the two is a person
	if blind := agent.get("/review/"+ann).want(t, http.StatusOK, "one opinion already").body; strings.Contains(blind, "CANARY") {
		t.Error("the agent sees what the program thinks")
	}
	agent.post("/review/"+ann+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	first.get("/api/v1/tickets/"+ann).want(t, http.StatusOK, `"status":"approved"`, `"decided_by":"agent:`)

	bob := first.submit("bob", "2").ID
	first.post(decision(bob), reject).want(t, http.StatusOK, `"status":"processing"`)
	agent.post("/review/"+bob+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	first.get("/api/v1/tickets/"+bob).want(t, http.StatusOK, `"status":"processing"`) // they disagree

	eve := first.submit("eve", "5").ID
	agent.post("/review/"+eve+"/claim", nil).want(t, http.StatusSeeOther)
	first.post(decision(eve), reject).refuses(t, http.StatusConflict, "ticket_held")

	young := strings.Replace(submission("cem"), "1990-01-31", "2020-01-31", 1)
	cem := read[ticketSeen](t, first.post("/api/v1/tickets", young, "Idempotency-Key", "3").want(t, http.StatusCreated))
	if cem.Status != "processing" {
		t.Fatalf("a rule alone decided: %+v", cem)
	}
	first.post(decision(cem.ID), reject).refuses(t, http.StatusConflict, "ticket_held")
	agent.post("/review/"+cem.ID+"/reject", url.Values{"version": {"1"}, "reason": {"underage"}, "comment": {"no"}}).want(t, http.StatusSeeOther)
	first.get("/api/v1/tickets/"+cem.ID).want(t, http.StatusOK, `"status":"rejected"`, `"decided_by":"agent:`)
	agent.get("/review/"+cem.ID).want(t, http.StatusOK, "underage")

	card := strings.NewReplacer("passport", "national_id").Replace(submission("dan"))
	dan := read[ticketSeen](t, first.post("/api/v1/tickets", card, "Idempotency-Key", "4").want(t, http.StatusCreated))
	first.post(decision(dan.ID), approve).want(t, http.StatusOK, `"status":"approved"`)
}
