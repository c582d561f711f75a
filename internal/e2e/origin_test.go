package e2e

import (
	"strings"
	"testing"

	"docket/internal/account"
)

// TestOrigin_PlainHTTPName signs in and out under a name by plain http, where a browser sends no Sec-Fetch headers.
func TestOrigin_PlainHTTPName(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	email, _ := s.Account(t, "ann", account.Customer)
	p := open(t, strings.Replace(s.URL, "127.0.0.1", "tickets.test", 1)+"/login", noScript)
	p.signIn(email)
	p.press("Sign out")
	p.seeHeading("Sign in")
}

func TestSignOut_HidesOtherTabs(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p, _ := openAsCustomer(t, s, "ann")
	other := p.newTab(s.URL + "/tickets")
	other.seeText("ann@example.com")
	p.press("Sign out")
	p.seeHeading("Sign in")
	other.seeHeading("Sign in")
	other.seeNoText("ann@example.com")
	other.at("/login")
}

// newTab opens an address in another tab of the same browser.
func (p *page) newTab(address string) *page {
	p.t.Helper()
	tab, err := p.Context().NewPage()
	p.must(err, "open another tab")
	other := &page{Page: tab, t: p.t, watch: p.watch, expect: p.expect}
	other.visit(address)
	return other
}

// TestOtherAccount_KeepsTyped signs in as somebody else in another tab. What an open page sends then is not obeyed, and what was
// typed stays on it.
func TestOtherAccount_KeepsTyped(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	customer, _ := openAsCustomer(t, s, "customer")
	customer.submit()
	agent := openAsAgent(t, s, "first")
	s.Account(t, "second", account.Agent)
	agent.press("Take next N")
	agent.at("/review/[0-9a-f-]{36}")
	agent.fill("Internal note (optional)", "looks fine")
	_, err := agent.Evaluate(hideable + "; hide(true)") // as a tab in the background is, which hears of nothing
	agent.must(err, "hide the page")
	agent.newTab(s.URL + "/login").signIn("second@example.com")
	agent.expectStatus(409)
	agent.press("Approve A")
	agent.seeText("You are signed in as second@example.com")
	agent.seeValue("Internal note (optional)", "looks fine")
	customer.visit("/tickets")
	customer.seeText("In review")
}

func TestOtherAccount_DraftNotSaved(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p, _ := openAsCustomer(t, s, "first")
	s.Account(t, "second", account.Customer)
	p.visit("/tickets/new")
	p.newTab(s.URL + "/login").signIn("second@example.com")
	p.expectStatus(409)
	p.fill("Full name", "Nguyễn Văn A")
	p.seeText("You are signed in as second@example.com")
	p.seeValue("Full name", "Nguyễn Văn A")
	drafts := 0
	if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT count(*) FROM drafts").Scan(&drafts); err != nil || drafts != 0 {
		t.Errorf("%d drafts, %v", drafts, err)
	}
}
