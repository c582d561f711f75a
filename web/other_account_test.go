package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/form"
)

func TestOtherAccount_EveryForm(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, role := range []account.Role{account.Customer, account.Agent, account.Admin} {
		b, id := signedIn(t, s, string(role), role)
		for _, path := range postRoutes(t, s.Instances[0].Web) {
			if strings.HasPrefix(path, "/api/") || path == "/oidc/backchannel-logout" { // other systems send these
				continue
			}
			if strings.HasPrefix(path, "/s/") { // of submission links, where no account counts: TestLink_Browsers
				continue
			}
			page := b.post(path, url.Values{form.AccountInput: {uuid.NewString()}}).want(t, http.StatusConflict, string(role)+"@example.com")
			if page.header.Get("HX-Retarget") != "" {
				t.Errorf("%s: a page has a target", path)
			}
			part := b.post(path, url.Values{form.AccountInput: {uuid.NewString()}}, "HX-Request", "true").want(t, http.StatusConflict)
			if part.header.Get("HX-Retarget") != "#notice" {
				t.Errorf("%s: the fragment replaces what was typed", path)
			}
			if path == "/logout" {
				continue // it would be obeyed
			}
			for _, named := range []url.Values{nil, {form.AccountInput: {id}}} {
				if got := b.post(path, named); strings.Contains(got.body, "made for another account") {
					t.Errorf("%s by a page of %s for %q: %d", path, role, named, got.status)
				}
			}
		}
	}
	if !strings.Contains(s.Log.String(), `"code":"other_account"`) {
		t.Error("the log does not say other_account")
	}
}

func TestOtherAccount_StoresNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	_, before := signedIn(t, s, "before", account.Customer)
	b, _ := signedIn(t, s, "after", account.Customer)
	given := answers(someID)
	given.Set(form.AccountInput, before)
	b.post("/tickets", given).want(t, http.StatusConflict, "What you typed", ">Nguyễn Văn A</textarea>")
	b.post("/tickets/new", given, account.Background, "1").want(t, http.StatusConflict)
	picked := []chosen{{"document_front", "front.jpg", photo()}}
	for _, path := range []string{"/tickets", "/tickets/new", "/files/document_front"} {
		b.postFiles(path, url.Values{form.AccountInput: {before}, "submission_id": {someID}}, picked).want(t, http.StatusConflict, "after@example.com")
	}
	for _, table := range []string{"tickets", "files", "drafts"} {
		if n := rows(t, s, table); n != 0 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
	given.Del(form.AccountInput)
	b.post("/tickets", given).want(t, http.StatusSeeOther)
}

func TestOtherAccount_DecidesNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	id := customer.submit(someID)
	_, before := signedIn(t, s, "before", account.Agent)
	agent, own := signedIn(t, s, "after", account.Agent)
	decision := url.Values{"version": {"1"}, "reason": {"blurry"}, "note": {"typed"}, form.AccountInput: {before}}
	for _, path := range []string{"/approve", "/reject", "/claim"} {
		agent.post("/review/"+id+path, decision).want(t, http.StatusConflict, "after@example.com", ">typed</textarea>")
	}
	customer.get("/tickets/"+id).want(t, 200, `data-status="processing"`)
	if n := rows(t, s, "claims"); n != 0 {
		t.Errorf("%d claims", n)
	}
	decision.Set(form.AccountInput, own)
	agent.post("/review/"+id+"/approve", decision).want(t, http.StatusSeeOther)
}
