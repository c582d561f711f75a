package web_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// startLooks runs a site on which every decided ticket is drawn for a second look.
func startLooks(t *testing.T) *testsite.Site {
	t.Helper()
	f, err := formfile.Parse(bytes.Replace(testsite.FormFile(), []byte("undo_seconds: 10\n"), []byte("second_look: 100%\n"), 1))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.NewWithReplica(t))
	drawLooks(t, s)
	return s
}

// drawLooks draws of what was decided before now.
func drawLooks(t *testing.T, s *testsite.Site) {
	t.Helper()
	for begin := time.Now(); ; {
		if err := s.Instances[0].Looks.Draw(t.Context()); err != nil {
			t.Fatal(err)
		}
		if time.Since(begin) > 2*time.Millisecond {
			return
		}
	}
}

func TestSecondLook_Blind(t *testing.T) {
	t.Parallel()
	s := startLooks(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	first, _ := signedIn(t, s, "first", account.Agent)
	second, secondID := signedIn(t, s, "second", account.Agent)
	third, _ := signedIn(t, s, "third", account.Agent)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	id := customer.submit(someID)
	page, look := "/review/"+id, "/review/"+id+"/second-look"
	second.get(look).want(t, http.StatusNotFound)
	first.post(page+"/reject", url.Values{"version": {"1"}, "reason": {"name_mismatch"}, "comment": {"CANARY comment"}, "note": {"CANARY note"}}).want(t, http.StatusSeeOther)
	drawLooks(t, s)
	first.get("/review/second-looks").want(t, http.StatusOK, "Nothing to look at again")
	first.get(look).want(t, http.StatusSeeOther)
	second.get("/review").want(t, http.StatusOK, "/review/second-looks")
	list := second.get("/review/second-looks").want(t, http.StatusOK, look)
	blind := second.get(look).want(t, http.StatusOK, "What would you have decided?")
	for _, secret := range []string{"CANARY", `data-status="rejected"`, "first@example.com"} {
		for name, body := range map[string]string{"list": list.body, "ticket": blind.body} {
			if strings.Contains(body, secret) {
				t.Errorf("the %s of the second agent has %q", name, secret)
			}
		}
	}
	third.get(look).want(t, http.StatusSeeOther) // second has it
	second.post(look, url.Values{"verdict": {"reject"}}).want(t, http.StatusUnprocessableEntity, "Choose a reason")
	second.post(look, url.Values{"verdict": {"maybe"}}).want(t, http.StatusBadRequest)
	second.post(look, url.Values{"verdict": {"approve"}, "note": {"CANARY look"}}).want(t, http.StatusSeeOther)
	second.get(look).want(t, http.StatusSeeOther)
	second.get(page).want(t, http.StatusOK, "The second look differs", "first@example.com", "CANARY look", "Next second look", `data-status="rejected"`)
	second.get("/review/second-looks").want(t, http.StatusOK, page, "Nothing to look at again")
	customer.get("/tickets/"+id).want(t, http.StatusOK, `data-status="rejected"`, "CANARY comment")
	admin.get("/review/disagreed").want(t, http.StatusOK, page, "Second looks that differ", "second@example.com")
	done := map[audit.Action]int{}
	for until := time.Now().Add(patience); done[audit.LookGiven] == 0 && time.Now().Before(until); { // the audit is written soon
		entries, _, err := s.Instances[0].Audit.List(t.Context(), audit.Filter{Actor: "agent:" + secondID, From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour), Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		clear(done)
		for _, e := range entries {
			if e.Object == "ticket:"+id {
				done[e.Action]++
			}
		}
	}
	if done[audit.LookOpened] != 2 || done[audit.LookGiven] != 1 {
		t.Errorf("the audit has %v, want two openings and a second look", done)
	}
}

// Whoever has opened the decided ticket knows the decision.
func TestSecondLook_NotAfterOpening(t *testing.T) {
	t.Parallel()
	s := startLooks(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	first, _ := signedIn(t, s, "first", account.Agent)
	second, _ := signedIn(t, s, "second", account.Agent)
	id := customer.submit(someID)
	first.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	drawLooks(t, s)
	if to := second.post("/review/second-looks", nil).want(t, http.StatusSeeOther).location(); to != "/review/"+id+"/second-look" {
		t.Errorf("the next second look is %q", to)
	}
	second.get("/review/"+id).want(t, http.StatusOK)
	for until := time.Now().Add(patience); time.Now().Before(until); { // the audit is written soon
		if second.post("/review/second-looks", nil).want(t, http.StatusSeeOther).location() == "/review/second-looks" {
			return
		}
	}
	t.Error("the look is still offered")
}
