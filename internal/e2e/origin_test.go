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
