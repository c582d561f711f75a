package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/form/formfile"
)

// TestCitus_Steps has a manager and then a team approve a ticket on a Citus cluster, and counts what waits in the steps.
func TestCitus_Steps(t *testing.T) {
	f, err := formfile.Parse([]byte(stepsForm))
	if err != nil {
		t.Fatal(err)
	}
	s := startCitus(t, app.Config{Form: f, Undo: new(time.Minute)})
	run := uuid.NewString()
	customer, _ := signedIn(t, s, "customer-"+run, account.Customer)
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
	security.post(page+"/approve", approve).want(t, http.StatusSeeOther)
	makeDue(t, s)
	customer.get("/tickets/"+id).want(t, http.StatusOK, `data-status="approved"`)
	wantNoError(t, s)
}
