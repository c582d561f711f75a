package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/testkit/testsite"
)

// stepsForm has a manager by the answer, security for one system, and a key at last for another.
const stepsForm = `name: access
title: Access
open_tickets_per_user: many
steps:
  - {name: manager, title: Your manager, who: answers.manager, stand_in: {after: 1d, team: leads}}
  - {name: security, title: Security, team: security, when: system == 'crm'}
  - {name: ledger, key: ledger, when: system == 'pay'}
decisions: {approve: {asks: [role]}}
fields:
  - {name: system, label: System, type: choice, required: true, options: [{value: crm, label: CRM}, {value: pay, label: Payroll}, {value: wiki, label: Wiki}]}
  - {name: role, label: Role, type: choice, required: true, options: [{value: reader, label: Reader}, {value: admin, label: Administrator}]}
  - {name: manager, label: Manager, type: email, required: true}
reasons:
  - {code: other, label: Other, class: retry, text: Not now.}
`

// joinTeam adds an account to a team.
func joinTeam(t *testing.T, s *testsite.Site, team, id string) {
	t.Helper()
	if _, err := s.Instances[0].Primary.Exec(t.Context(), "INSERT INTO team_members (team, account_id) VALUES ($1, $2)", team, id); err != nil {
		t.Fatal(err)
	}
}

// askAccess sends in the form of stepsForm and returns the id of the ticket.
func askAccess(b *browser, submission, system, manager string) string {
	b.t.Helper()
	got := b.post("/tickets", url.Values{"submission_id": {submission}, "system": {system}, "role": {"admin"}, "manager": {manager}}).want(b.t, http.StatusSeeOther)
	return strings.TrimPrefix(got.location(), "/tickets/")
}

