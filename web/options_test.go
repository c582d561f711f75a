package web_test

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

const secondID = "0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a77"

const branchForm = `name: branches
title: {en: Branches, vi: Chi nhánh}
languages: [en, vi]
open_tickets_per_user: many
fields:
  - {name: branch, label: {en: Branch, vi: Chi nhánh}, type: choice, options_from: branches.csv, required: true}
reasons:
  - {code: other, label: {en: Other, vi: Khác}, class: choose, text: ""}
`

// startBranches runs a form whose options stand in a file; it returns the path of that.
func startBranches(t *testing.T) (*testsite.Site, string) {
	t.Helper()
	return startWithBranches(t, branchForm)
}

// startWithBranches runs a form beside a file of options, whose path it returns.
func startWithBranches(t *testing.T, text string) (*testsite.Site, string) {
	t.Helper()
	folder := t.TempDir()
	options := filepath.Join(folder, "branches.csv")
	for path, text := range map[string]string{
		options: "value,label,label_vi\nHN-1,Hanoi centre,Hà Nội\nDN-2,Da Nang harbour,Đà Nẵng\n", filepath.Join(folder, "form.yaml"): text,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := formfile.Load(filepath.Join(folder, "form.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return testsite.Start(t, f, 1, testdb.New(t)), options
}

// TestOptions_InAnApproval has an agent search among the options of a question that approvals are asked.
func TestOptions_InAnApproval(t *testing.T) {
	t.Parallel()
	s, _ := startWithBranches(t, branchForm+"decisions:\n  approve:\n    asks: [branch]\n")
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	at := customer.post("/tickets", url.Values{"submission_id": {someID}, "branch": {"HN-1"}}).want(t, 303).location()
	agent.get("/review"+at[len("/tickets"):]).want(t, 200, `hx-get="/tickets/new/options?field=grant-branch"`)
	agent.get("/tickets/new/options?field=grant-branch&grant-branch=da+nang").want(t, 200, `data-option="DN-2"`, `id="field-grant-branch-found"`)
}

func TestOptions_FromAFile(t *testing.T) {
	t.Parallel()
	s, options := startBranches(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	customer.get("/tickets/new").want(t, 200, `hx-get="/tickets/new/options?field=branch"`, `name="branch"`)
	customer.get("/tickets/new/options?field=branch&q=hanoi").want(t, 200, `data-option="HN-1"`, "Hanoi centre").lacks(t, "DN-2")
	customer.get("/tickets/new/options?field=branch&branch=da+nang").want(t, 200, `data-option="DN-2"`)
	customer.get("/tickets/new/options?field=branch&q=HN-1").want(t, 200, "Hanoi centre").lacks(t, "data-option")
	customer.get("/tickets/new/options?field=branch&q=zzz").want(t, 200, "No option has these words.")
	customer.get("/tickets/new/options?field=other&q=a").want(t, 404)
	customer.post("/tickets", url.Values{"submission_id": {someID}, "branch": {"harbour"}}).want(t, 422, "Did you mean DN-2?", `value="harbour"`)
	path := customer.post("/tickets", url.Values{"submission_id": {someID}, "branch": {"HN-1"}}).want(t, 303).location()
	customer.get(path).want(t, 200, "Hanoi centre")
	agent.get("/review"+path[len("/tickets"):]).want(t, 200, "Hanoi centre")
	agent.get("/review").want(t, 200).lacks(t, "a.branch")

	if err := os.WriteFile(options, []byte("value,label\nHP-3,Haiphong\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	readAgain(t, s)
	customer.post("/tickets", url.Values{"submission_id": {secondID}, "branch": {"HN-1"}}).want(t, 422)
	customer.get(path).want(t, 200, "HN-1") // the value of a ticket stays
	if err := os.WriteFile(options, []byte("value,label\nHP-3,Haiphong,Port\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	readAgain(t, s)
	customer.post("/tickets", url.Values{"submission_id": {secondID}, "branch": {"HP-3"}}).want(t, 303)
	admin.get("/admin/form").want(t, 200, "branches.csv", "1 option", "line 2: this line has another number of columns")
}

// inRowForm asks in each row for an option of a file and for an amount.
const inRowForm = `name: shops
title: Shops
open_tickets_per_user: many
fields:
  - name: shops
    label: Shops
    type: group
    many: 3
    min: 1
    row_label: Shop
    fields:
      - {name: branch, label: Branch, type: choice, options_from: branches.csv, required: true}
      - {name: turnover, label: Turnover, type: money, currency: [EUR, VND], min: 1}
`

// TestOptions_InRows asks for options of a file and for amounts in the rows of a group.
func TestOptions_InRows(t *testing.T) {
	t.Parallel()
	s, options := startWithBranches(t, inRowForm)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	customer.get("/tickets/new").want(t, 200, `hx-get="/tickets/new/options?field=shops.0.branch"`, `name="shops.0.turnover.value"`, `name="shops.0.turnover.currency"`)
	customer.get("/tickets/new/options?field=shops.1.branch&shops.1.branch=hanoi").want(t, 200, `data-option="HN-1"`, `id="field-shops-1-branch-found"`)
	sent := url.Values{
		"submission_id": {someID}, "shops": {"0", "2"}, "shops.0.branch": {"HN-1"}, "shops.0.turnover.value": {"12.50"}, "shops.0.turnover.currency": {"EUR"},
		"shops.2.branch": {"harbour"}, "shops.2.turnover.value": {"0.5"}, "shops.2.turnover.currency": {"EUR"},
	}
	customer.post("/tickets", sent).want(t, 422, "Shop 2 · Branch: None of the options has this value. Did you mean DN-2?", `name="shops.2.turnover.value"`, `value="0.5"`)
	sent.Set("shops.2.branch", "DN-2")
	sent.Set("shops.2.turnover.value", "")
	path := customer.post("/tickets", sent).want(t, 303).location()
	customer.get(path).want(t, 200, "Hanoi centre", "12.50\u00a0EUR", "Da Nang harbour")
	agent.get("/review"+path[len("/tickets"):]).want(t, 200, "Hanoi centre", "12.50\u00a0EUR", "Da Nang harbour")

	if err := os.WriteFile(options, []byte("value,label\nHP-3,Haiphong\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	readAgain(t, s)
	sent.Set("submission_id", secondID)
	customer.post("/tickets", sent).want(t, 422)
	sent.Set("shops.0.branch", "HP-3")
	sent.Set("shops.2.branch", "HP-3")
	customer.post("/tickets", sent).want(t, 303)
	admin.get("/admin/form").want(t, 200, "branches.csv", "1 option")
}

// readAgain lets the first instance read its files of options: it does so when it has seen a change twice.
func readAgain(t *testing.T, s *testsite.Site) {
	t.Helper()
	for _, list := range s.Instances[0].Web.Form.OptionLists() {
		list.Refresh()
		list.Refresh()
	}
}
