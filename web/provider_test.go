package web_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/audit"
	"docket/internal/mac"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testprovider"
	"docket/internal/testkit/testsite"
)

// The users of the provider.
var (
	providerAgent    = testprovider.User{ID: "sub-agent", Name: "linh", Email: "Linh@example.com", Groups: []string{"agents", "team-risk"}}
	providerAdmin    = testprovider.User{ID: "sub-admin", Name: "minh", Email: "minh@example.com", Groups: []string{"docket-admin"}}
	providerCustomer = testprovider.User{ID: "u-1042", Name: "ann", Email: "ann@example.com", Groups: []string{"customers"}}
	providerStranger = testprovider.User{ID: "sub-stranger", Name: "bob", Email: "bob@example.com"}
)

// providerSite is an instance whose people sign in at a provider. It has the rights of docs/role.sql, and the database checks its codes.
type providerSite struct {
	*testsite.Site
	provider *testprovider.Provider
	owner    *postgres.Pool
}

func startWithProvider(t *testing.T, change func(*app.Config)) providerSite {
	t.Helper()
	p := testprovider.Start(t, providerAgent, providerAdmin, providerCustomer, providerStranger)
	db := testdb.New(t)
	owner, err := postgres.ConnectPrimary(t.Context(), db.Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(owner.Close)
	if _, err := mac.Register(t.Context(), owner, mac.NewKey(bytes.Repeat([]byte{7}, 32)), true); err != nil { // of testsite
		t.Fatal(err)
	}
	c := app.Config{Provider: p.Config(), StaffFactor: true, Local: account.LocalCustomers}
	if change != nil {
		change(&c)
	}
	s := testsite.StartWith(t, testdb.DB{Primary: appRole(t, owner, db.Primary), Direct: db.Primary}, c)
	p.Run(t, s.URL)
	site := providerSite{s, p, owner}
	site.waitUntilReady(t)
	return site
}

// waitUntilReady waits until docket has found the provider.
func (s providerSite) waitUntilReady(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for visitor(t, s.URL).get("/oidc/login").status != http.StatusSeeOther {
		select {
		case <-ctx.Done():
			t.Fatal("docket does not find the provider")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// atProvider signs in at the provider and returns where it leads back to; change may change the address that leads there.
func (b *browser) atProvider(name, start string, change func(url.Values)) (back string) {
	b.t.Helper()
	address, err := url.Parse(b.get(start).want(b.t, 303).location())
	if err != nil {
		b.t.Fatal(err)
	}
	q := address.Query()
	if change != nil {
		change(q)
	}
	address.RawQuery = q.Encode()
	there := b.at("")
	login := there.get(address.String()).want(b.t, 302).location()
	page := there.get(absolute(b.t, address, login)).want(b.t, 200)
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(page.body)
	if id == nil {
		b.t.Fatalf("no sign-in form: %s", page.body)
	}
	callback := there.post(absolute(b.t, address, "/login/username"), url.Values{"id": {id[1]}, "username": {name}, "password": {testprovider.Password}}).want(b.t, 302).location()
	return strings.TrimPrefix(there.get(absolute(b.t, address, callback)).want(b.t, 302).location(), b.url)
}

func absolute(t *testing.T, base *url.URL, address string) string {
	t.Helper()
	u, err := base.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.String()
}

// signedInAtProvider signs somebody in at the provider, and returns what docket answers then.
func (s providerSite) signedInAtProvider(t *testing.T, name string) (*browser, reply) {
	t.Helper()
	b := visitor(t, s.URL)
	return b, b.get(b.atProvider(name, "/oidc/login", nil))
}

func TestProvider_AgentAndCustomer(t *testing.T) {
	t.Parallel()
	s := startWithProvider(t, nil)
	customer, got := s.signedInAtProvider(t, "ann")
	if got.want(t, 303).location() != "/tickets" {
		t.Fatalf("a customer gets to %s", got.location())
	}
	id := customer.submit(someID)
	var user string
	if err := s.owner.QueryRow(t.Context(), "SELECT user_id FROM tickets WHERE id = $1", id).Scan(&user); err != nil || user != "u-1042" {
		t.Errorf("the ticket is of %q, %v; want the subject", user, err)
	}
	customer.get("/tickets/"+id).want(t, 200)

	agent := visitor(t, s.URL)
	back := agent.atProvider("linh", "/oidc/login?next=%2Freview%2F"+id, nil)
	if next := agent.get(back).want(t, 303).location(); next != "/review/"+id {
		t.Errorf("an agent gets to %s", next)
	}
	agent.post("/review/"+id+"/claim", nil).want(t, 303)
	agent.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	customer.get("/tickets/"+id).want(t, 200, "Approved")
	agent.get("/account").want(t, 200, "linh@example.com", "You sign in with Example")
	teams, err := s.Instances[0].Accounts.Teams(t.Context(), accountOf(t, s, "linh@example.com"))
	if err != nil || len(teams) != 1 || teams[0] != "team-risk" {
		t.Errorf("the teams are %v, %v", teams, err)
	}

	_, got = s.signedInAtProvider(t, "bob")
	got.want(t, 403, "has no access to this site")
}

func accountOf(t *testing.T, s providerSite, email string) [16]byte {
	t.Helper()
	found, err := s.Instances[0].Accounts.Find(t.Context(), email)
	if err != nil {
		t.Fatal(err)
	}
	return found.ID
}

func TestProvider_RoleChangesAtNextSignIn(t *testing.T) {
	t.Parallel()
	s := startWithProvider(t, nil)
	former, _ := s.signedInAtProvider(t, "linh")
	former.get("/review").want(t, 200)
	changed := providerAgent
	changed.Groups = []string{"docket-admin"}
	s.provider.Set(changed)
	former.get("/admin").want(t, 403)
	admin, _ := s.signedInAtProvider(t, "linh")
	admin.get("/admin").want(t, 200)
	if got := former.get("/review"); got.status != 303 {
		t.Errorf("a session of the former role gets %d", got.status)
	}
	changed.Groups = nil
	s.provider.Set(changed)
	_, got := s.signedInAtProvider(t, "linh")
	got.want(t, 403)
	if got := admin.get("/admin"); got.status != 303 {
		t.Errorf("a session of somebody who has lost access gets %d", got.status)
	}
	object := audit.AccountObject(accountOf(t, s, "linh@example.com"))
	audited(t, s.Site, audit.Provider, "account_added "+object, "role_changed "+object)
	audited(t, s.Site, audit.Anonymous, "sign_in_failed "+object)
}

// TestProvider_Refusals changes one thing of each sign-in.
func TestProvider_Refusals(t *testing.T) {
	t.Parallel()
	s := startWithProvider(t, nil)
	callback := func(change func(url.Values)) func(string) string {
		return func(back string) string {
			u, err := url.Parse(back)
			if err != nil {
				t.Fatal(err)
			}
			q := u.Query()
			change(q)
			return u.Path + "?" + q.Encode()
		}
	}
	for name, test := range map[string]struct {
		there  func(url.Values)     // on the way to the provider
		token  func(map[string]any) // in the ID token
		back   func(string) string  // on the way back
		before func(*browser)       // at the end of that
		want   string
	}{
		"another state":        {back: callback(func(q url.Values) { q.Set("state", "another") }), want: "begun in another browser"},
		"no state":             {back: callback(func(q url.Values) { q.Del("state") }), want: "begun in another browser"},
		"another browser":      {before: func(b *browser) { b.client.Jar = visitor(t, s.URL).client.Jar }, want: "begun in another browser"},
		"another issuer":       {back: callback(func(q url.Values) { q.Set("iss", "https://evil.example") }), want: "is not valid"},
		"an error":             {back: callback(func(q url.Values) { q.Set("error", "access_denied") }), want: "has not let you in"},
		"another code":         {back: callback(func(q url.Values) { q.Set("code", "another") }), want: "has not let you in"},
		"another verifier":     {there: func(q url.Values) { q.Set("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM") }, want: "has not let you in"},
		"another nonce":        {there: func(q url.Values) { q.Set("nonce", "another") }, want: "is not valid"},
		"no nonce":             {token: func(c map[string]any) { delete(c, "nonce") }, want: "is not valid"},
		"issuer of the token":  {token: func(c map[string]any) { c["iss"] = "https://evil.example" }, want: "is not valid"},
		"another client":       {token: func(c map[string]any) { c["aud"] = []string{"another"} }, want: "is not valid"},
		"also another client":  {token: func(c map[string]any) { c["aud"] = []string{"docket", "another"}; delete(c, "azp") }, want: "is not valid"},
		"another party":        {token: func(c map[string]any) { c["azp"] = "another" }, want: "is not valid"},
		"expired":              {token: func(c map[string]any) { c["exp"] = time.Now().Add(-2 * time.Minute).Unix() }, want: "is not valid"},
		"not yet valid":        {token: func(c map[string]any) { c["iat"] = time.Now().Add(3 * time.Minute).Unix() }, want: "is not valid"},
		"valid later":          {token: func(c map[string]any) { c["nbf"] = time.Now().Add(3 * time.Minute).Unix() }, want: "is not valid"},
		"another access token": {token: func(c map[string]any) { c["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA" }, want: "is not valid"},
		"somebody else":        {token: func(c map[string]any) { c["sub"] = "sub-admin" }, want: "is not valid"},
		"address not verified": {token: func(c map[string]any) { c["email_verified"] = false }, want: "has verified"},
		"no claims of a role":  {token: func(c map[string]any) { c["groups"] = "agents" }, want: "has no access"},
	} {
		s.provider.Tamper(test.token)
		b := visitor(t, s.URL)
		back := b.atProvider("linh", "/oidc/login", test.there)
		if test.back != nil {
			back = test.back(back)
		}
		if test.before != nil {
			test.before(b)
		}
		got := b.get(back)
		if got.status != 422 && got.status != 403 || !strings.Contains(got.body, test.want) {
			t.Errorf("%s: %d, and the page lacks %q", name, got.status, test.want)
		}
		if got := b.get("/review"); got.status != 303 {
			t.Errorf("%s: signed in all the same", name)
		}
	}
	s.provider.Tamper(func(c map[string]any) { c["exp"] = time.Now().Add(-30 * time.Second).Unix() })
	if _, got := s.signedInAtProvider(t, "linh"); got.status != 303 {
		t.Errorf("clocks that differ by 30 seconds: %d", got.status)
	}
}

// The times of a token are compared with the clock that the instance goes by, and not with its own.
func TestProvider_AnotherClock(t *testing.T) {
	t.Parallel()
	s := startWithProvider(t, func(c *app.Config) { c.Now = func() time.Time { return time.Now().Add(time.Hour) } })
	at := func(offset time.Duration) func(map[string]any) {
		return func(c map[string]any) {
			now := time.Now().Add(offset)
			c["iat"], c["exp"] = now.Unix(), now.Add(5*time.Minute).Unix()
		}
	}
	s.provider.Tamper(at(0))
	if _, got := s.signedInAtProvider(t, "linh"); got.status != 422 {
		t.Errorf("a token that has ended: %d, want 422", got.status)
	}
	s.provider.Tamper(at(time.Hour))
	if _, got := s.signedInAtProvider(t, "linh"); got.status != 303 {
		t.Errorf("a token of now: %d, want 303: %.300s", got.status, got.body)
	}
}

func TestProvider_CodeIsUsedOnce(t *testing.T) {
	t.Parallel()
	s := startWithProvider(t, nil)
	b := visitor(t, s.URL)
	back := b.atProvider("linh", "/oidc/login", nil)
	thief := b.copy()
	b.get(back).want(t, 303)
	thief.get(back).want(t, 422, "has not let you in")
	b.get(back).want(t, 303) // the address is loaded again
}

func TestProvider_KeysRotate(t *testing.T) {
	t.Parallel()
	s := startWithProvider(t, nil)
	s.signedInAtProvider(t, "linh")
	s.provider.Rotate(t)
	if _, got := s.signedInAtProvider(t, "linh"); got.status != 303 {
		t.Errorf("after a rotation of the keys: %d", got.status)
	}
}

// TestProvider_ExistingAddress: an account of before is not taken over by its address, and an operator links it.
func TestProvider_ExistingAddress(t *testing.T) {
	t.Parallel()
	s := startWithProvider(t, nil)
	owners := account.NewAccounts(s.owner, account.Config{})
	if _, err := owners.AddTemporary(t.Context(), "linh@example.com", testsite.Password, account.Admin); err != nil {
		t.Fatal(err)
	}
	_, got := s.signedInAtProvider(t, "linh")
	got.want(t, 403, "There is an account with your e-mail address already")
	if err := owners.Link(t.Context(), "linh@example.com", s.provider.Issuer, "sub-agent"); err != nil {
		t.Fatal(err)
	}
	b, got := s.signedInAtProvider(t, "linh")
	got.want(t, 303)
	b.get("/review").want(t, 200)
	b.get("/admin").want(t, 403) // the provider says the role
	if found, err := owners.Find(t.Context(), "linh@example.com"); err != nil || found.Role != account.Agent {
		t.Errorf("the account is %v, %v", found, err)
	}
	visitor(t, s.URL).post("/login", credentials("linh@example.com", testsite.Password)).want(t, 422)
	if err := owners.Link(t.Context(), "linh@example.com", s.provider.Issuer, "another"); err == nil {
		t.Error("an account is linked twice")
	}
	if err := owners.Unlink(t.Context(), "linh@example.com"); err != nil {
		t.Fatal(err)
	}
	b.get("/review").want(t, 303)
}

// TestProvider_UserOfAnotherAccount: nobody becomes the user of an account with a password by what a claim says.
func TestProvider_UserOfAnotherAccount(t *testing.T) {
	t.Parallel()
	s := startWithProvider(t, nil)
	_, id := s.Account(t, "victim", account.Customer)
	s.provider.Set(testprovider.User{ID: id, Name: "thief", Email: "thief@example.com", Groups: []string{"customers"}})
	_, got := s.signedInAtProvider(t, "thief")
	got.want(t, 403, "Another account has the user")
}

// TestProvider_UserOfLink: no claim makes an account the user under whose name the draft of a submission link is kept.
func TestProvider_UserOfLink(t *testing.T) {
	t.Parallel()
	s := startWithProvider(t, func(c *app.Config) { c.Provider.UserClaim = "customer_number" })
	s.provider.Tamper(func(claims map[string]any) { claims["customer_number"] = "link:" + someID })
	_, got := s.signedInAtProvider(t, "ann")
	got.want(t, 403, "does not say which user you are")
}

func TestProvider_LocalSignIn(t *testing.T) {
	t.Parallel()
	s := startWithProvider(t, nil)
	owners := account.NewAccounts(s.owner, account.Config{})
	if _, err := owners.Add(t.Context(), account.Client{}, "root@example.com", testsite.Password, account.Admin); err != nil {
		t.Fatal(err)
	}
	b := visitor(t, s.URL)
	b.post("/login", credentials("root@example.com", testsite.Password)).want(t, 403, "This account signs in with Example")
	email, _ := s.Account(t, "carl", account.Customer)
	b.login(email)

	none := startWithProvider(t, func(c *app.Config) { c.Local = account.LocalNone })
	none.Account(t, "carl", account.Customer)
	b = visitor(t, none.URL)
	if page := b.get("/login").want(t, 200, "Sign in with Example"); strings.Contains(page.body, `name="password"`) {
		t.Error("the page asks for a password that nobody can sign in with")
	}
	b.post("/login", credentials("carl@example.com", testsite.Password)).want(t, 403)
	b.get("/signup").want(t, 404)
	b.post("/signup", credentials("new@example.com", "a long enough battery")).want(t, 404)
}

func TestProvider_BackChannelLogout(t *testing.T) {
	t.Parallel()
	s := startWithProvider(t, nil)
	agent, _ := s.signedInAtProvider(t, "linh")
	customer, _ := s.signedInAtProvider(t, "ann")
	send := func(token string) reply {
		return visitor(t, s.URL).post("/oidc/backchannel-logout", url.Values{"logout_token": {token}})
	}
	for name, change := range map[string]func(map[string]any){
		"another issuer": func(c map[string]any) { c["iss"] = "https://evil.example" },
		"another client": func(c map[string]any) { c["aud"] = "another" },
		"a nonce":        func(c map[string]any) { c["nonce"] = "n" },
		"no event":       func(c map[string]any) { c["events"] = map[string]any{} },
		"no subject":     func(c map[string]any) { delete(c, "sub") },
		"expired":        func(c map[string]any) { c["exp"] = time.Now().Add(-2 * time.Minute).Unix() },
		"old":            func(c map[string]any) { c["iat"] = time.Now().Add(-time.Hour).Unix() },
	} {
		if got := send(s.provider.LogoutToken(t, "sub-agent", change)); got.status != 400 || got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %q", name, got.status, got.header.Get("Cache-Control"))
		}
	}
	send("rubbish").want(t, 400)
	s.provider.Rotate(t)
	foreign := s.provider.LogoutToken(t, "sub-agent", nil)
	s.provider.Rotate(t)
	send(foreign).want(t, 400)
	agent.get("/review").want(t, 200)

	early := s.provider.LogoutToken(t, "sub-agent", func(c map[string]any) { c["iat"] = time.Now().Add(-5 * time.Minute).Unix() })
	send(early).want(t, 200)
	agent.get("/review").want(t, 200) // it began later
	send(s.provider.LogoutToken(t, "sub-agent", func(c map[string]any) { c["sid"] = "another session" })).want(t, 200)
	agent.get("/review").want(t, 200)
	send(s.provider.LogoutToken(t, "sub-agent", nil)).want(t, 200)
	agent.get("/review").want(t, 303)
	customer.get("/tickets").want(t, 200)
	owner := audit.AccountObject(accountOf(t, s, "linh@example.com"))
	audited(t, s.Site, audit.Provider, "account_added "+owner, "account_added "+audit.AccountObject(accountOf(t, s, "ann@example.com")), "sessions_ended "+owner)

	s.provider.Tamper(func(c map[string]any) { c["sid"] = "s-1" })
	agent, _ = s.signedInAtProvider(t, "linh")
	send(s.provider.LogoutToken(t, "", func(c map[string]any) { delete(c, "sub"); c["sid"] = "s-1" })).want(t, 200)
	agent.get("/review").want(t, 303)
}

func TestProvider_SignOut(t *testing.T) {
	t.Parallel()
	s := startWithProvider(t, nil)
	b, _ := s.signedInAtProvider(t, "linh")
	page := b.post("/logout", nil).want(t, 200, "Now Example signs you out, too")
	_, address, found := strings.Cut(page.header.Get("Refresh"), "url=")
	if !found || !strings.HasPrefix(address, s.provider.Issuer) {
		t.Fatalf("it leads to %q", address)
	}
	if got := b.at("").get(address).want(t, 302).location(); got != s.URL+"/login" {
		t.Errorf("the provider leads back to %s", got)
	}
	b.get("/review").want(t, 303)
}

// TestProvider_Confirmation: an admin shows at the provider once more who it is, before it lets somebody in.
func TestProvider_Confirmation(t *testing.T) {
	t.Parallel()
	s := startWithProvider(t, nil)
	s.provider.Tamper(func(c map[string]any) { c["auth_time"] = time.Now().Add(-time.Hour).Unix() }) // a session of before
	admin, _ := s.signedInAtProvider(t, "minh")
	invite := url.Values{"email": {"new@example.com"}, "role": {"agent"}}
	admin.post("/admin/people", invite).want(t, 422, "Show it at Example")
	admin.get(admin.atProvider("minh", "/oidc/login?again=1", nil)).want(t, 422, "is not valid")
	s.provider.Tamper(nil)
	admin.get(admin.atProvider("minh", "/oidc/login?again=1", func(q url.Values) {
		if q.Get("prompt") != "login" || q.Get("max_age") != "0" {
			t.Errorf("the provider is not told to ask again: %v", q)
		}
	})).want(t, 303)
	admin.post("/admin/people", invite).want(t, 200, "/reset/")
	if got := admin.post("/admin/people", url.Values{"email": {"minh@example.com"}, "role": {"admin"}}); got.status != 422 {
		t.Errorf("somebody who signs in at the provider is invited: %d", got.status)
	}
}

// TestProvider_Away: without the provider docket works, and says so.
func TestProvider_Away(t *testing.T) {
	t.Parallel()
	p := testprovider.Start(t, providerAgent)
	s := testsite.StartWith(t, testdb.New(t), app.Config{Provider: p.Config()})
	b := visitor(t, s.URL)
	b.get("/login").want(t, 200, "Example cannot be reached", "Sign in with Example", `name="password"`)
	if got := b.get("/oidc/login").want(t, 503, "Example cannot be reached"); got.header.Get("Retry-After") == "" {
		t.Error("it does not say when to try again")
	}
	visitor(t, s.URL).post("/oidc/backchannel-logout", url.Values{"logout_token": {"x"}}).want(t, 503)
	email, _ := s.Account(t, "root", account.Admin)
	b.login(email)
	p.Run(t, s.URL)
	providerSite{Site: s, provider: p}.waitUntilReady(t)
	b.post("/logout", nil).want(t, 303)
}

// TestProvider_Erasure: the account goes with the data of its user.
func TestProvider_Erasure(t *testing.T) {
	t.Parallel()
	s := startWithProvider(t, nil)
	customer, _ := s.signedInAtProvider(t, "ann")
	customer.submit(someID)
	admin, _ := s.signedInAtProvider(t, "minh")
	admin.get("/admin/users/u-1042").want(t, 200, "ann@example.com")
	admin.post("/admin/users/u-1042/erase", url.Values{"confirm": {"u-1042"}, "reason": {"request"}}).want(t, 303)
	customer.get("/tickets").want(t, 303)
	var left int
	if err := s.owner.QueryRow(t.Context(), "SELECT count(*) FROM provider_identities WHERE subject = 'u-1042'").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d identities are left, %v", left, err)
	}
}
