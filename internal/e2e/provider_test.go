package e2e

import (
	"testing"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testprovider"
	"docket/internal/testkit/testsite"
)

// TestProvider_Journey: a customer and an agent sign in at the provider of zitadel/oidc, and the agent decides and signs out.
func TestProvider_Journey(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]option{"phone": {phone}, "desktop": {desktop, dark}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			provider := testprovider.Start(t,
				testprovider.User{ID: "sub-agent", Name: "linh", Email: "linh@example.com", Groups: []string{"agents"}},
				testprovider.User{ID: "u-1042", Name: "ann", Email: "ann@example.com", Groups: []string{"customers"}},
				testprovider.User{ID: "sub-stranger", Name: "bob", Email: "bob@example.com"},
			)
			s := testsite.StartWith(t, testdb.New(t), app.Config{Provider: provider.Config(), StaffFactor: true, Local: account.LocalCustomers})
			customer := open(t, s.URL, options...)
			customer.look("login-provider-away")
			provider.Run(t, s.URL)
			for customer.visible("Example cannot be reached at the moment. Try again in a minute.") {
				customer.visit("/login")
			}
			customer.look("login-provider")
			customer.signInAtProvider("ann")
			customer.at("/tickets.*")

			agent := open(t, s.URL, options...)
			agent.signInAtProvider("linh")
			agent.at("/review")
			agent.follow("linh@example.com")
			agent.seeText("You sign in with Example")
			agent.look("account-provider")
			agent.press("Sign out")
			agent.at("/login")
			agent.visit("/review")
			agent.at("/login")

			stranger := open(t, s.URL, options...)
			stranger.expectStatus(403)
			stranger.signInAtProvider("bob")
			stranger.seeText("has no access to this site")
			stranger.look("login-provider-no-access")
		})
	}
}

// signInAtProvider goes from the sign-in page to the provider, and signs in there.
func (p *page) signInAtProvider(name string) {
	p.t.Helper()
	p.follow("Sign in with Example")
	p.fill("Username:", name)
	p.fill("Password:", testprovider.Password)
	p.press("Login")
}

// visible reports whether the page shows a text now.
func (p *page) visible(text string) bool {
	p.t.Helper()
	shown, err := p.visibleText(text).First().IsVisible()
	p.must(err, "look for %q", text)
	return shown
}
