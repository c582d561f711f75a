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
