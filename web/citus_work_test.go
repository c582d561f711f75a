package web_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testsite"
)

// TestCitus_Steps has a manager, then a team, and of another ticket a key approve on a Citus cluster, lists and counts what waits in the steps, and reminds of it.
func TestCitus_Steps(t *testing.T) {
	f, err := formfile.Parse([]byte(strings.Replace(stepsForm, "team: security,", "team: security, remind: 1m,", 1)))
	if err != nil {
		t.Fatal(err)
	}
	s := startCitus(t, app.Config{Form: f, Undo: new(time.Minute)})
	run := uuid.NewString()
	customer, customerID := signedIn(t, s, "customer-"+run, account.Customer)
	manager, _ := signedIn(t, s, "manager-"+run, account.Agent)
	security, securityID := signedIn(t, s, "security-"+run, account.Agent)
	joinTeam(t, s, "security", securityID)
	id := askAccess(customer, run, "crm", "manager-"+run+"@example.com")
	page, approve := "/review/"+id, url.Values{"version": {"1"}}
	security.get(page).want(t, http.StatusOK, "somebody else&#39;s turn")
	security.post(page+"/approve", approve).want(t, http.StatusConflict)
	manager.get("/review", "Cache-Control", "no-cache").want(t, http.StatusOK, page, "Step 1 of 2: Your manager", `In review <span class="count">1</span>`, `Mine <span class="count">1</span>`)
	manager.post(page+"/approve", approve).want(t, http.StatusSeeOther)
	makeDue(t, s)
	customer.get("/tickets/"+id).want(t, http.StatusOK, `data-status="processing"`, "Step 2 of 2", "Security")
	manager.post(page+"/approve", approve).want(t, http.StatusConflict)
	security.get("/review?tab=team").want(t, http.StatusOK, page)
	manager.get("/review?tab=team").lacks(t, page)
	if err := remindSteps(t, s); err != nil {
		t.Fatal(err)
	}
	security.post(page+"/approve", approve).want(t, http.StatusSeeOther)
	makeDue(t, s)
	customer.get("/tickets/"+id).want(t, http.StatusOK, `data-status="approved"`)

	paid := askAccess(customer, uuid.NewString(), "pay", "manager-"+run+"@example.com")
	manager.post("/review/"+paid+"/approve", approve).want(t, http.StatusSeeOther)
	makeDue(t, s)
	ledger := program{t: t, url: s.URL, key: s.Key(t, "ledger", account.Scopes...), doc: describe(t, s)}
	ledger.post("/api/v1/tickets/"+paid+"/decision", `{"decision":"approve","version":1}`).want(t, http.StatusOK, `"status":"approved"`, `"decided_by":"key:ledger"`)

	waits := askAccess(customer, uuid.NewString(), "crm", "manager-"+run+"@example.com")
	manager.post("/review/"+waits+"/approve", approve).want(t, http.StatusSeeOther)
	makeDue(t, s)
	remindOnce(t, s, waits, customerID, securityID)
	if next := security.post("/review/next", nil).want(t, http.StatusSeeOther).location(); !strings.HasPrefix(next, "/review/"+waits) {
		t.Errorf("the next ticket with steps is at %s, want %s", next, waits)
	}
	wantNoError(t, s)
}

// remindOnce has the open step of a ticket have waited since long ago, and reminds its agent once, and not while somebody else does.
func remindOnce(t *testing.T, s *testsite.Site, id, user, agent string) {
	t.Helper()
	const open = " WHERE user_id = $1 AND ticket_id = $2 AND since_ms IS NOT NULL"
	remind := func() error { return remindSteps(t, s) }
	written := func(want int, when string) {
		t.Helper()
		if n := count(t, s, "SELECT count(*) FROM outbox WHERE kind = 'step' AND account_id = $1 AND ticket_id = $2", agent, id); n != want {
			t.Errorf("%d e-mails about a step that has waited %s, want %d", n, when, want)
		}
	}
	execute(t, s, "UPDATE approval_steps SET since_ms = since_ms - 3600000"+open, user, id)
	if err := whileChanging(t, s, remind, "UPDATE approval_steps SET reminded_at_ms = 1"+open, user, id); err != nil {
		t.Fatal(err)
	}
	written(0, "while another instance reminds of it")
	execute(t, s, "UPDATE approval_steps SET reminded_at_ms = NULL"+open, user, id)
	if err := errors.Join(remind(), remind()); err != nil {
		t.Fatal(err)
	}
	written(1, "and was reminded of twice")
}
