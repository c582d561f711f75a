package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// grantForm asks an approval for a role, which it proposes, and for an end, which it asks of one system.
const grantForm = `name: access
title: Access
open_tickets_per_user: many
decisions:
  approve:
    asks:
      - role
      - {name: ends, label: Access ends, type: date, min: today, when: system == 'crm', required: true}
fields:
  - {name: system, label: System, type: choice, required: true, options: [{value: crm, label: CRM}, {value: wiki, label: Wiki}]}
  - {name: role, label: Role, type: choice, required: true, options: [{value: reader, label: Reader}, {value: admin, label: Administrator}]}
reasons:
  - {code: other, label: Other, class: retry, text: Not now.}
rules:
  - {name: wiki, when: system == 'wiki' && role == 'reader', decide: reject, reason: other, shadow: true}
`

// startForm runs a site with this form. Decisions can be undone for so long.
func startForm(t *testing.T, text string, undo time.Duration) *testsite.Site {
	t.Helper()
	f, err := formfile.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return testsite.StartWith(t, testdb.NewWithReplica(t), app.Config{Form: f, Undo: &undo})
}

// ask sends in the form of grantForm and returns the path of the ticket.
func ask(b *browser, id, system, role string) string {
	b.t.Helper()
	got := b.post("/tickets", url.Values{"submission_id": {id}, "system": {system}, "role": {role}}).want(b.t, http.StatusSeeOther)
	return got.location()
}

func TestGrant_Page(t *testing.T) {
	t.Parallel()
	s := startForm(t, grantForm, time.Minute)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	path := ask(customer, someID, "crm", "admin")
	page := "/review" + strings.TrimPrefix(path, "/tickets")
	agent.get(page).want(t, http.StatusOK, "What you approve", "Access ends", `name="grant-role" value="admin" checked`)
	typed := url.Values{"version": {"1"}, "note": {"a note"}, "grant": {"typed"}, "grant-role": {"reader"}, "grant-ends": {"2001-01-01"}}
	refused := agent.post(page+"/approve", typed).want(t, http.StatusUnprocessableEntity, "a note", `name="grant-role" value="reader" checked`, `value="2001-01-01"`).body
	if !strings.Contains(refused, `aria-invalid="true"`) {
		t.Error("the end is not marked as wrong")
	}
	agent.post(page+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusUnprocessableEntity)
	typed.Set("grant-ends", "2040-01-01")
	agent.post(page+"/approve", typed).want(t, http.StatusSeeOther)
	agent.post(page+"/undo", nil).want(t, http.StatusSeeOther)
	agent.get(page).want(t, http.StatusOK, `name="grant-role" value="reader" checked`, `value="2040-01-01"`)
	customer.get(path).want(t, http.StatusOK, `data-status="processing"`)
	agent.post(page+"/approve", typed).want(t, http.StatusSeeOther)
	makeDue(t, s)
	customer.get(path).want(t, http.StatusOK, `data-status="approved"`, "What was approved", "Reader", "Access ends")
	agent.get(page).want(t, http.StatusOK, "Access ends")
	agent.get("/review/export.csv?status=approved").want(t, http.StatusOK, "Granted: Role", "Reader")
}

// A key or a bulk approval needs nothing typed where everything is proposed, and is refused otherwise.
func TestGrant_Proposed(t *testing.T) {
	t.Parallel()
	s := startForm(t, grantForm, 0)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	wiki := strings.TrimPrefix(ask(customer, someID, "wiki", "admin"), "/tickets/")
	crm := strings.TrimPrefix(ask(customer, "0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c002", "crm", "admin"), "/tickets/")
	results := agent.post("/review/bulk", url.Values{"id": {wiki, crm}, "do": {"approve"}}).want(t, http.StatusSeeOther).location()
	agent.get(results).want(t, http.StatusOK, "1 approved", "Its approval asks for something")
	customer.get("/tickets/"+wiki).want(t, http.StatusOK, `data-status="approved"`, "What was approved", "Administrator")

	program := programs(t, s)("all", account.Scopes...)
	decision := "/api/v1/tickets/" + crm + "/decision"
	program.post(decision, `{"decision":"approve","version":1}`).want(t, http.StatusUnprocessableEntity, `"grant.ends"`, "required")
	program.post(decision, `{"decision":"approve","version":1,"grant":{"ends":"2040-01-01","role":"owner"}}`).want(t, http.StatusUnprocessableEntity, `"grant.role"`)
	program.post(decision, `{"decision":"approve","version":1,"grant":{"ends":"2040-01-01","rol":"reader"}}`).want(t, http.StatusUnprocessableEntity, `"grant.rol"`, "unknown_field")
	program.post(decision, `{"decision":"reject","version":1,"reason":"other","grant":{}}`).want(t, http.StatusUnprocessableEntity, "unexpected")
	const approve = `{"decision":"approve","version":1,"grant":{"ends":"2040-01-01","role":"reader"}}`
	for range 2 {
		program.post(decision, approve).want(t, http.StatusOK, `"ends":"2040-01-01"`, `"role":"reader"`)
	}
	program.get("/api/v1/tickets/"+crm).want(t, http.StatusOK, `"grant":{`, `"ends":"2040-01-01"`)
	decides := programs(t, s)("decides", account.DecisionsWrite)
	if body := decides.post(decision, approve).want(t, http.StatusConflict).body; strings.Contains(body, "2040") {
		t.Error("a key that reads no tickets is shown what was granted")
	}
}