func TestSteps_ManagerThenSecurity(t *testing.T) {
	t.Parallel()
	s := startForm(t, stepsForm, time.Minute)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	manager, _ := signedIn(t, s, "manager", account.Agent)
	security, securityID := signedIn(t, s, "security", account.Agent)
	other, _ := signedIn(t, s, "other", account.Agent)
	joinTeam(t, s, "security", securityID)
	id := askAccess(customer, someID, "crm", "Manager@Example.com")
	page, approve := "/review/"+id, url.Values{"version": {"1"}}
	customer.get("/tickets/"+id).want(t, http.StatusOK, "Step 1 of 2", "Your manager", "waiting since")
	for _, early := range []*browser{security, other} {
		early.get(page).want(t, http.StatusOK, "somebody else&#39;s turn", "manager@example.com")
		early.post(page+"/approve", approve).want(t, http.StatusConflict)
		early.post(page+"/reject", url.Values{"version": {"1"}, "reason": {"other"}}).want(t, http.StatusConflict)
		if body := early.get("/review").want(t, http.StatusOK).body; strings.Contains(body, page) || strings.Contains(body, `class="count"`) || strings.Contains(body, "oldest") {
			t.Error("a ticket is listed or counted whose step asks somebody else")
		}
		early.post("/review/next", nil).want(t, http.StatusSeeOther)
	}
	security.post(page+"/handover", url.Values{"to": {"other@example.com"}}).want(t, http.StatusUnprocessableEntity, "The step that waits asks somebody else.")
	manager.get("/review", "Cache-Control", "no-cache").want(t, http.StatusOK, page, "Step 1 of 2: Your manager", `In review <span class="count">1</span>`, `Mine <span class="count">1</span>`, "oldest")
	manager.get("/review?tab=mine").want(t, http.StatusOK, page)
	if next := manager.post("/review/next", nil).want(t, http.StatusSeeOther).location(); !strings.HasPrefix(next, page) {
		t.Fatalf("the manager is led to %s", next)
	}
	manager.post(page+"/approve", url.Values{"version": {"1"}, "grant": {"typed"}, "grant-role": {"reader"}, "note": {"known well"}}).want(t, http.StatusSeeOther)
	manager.post(page+"/undo", nil).want(t, http.StatusSeeOther)
	manager.post(page+"/approve", url.Values{"version": {"1"}, "grant": {"typed"}, "grant-role": {"reader"}, "note": {"known well"}}).want(t, http.StatusSeeOther)
	customer.get("/tickets/"+id).want(t, http.StatusOK, "Step 1 of 2")
	makeDue(t, s)
	customer.get("/tickets/"+id).want(t, http.StatusOK, `data-status="processing"`, "Step 2 of 2", "Security")
	manager.post(page+"/approve", approve).want(t, http.StatusConflict)
	security.get(page).want(t, http.StatusOK, "manager@example.com", "known well", "Reader", `name="grant-role" value="reader" checked`)
	program := programs(t, s)("all", account.Scopes...)
	program.post("/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":1}`).refuses(t, http.StatusConflict, "ticket_held")
	program.get("/api/v1/users/"+read[ticketSeen](t, program.get("/api/v1/tickets/"+id)).UserID+"/latest-ticket").want(t, http.StatusNotFound)
	security.post(page+"/approve", approve).want(t, http.StatusSeeOther)
	makeDue(t, s)
	customer.get("/tickets/"+id).want(t, http.StatusOK, `data-status="approved"`, "Reader")
	program.get("/api/v1/tickets/"+id).want(t, http.StatusOK, `"kind":"step_approved"`, `"step":"manager"`, `"role":"reader"`)
	security.get(page).want(t, http.StatusOK, "Your manager</bdi> approved by", "manager@example.com", "approved by <bdi>security@example.com</bdi>")
}

// A key counts where a step names it, and a rejection ends it at once.
func TestSteps_KeyAndRejection(t *testing.T) {
	t.Parallel()
	s := startForm(t, stepsForm, 0)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	manager, _ := signedIn(t, s, "manager", account.Agent)
	made := programs(t, s)
	ledger, other := made("ledger", account.Scopes...), made("other", account.Scopes...)
	const approve = `{"decision":"approve","version":1}`
	paid := askAccess(customer, someID, "pay", "manager@example.com")
	decision := "/api/v1/tickets/" + paid + "/decision"
	ledger.post(decision, approve).refuses(t, http.StatusConflict, "ticket_held")
	manager.post("/review/"+paid+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	manager.get("/review/"+paid).want(t, http.StatusOK, "Your approval is kept", "Now it is somebody else&#39;s turn.")
	manager.get("/review?decided="+paid).want(t, http.StatusOK, "Your approval is kept:", "Step 2 of 2: ledger")
	other.post(decision, approve).refuses(t, http.StatusConflict, "ticket_held")
	ledger.post(decision, approve).want(t, http.StatusOK, `"status":"approved"`, `"decided_by":"key:ledger"`)
	refused := askAccess(customer, "0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c002", "crm", "manager@example.com")
	manager.post("/review/"+refused+"/reject", url.Values{"version": {"1"}, "reason": {"other"}}).want(t, http.StatusSeeOther)
	customer.get("/tickets/"+refused).want(t, http.StatusOK, `data-status="rejected"`)
	alone := askAccess(customer, "0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c003", "wiki", "manager@example.com")
	manager.post("/review/"+alone+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	customer.get("/tickets/"+alone).want(t, http.StatusOK, `data-status="approved"`)
}

// TestSteps_ListIsShared has the list of one agent made first, then shows it to others to whom other steps are open.
func TestSteps_ListIsShared(t *testing.T) {
	t.Parallel()
	s := startForm(t, stepsForm, 0)
	customer, customerID := signedIn(t, s, "customer", account.Customer)
	manager, _ := signedIn(t, s, "manager", account.Agent)
	security, securityID := signedIn(t, s, "security", account.Agent)
	other, _ := signedIn(t, s, "other", account.Agent)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	joinTeam(t, s, "security", securityID)
	id := askAccess(customer, someID, "crm", "manager@example.com")
	for range 2 { // whoever is first has it made
		wantTexts(t, "another agent", other.refreshed(), "-"+id)
		wantTexts(t, "the manager", manager.refreshed(), id, "Step 1 of 2")
		wantTexts(t, "security, too early", security.refreshed(), "-"+id)
		wantTexts(t, "an admin", admin.refreshed(), id)
	}
	manager.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	for range 2 {
		wantTexts(t, "another agent, later", other.refreshed(), "-"+id)
		wantTexts(t, "security", security.refreshed(), id, "Step 2 of 2")
		wantTexts(t, "the manager, later", manager.refreshed(), "-"+id)
	}
	if _, err := s.Instances[0].Primary.Exec(t.Context(), "UPDATE accounts SET role = 'admin', version = version + 1 WHERE id = $1", customerID); err != nil {
		t.Fatal(err)
	}
	customer.login("customer@example.com")
	wantTexts(t, "the admin whose own it is", customer.refreshed(), "-"+id)
	wantTexts(t, "another admin", admin.refreshed(), id)
}

// TestSteps_PageIsFilled reads on past tickets that wait for others.
func TestSteps_PageIsFilled(t *testing.T) {
	t.Parallel()
	s := startForm(t, stepsForm, 0)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	manager, _ := signedIn(t, s, "manager", account.Agent)
	ids := make([]string, 6)
	for i := range ids {
		asked := "manager@example.com"
		if i < 4 {
			asked = "somebody@example.com"
		}
		ids[i] = askAccess(customer, uuid.NewString(), "wiki", asked)
	}
	first := manager.get("/review?limit=1").want(t, http.StatusOK, ids[4]).body
	wantTexts(t, "the first page", first, "-"+ids[0], "-"+ids[5], "cursor=")
	link := regexp.MustCompile(`href="(/review\?[^"]*cursor=[^"]*)"`)
	second := manager.get(html.UnescapeString(link.FindStringSubmatch(first)[1])).want(t, http.StatusOK, ids[5]).body
	wantTexts(t, "the second page", second, "-"+ids[4])
	if link.MatchString(second) {
		t.Error("a page follows the last")
	}
}

// TestSteps_MustExist refuses an address of nobody who can approve, at the field that it comes from: of no account, of a customer, of the user.
func TestSteps_MustExist(t *testing.T) {
	t.Parallel()
	s := startForm(t, strings.Replace(stepsForm, "who: answers.manager,", "who: answers.manager, must_exist: true,", 1), 0)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	_, managerID := signedIn(t, s, "manager", account.Agent)
	typed := url.Values{"submission_id": {someID}, "system": {"crm"}, "role": {"admin"}}
	for _, wrong := range []string{"manger@example.com", "customer@example.com"} {
		typed.Set("manager", wrong)
		customer.post("/tickets", typed).want(t, http.StatusUnprocessableEntity, `href="#field-manager"`, "This is the address of nobody who can approve it.", `value="`+wrong+`"`)
	}
	p := programs(t, s)("crm", account.Scopes...)
	answers := `{"user_id":"` + managerID + `","extra":{"system":"crm","role":"admin","manager":"manager@example.com"}}`
	p.post("/api/v1/tickets", answers, "Idempotency-Key", "one").refuses(t, http.StatusUnprocessableEntity, "invalid", "manager not_an_option")
	typed.Set("manager", " Manager@example.com")
	customer.post("/tickets", typed).want(t, http.StatusSeeOther)
}
