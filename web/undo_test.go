package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// startUndo runs a site on which a decision can be undone for a minute.
func startUndo(t *testing.T) *testsite.Site {
	t.Helper()
	minute := time.Minute
	return testsite.StartWith(t, testdb.NewWithReplica(t), app.Config{Undo: &minute})
}

// makeDue makes every pending decision due now, and waits until an instance has made it.
func makeDue(t *testing.T, s *testsite.Site) {
	t.Helper()
	primary := s.Instances[0].Primary
	if _, err := primary.Exec(t.Context(), "UPDATE pending_decisions SET due_at_ms = now_ms() WHERE due_at_ms IS NOT NULL"); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); ; {
		var left int
		if err := primary.QueryRow(t.Context(), "SELECT count(*) FROM pending_decisions WHERE due_at_ms IS NOT NULL").Scan(&left); err != nil {
			t.Fatal(err)
		}
		if left == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d decisions are still pending", left)
		}
	}
}

// Until a decision is due nobody learns of it outside of the console, and nobody else decides.
func TestUndo_HiddenUntilDue(t *testing.T) {
	t.Parallel()
	s := startUndo(t)
	customer, user := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	colleague, _ := signedIn(t, s, "colleague", account.Agent)
	program := programs(t, s)("all", account.Scopes...)
	id := customer.submit(someID)
	page := "/review/" + id
	before := program.get("/api/v1/tickets/"+id).want(t, http.StatusOK).body
	agent.post(page+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	if after := program.get("/api/v1/tickets/"+id).want(t, http.StatusOK).body; after != before {
		t.Errorf("a program sees a difference:\n%s\n%s", before, after)
	}
	program.get("/api/v1/users/"+user+"/latest-ticket", "Cache-Control", "no-cache").want(t, http.StatusNotFound)
	customer.get("/tickets/"+id).want(t, http.StatusOK, `data-status="processing"`)
	program.post("/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":1}`).want(t, http.StatusConflict, "ticket_held")
	colleague.post(page+"/reject", url.Values{"version": {"1"}, "reason": {"name_mismatch"}, "comment": {"x"}}).want(t, http.StatusConflict, "<bdi>agent@example.com</bdi> decided this ticket")
	colleague.post(page+"/undo", nil).want(t, http.StatusConflict, "Only whoever decided can undo it")
	colleague.post(page+"/claim", nil).want(t, http.StatusConflict)
	colleague.post("/review/next", nil).want(t, http.StatusSeeOther)
	if body := colleague.get("/review").want(t, http.StatusOK).body; strings.Contains(body, id) {
		t.Error("the queue offers a ticket whose decision is pending")
	}
	agent.get(page).want(t, http.StatusOK, "Your decision goes out in", "Undo", "Send now")
	agent.get("/review").want(t, http.StatusOK, `id="toast"`, "Approved: ", page+"/undo")
	makeDue(t, s)
	program.get("/api/v1/users/"+user+"/latest-ticket", "Cache-Control", "no-cache").want(t, http.StatusOK, id)
	agent.post(page+"/undo", nil).want(t, http.StatusConflict, "Too late to undo")
}

// What was undone is decided anew, with what was typed before.
func TestUndo_DecidedAgain(t *testing.T) {
	t.Parallel()
	s := startUndo(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	id := customer.submit(someID)
	page := "/review/" + id
	rejection := url.Values{"version": {"1"}, "reason": {"name_mismatch"}, "comment": {"The name is another one."}, "note": {"odd"}}
	agent.post(page+"/reject", rejection).want(t, http.StatusSeeOther)
	agent.post(page+"/reject", rejection).want(t, http.StatusSeeOther) // a double click
	agent.post(page+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusConflict, "You have decided this ticket already")
	for _, shown := range []string{page + "?list=sort%3Dnewest", "/review?sort=newest"} {
		body := agent.get(shown).want(t, http.StatusOK).body
		_, undo, _ := strings.Cut(body, `action="`+page+`/undo"`)
		if undo, _, _ = strings.Cut(undo, "</form>"); !strings.Contains(undo, `name="list" value="sort=newest"`) {
			t.Errorf("%s does not undo into its list: %s", shown, undo)
		}
	}
	back := agent.post(page+"/undo", url.Values{"list": {"sort=newest"}}).want(t, http.StatusSeeOther).location()
	if want := page + "?list=sort%3Dnewest"; back != want {
		t.Errorf("undo goes to %s, want %s", back, want)
	}
	agent.get(page).want(t, http.StatusOK, "The name is another one.", ">odd</textarea>", "Yours while this page is open")
	agent.get("/admin/audit").want(t, http.StatusForbidden)
	agent.post(page+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	makeDue(t, s)
	customer.get("/tickets/"+id).want(t, http.StatusOK, `data-status="approved"`)
	var undone int
	if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT count(*) FROM audit WHERE action = 'decision_undone' AND object = 'ticket:' || $1", id).Scan(&undone); err != nil || undone != 1 {
		t.Errorf("%d undone decisions in the audit, %v", undone, err)
	}
}

func TestUndo_SendNow(t *testing.T) {
	t.Parallel()
	s := startUndo(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	id := customer.submit(someID)
	page := "/review/" + id
	agent.post(page+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	toast := agent.post(page+"/send", url.Values{"part": {"toast"}}, "HX-Request", "true").want(t, http.StatusOK, `id="toast"`)
	if strings.Contains(toast.body, "<main") || strings.Contains(toast.body, "/undo") {
		t.Errorf("the answer is more than the toast: %s", toast.body)
	}
	customer.get("/tickets/"+id).want(t, http.StatusOK, `data-status="approved"`)
	if got := agent.post(page+"/send", url.Values{"next": {"/review?sort=newest"}}).want(t, http.StatusSeeOther).location(); got != "/review?sort=newest" {
		t.Errorf("sent again, it leads to %s", got)
	}

	undone := customer.submit("0192f0c0-1111-7222-8333-000000000002")
	agent.post("/review/"+undone+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	agent.post("/review/"+undone+"/undo", nil).want(t, http.StatusSeeOther)
	agent.post("/review/"+undone+"/send", nil).want(t, http.StatusConflict, "The ticket has changed")
}

func TestUndo_Withdrawn(t *testing.T) {
	t.Parallel()
	s := startUndo(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	id := customer.submit(someID)
	agent.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	customer.post("/tickets/"+id+"/withdraw", nil).want(t, http.StatusSeeOther)
	agent.post("/review/"+id+"/undo", nil).want(t, http.StatusConflict, "Too late to undo", "Withdrawn on")
	makeDue(t, s)
	customer.get("/tickets/"+id).want(t, http.StatusOK, `data-status="withdrawn"`)
}

// The instance that took a decision may be gone: another one makes it.
func TestUndo_OtherInstance(t *testing.T) {
	t.Parallel()
	s := startUndo(t)
	customer, user := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	program := programs(t, s)("all", account.Scopes...)
	program.get("/api/v1/users/"+user+"/latest-ticket").want(t, http.StatusNotFound) // remembered
	id := customer.submit(someID)
	agent.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	other := testsite.StartWith(t, s.DB, app.Config{})
	makeDue(t, other)
	program.get("/api/v1/users/"+user+"/latest-ticket", "Cache-Control", "no-cache").want(t, http.StatusOK, id)
}
