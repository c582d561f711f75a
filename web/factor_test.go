package web_test

import (
	"bytes"
	"html"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

var (
	shownSecret   = regexp.MustCompile(`<code class="secret">([A-Z2-7 ]+)</code>`)
	sealedSecret  = regexp.MustCompile(`name="enrolment" value="([^"]+)"`)
	accountID     = regexp.MustCompile(`data-account="([0-9a-f-]{36})"`)
	recoveryCodes = regexp.MustCompile(`<code>([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})</code>`)
)

// authenticator is an app with the secret of an account.
type authenticator struct {
	t      *testing.T
	secret string
}

// code is what the app shows now, or so many steps later.
func (a authenticator) code(steps int) string {
	a.t.Helper()
	shown, err := totp.GenerateCode(a.secret, time.Now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		a.t.Fatal(err)
	}
	return shown
}

// enrolment is what the page to set up a second factor shows.
func (r reply) enrolment(t *testing.T) (app authenticator, sealed string) {
	t.Helper()
	secret, hidden := shownSecret.FindStringSubmatch(r.body), sealedSecret.FindStringSubmatch(r.body)
	if secret == nil || hidden == nil {
		t.Fatalf("no secret: %s", r.body)
	}
	return authenticator{t, strings.ReplaceAll(secret[1], " ", "")}, html.UnescapeString(hidden[1])
}

// enrol sets up a second factor with the code of a step before now, and returns the recovery codes.
func (b *browser) enrol(t *testing.T, more url.Values) (app authenticator, recovery []string) {
	t.Helper()
	app, sealed := b.get("/account/factor").want(t, 200).enrolment(t)
	sent := url.Values{"enrolment": {sealed}, "first_code": {app.code(-1)}}
	maps.Copy(sent, more)
	for _, match := range recoveryCodes.FindAllStringSubmatch(b.post("/account/factor", sent).want(t, 200, "recovery codes").body, -1) {
		recovery = append(recovery, match[1])
	}
	if len(recovery) != 10 {
		t.Fatalf("%d recovery codes, want 10", len(recovery))
	}
	return app, recovery
}

// enrolled is a signed-in browser whose account has a second factor.
func enrolled(t *testing.T, s *testsite.Site, name string, role account.Role) (b *browser, app authenticator, recovery []string) {
	t.Helper()
	b, _ = signedIn(t, s, name, role)
	app, recovery = b.enrol(t, url.Values{"password": {testsite.Password}})
	return b, app, recovery
}

// signInAgain signs in with the password alone, in a new browser.
func signInAgain(t *testing.T, s *testsite.Site, name string) *browser {
	t.Helper()
	b := visitor(t, s.URLs[len(s.URLs)-1])
	got := b.post("/login", url.Values{"email": {name + "@example.com"}, "password": {testsite.Password}, "next": {"/account"}})
	if to := got.want(t, http.StatusSeeOther).location(); to != "/login/code?next=%2Faccount" {
		t.Fatalf("after the password: %s", to)
	}
	return b
}

// sendCode sends a code after the password.
func (b *browser) sendCode(code string) reply {
	b.t.Helper()
	return b.post("/login/code", url.Values{"code": {code}, "next": {"/account"}})
}

// copy is a browser with the cookies that this one has now.
func (b *browser) copy() *browser {
	b.t.Helper()
	address, err := url.Parse(b.url)
	if err != nil {
		b.t.Fatal(err)
	}
	other := visitor(b.t, b.url)
	other.client.Jar.SetCookies(address, b.client.Jar.Cookies(address))
	return other
}

// changeTries changes what was counted.
func changeTries(t *testing.T, s *testsite.Site, statement string) {
	t.Helper()
	if _, err := s.Instances[0].Primary.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestFactor_SignIn(t *testing.T) {
	t.Parallel()
	s := start(t)
	_, app, recovery := enrolled(t, s, "agent", account.Agent)
	b := signInAgain(t, s, "agent")
	for _, path := range []string{"/", "/review", "/account", "/account/password", "/account/factor", "/review/events", "/files/" + someID} {
		if got := b.get(path).want(t, http.StatusSeeOther).location(); !isPage(got, "/login/code") {
			t.Errorf("%s without a code: %s", path, got)
		}
	}
	for _, path := range []string{"/review/next", "/account/password", "/account/factor", "/account/factor/remove", "/account/sessions/end-others"} {
		if got := b.post(path, nil).want(t, http.StatusSeeOther).location(); !isPage(got, "/login/code") {
			t.Errorf("POST %s without a code: %s", path, got)
		}
	}
	b.sendCode("000000").want(t, http.StatusUnprocessableEntity, "wrong or was used")
	before := b.copy()
	if got := b.sendCode(app.code(0)).want(t, http.StatusSeeOther).location(); got != "/account" {
		t.Errorf("after the code: %s", got)
	}
	if got := before.get("/login/code").want(t, http.StatusSeeOther).location(); !isPage(got, "/login") {
		t.Errorf("with the token of before the code: %s", got)
	}
	b.get("/account").want(t, 200, "10 recovery codes left")
	b.get("/review").want(t, 200)
	signInAgain(t, s, "agent").sendCode(strings.ToLower(strings.ReplaceAll(recovery[3], "-", " "))).want(t, http.StatusSeeOther)
	b.get("/account").want(t, 200, "9 recovery codes left")
}

// TestFactor_OneUse sends each code to two instances at once: one of them takes it.
func TestFactor_OneUse(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.New(t))
	b, app, recovery := enrolled(t, s, "customer", account.Customer)
	for name, code := range map[string]string{"app": app.code(0), "recovery": recovery[0]} {
		var both sync.WaitGroup
		got := make([]int, 2)
		for i, url := range s.URLs {
			there := signInAgain(t, s, "customer").at(url)
			both.Go(func() { got[i] = there.sendCode(code).status })
		}
		both.Wait()
		if got[0]+got[1] != http.StatusSeeOther+http.StatusUnprocessableEntity {
			t.Errorf("the code of the %s, sent twice: %v", name, got)
		}
		signInAgain(t, s, "customer").sendCode(code).want(t, http.StatusUnprocessableEntity)
	}
	b.get("/account").want(t, 200, "9 recovery codes left")
}

// TestFactor_TooManyCodes counts wrong codes of an account, whatever session sends them: the right one is not looked at.
// TestFactor_Device knows a device when the code was right, too: somebody who has only the password gets no count of their own.
func TestFactor_Device(t *testing.T) {
	t.Parallel()
	s := start(t)
	_, phone, _ := enrolled(t, s, "agent", account.Agent)
	login := url.Values{"email": {"agent@example.com"}, "password": {testsite.Password}}
	knows := func(answer reply) bool {
		return slices.ContainsFunc(answer.header.Values("Set-Cookie"), func(c string) bool { return strings.HasPrefix(c, "docket_device_") })
	}
	b := visitor(t, s.URL)
	if knows(b.post("/login", login).want(t, http.StatusSeeOther)) {
		t.Error("the password alone makes the device known")
	}
	if !knows(b.sendCode(phone.code(1)).want(t, http.StatusSeeOther)) {
		t.Error("the device is not known after the code")
	}
	b.post("/logout", nil).want(t, http.StatusSeeOther)
	changeTries(t, s, "UPDATE tries SET level = 20, at_ms = now_ms()")
	b.post("/login", login).want(t, http.StatusSeeOther)
	visitor(t, s.URL).post("/login", login).want(t, http.StatusTooManyRequests)
}

func TestFactor_TooManyCodes(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.New(t))
	_, app, recovery := enrolled(t, s, "agent", account.Agent)
	wrong := 0
	for signInAgain(t, s, "agent").sendCode("000000").status != http.StatusTooManyRequests {
		if wrong++; wrong > 6 {
			t.Fatalf("%d wrong codes were compared", wrong)
		}
	}
	changeTries(t, s, "UPDATE tries SET level = 12 WHERE level > 4") // the wait is longer than the test
	for _, code := range []string{app.code(0), recovery[0]} {
		got := signInAgain(t, s, "agent").sendCode(code).want(t, http.StatusTooManyRequests, `name="code"`)
		if got.header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	changeTries(t, s, "UPDATE tries SET at_ms = 0")
	signInAgain(t, s, "agent").sendCode(app.code(0)).want(t, http.StatusSeeOther)
}

func TestFactor_Required(t *testing.T) {
	t.Parallel()
	s := testsite.StartWith(t, testdb.New(t), app.Config{StaffFactor: true})
	customer, _ := signedIn(t, s, "customer", account.Customer)
	customer.get("/tickets").want(t, 200)
	for _, role := range []account.Role{account.Agent, account.Admin} {
		b, _ := signedIn(t, s, string(role), role)
		for _, path := range []string{"/", "/review", "/account", "/account/password", "/admin/rules", "/review/events"} {
			if got := b.get(path).want(t, http.StatusSeeOther).location(); !isPage(got, "/account/factor") {
				t.Errorf("%s as %s: %s", path, role, got)
			}
		}
		b.enrol(t, nil)
		b.get("/review").want(t, 200)
		b.get("/account").want(t, 200).lacks(t, "/account/factor/remove")
		b.post("/account/factor/remove", url.Values{"password": {testsite.Password}}).want(t, http.StatusForbidden)
	}
}

// TestFactor_AfterMustChange asks an agent for the password first: whoever set it does not choose the factor.
func TestFactor_AfterMustChange(t *testing.T) {
	t.Parallel()
	s := testsite.StartWith(t, testdb.New(t), app.Config{StaffFactor: true})
	b := temporary(t, s, "agent", account.Agent, "/review")
	changed := b.post("/account/password", url.Values{"old_password": {testsite.Password}, "password": {ownPassword}, "next": {"/review"}}).
		want(t, http.StatusSeeOther)
	if changed.location() != "/account/factor?next=%2Freview" {
		t.Errorf("after the password: %s", changed.location())
	}
	b.enrol(t, nil)
	b.get("/review").want(t, 200)
}

func TestFactor_WrongEnrolment(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, _ := signedIn(t, s, "customer", account.Customer)
	other, _ := signedIn(t, s, "other", account.Customer)
	app, sealed := b.get("/account/factor").want(t, 200, "<svg", "customer@example.com").enrolment(t)
	for _, wrong := range []struct {
		b                        *browser
		sealed, code, pass, says string
	}{
		{b, sealed, "000000", testsite.Password, "not the code"},
		{b, sealed, app.code(0), "not the password", "not your present password"},
		{b, sealed + "A", app.code(0), testsite.Password, "too old"},
		{b, "", app.code(0), testsite.Password, "too old"},
		{other, sealed, app.code(0), testsite.Password, "too old"},
	} {
		wrong.b.post("/account/factor", url.Values{"enrolment": {wrong.sealed}, "first_code": {wrong.code}, "password": {wrong.pass}}).
			want(t, http.StatusUnprocessableEntity, wrong.says, `name="first_code"`)
	}
	if n := rows(t, s, "factors"); n != 0 {
		t.Errorf("%d factors", n)
	}
	again, resealed := b.post("/account/factor", url.Values{"enrolment": {sealed}, "first_code": {"000000"}}).enrolment(t)
	if again.secret != app.secret || resealed == "" {
		t.Error("the page shows another secret after a wrong code")
	}
}

// TestFactor_Changes asks for the password and a fresh code before each change of a second factor.
func TestFactor_Changes(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, phone, recovery := enrolled(t, s, "customer", account.Customer)
	newPhone, sealed := b.get("/account/factor").want(t, 200).enrolment(t)
	for path, sent := range map[string]url.Values{
		"/account/factor":                {"enrolment": {sealed}, "first_code": {newPhone.code(0)}},
		"/account/factor/remove":         {},
		"/account/factor/recovery-codes": {},
	} {
		for _, proof := range [][2]string{{"not the password", phone.code(0)}, {testsite.Password, "000000"}, {testsite.Password, phone.code(-1)}} {
			sent.Set("password", proof[0])
			sent.Set("code", proof[1])
			b.post(path, sent).want(t, http.StatusUnprocessableEntity)
			changeTries(t, s, "DELETE FROM tries")
		}
	}
	proof := func(code string) url.Values { return url.Values{"password": {testsite.Password}, "code": {code}} }
	renewed := b.post("/account/factor/recovery-codes", proof(recovery[0])).want(t, 200, "recovery codes")
	if len(recoveryCodes.FindAllString(renewed.body, -1)) != 10 {
		t.Error("not ten new recovery codes")
	}
	signInAgain(t, s, "customer").sendCode(recovery[1]).want(t, http.StatusUnprocessableEntity)
	other := signInAgain(t, s, "customer")
	other.sendCode(recoveryCodes.FindStringSubmatch(renewed.body)[1]).want(t, http.StatusSeeOther)
	other.get("/account").want(t, 200)
	replaced, _ := b.enrol(t, proof(phone.code(0)))
	b.get("/account").want(t, 200)
	if to := other.get("/account").want(t, http.StatusSeeOther).location(); !isPage(to, "/login/code") {
		t.Errorf("another session with a code of the factor of before is led to %s", to)
	}
	signInAgain(t, s, "customer").sendCode(phone.code(1)).want(t, http.StatusUnprocessableEntity)
	signInAgain(t, s, "customer").sendCode(replaced.code(0)).want(t, http.StatusSeeOther)
	removed := b.post("/account/factor/remove", proof(replaced.code(1))).want(t, http.StatusSeeOther)
	b.get(removed.location()).want(t, 200, "second factor is off")
	visitor(t, s.URL).login("customer@example.com")
	for _, table := range []string{"factors", "recovery_codes"} {
		if n := rows(t, s, table); n != 0 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
}

// TestFactor_StoredEncrypted finds no secret in the database, and no use of one account's row for another.
func TestFactor_StoredEncrypted(t *testing.T) {
	t.Parallel()
	s := start(t)
	_, mine, recovery := enrolled(t, s, "mine", account.Customer)
	_, yours, _ := enrolled(t, s, "yours", account.Customer)
	var stored []byte
	primary := s.Instances[0].Primary
	if err := primary.QueryRow(t.Context(), `SELECT string_agg(secret, ''::bytea) || (SELECT string_agg(code_hash, ''::bytea) FROM recovery_codes) FROM factors`).
		Scan(&stored); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{mine.secret, yours.secret, recovery[0], strings.ReplaceAll(recovery[0], "-", "")} {
		if bytes.Contains(stored, []byte(secret)) {
			t.Error("the database has a secret")
		}
	}
	if _, err := primary.Exec(t.Context(), `UPDATE factors SET last_step = 0, secret = (SELECT f.secret FROM factors f JOIN accounts a ON a.id = f.account_id
		WHERE a.email = 'yours@example.com')`); err != nil {
		t.Fatal(err)
	}
	signInAgain(t, s, "mine").sendCode(yours.code(0)).want(t, http.StatusUnprocessableEntity, "cannot be checked any more")
	signInAgain(t, s, "yours").sendCode(yours.code(0)).want(t, http.StatusSeeOther)
}

// TestFactor_OtherSessionKey can read no secret: recovery codes work, and an operator can take the factor away.
func TestFactor_OtherSessionKey(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	_, phone, recovery := enrolled(t, testsite.StartWith(t, db, app.Config{}), "agent", account.Agent)
	s := testsite.StartWith(t, db, app.Config{Secret: bytes.Repeat([]byte{8}, 32)})
	signInAgain(t, s, "agent").sendCode(phone.code(0)).want(t, http.StatusUnprocessableEntity, "Use a recovery code")
	b := signInAgain(t, s, "agent")
	b.sendCode(recovery[0]).want(t, http.StatusSeeOther)
	if err := s.Instances[0].Accounts.RemoveFactorOf(t.Context(), "agent@example.com"); err != nil {
		t.Fatal(err)
	}
	b.get("/review").want(t, http.StatusSeeOther)
	visitor(t, s.URL).login("agent@example.com")
	if n := rows(t, s, "factors"); n != 0 {
		t.Errorf("%d factors", n)
	}
}

// TestFactor_EndsStreams ends the event stream of a session that is not complete any more.
func TestFactor_EndsStreams(t *testing.T) {
	t.Parallel()
	s := start(t)
	here, _ := signedIn(t, s, "agent", account.Agent)
	there := visitor(t, s.URL)
	there.login("agent@example.com")
	stream, err := there.client.Get(s.URL + "/review/events")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	here.enrol(t, url.Values{"password": {testsite.Password}})
	if _, err := io.ReadAll(stream.Body); err != nil {
		t.Error(err)
	}
	if got := there.get("/review").want(t, http.StatusSeeOther).location(); !isPage(got, "/login/code") {
		t.Errorf("the other session: %s", got)
	}
}

func TestSessions_SeenAndEnded(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.New(t))
	email, _ := s.Account(t, "customer", account.Customer)
	sign := func(agent string) *browser {
		b := visitor(t, s.URLs[1])
		b.post("/login", url.Values{"email": {email}, "password": {testsite.Password}}, "User-Agent", agent).want(t, http.StatusSeeOther)
		return b
	}
	here := visitor(t, s.URL)
	here.login(email)
	firefox := sign("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0")
	phone := sign("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1")
	other, _ := signedIn(t, s, "other", account.Customer)
	page := here.get("/account").want(t, 200, "Firefox, Windows", "Safari, iPhone", "Unknown browser", "This browser")
	id := regexp.MustCompile(`name="session" value="([0-9a-f]{64})"[^>]*Firefox`).FindStringSubmatch(page.body)
	if id == nil {
		t.Fatalf("no button: %s", page.body)
	}
	other.post("/account/sessions/end", url.Values{"session": {id[1]}}).want(t, http.StatusSeeOther) // it ends none
	firefox.get("/tickets").want(t, 200)
	for _, none := range []string{"", "x", "ab\x00", "\xff"} {
		here.post("/account/sessions/end", url.Values{"session": {none}}).want(t, http.StatusUnprocessableEntity)
	}
	here.post("/account/sessions/end", url.Values{"session": {id[1]}}).want(t, http.StatusSeeOther)
	firefox.get("/tickets").want(t, http.StatusSeeOther)
	phone.get("/tickets").want(t, 200)
	here.post("/account/sessions/end", nil).want(t, http.StatusUnprocessableEntity)
	here.get(here.post("/account/sessions/end-others", nil).want(t, http.StatusSeeOther).location()).want(t, 200, "Every other browser")
	phone.get("/tickets").want(t, http.StatusSeeOther)
	here.get("/tickets").want(t, 200)
	other.get("/tickets").want(t, 200)
}

func TestFactor_Audit(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, phone, recovery := enrolled(t, s, "agent", account.Agent)
	id := accountID.FindStringSubmatch(b.get("/account").body)[1]
	again := signInAgain(t, s, "agent")
	again.sendCode("000000").want(t, http.StatusUnprocessableEntity)
	again.sendCode(phone.code(0)).want(t, http.StatusSeeOther)
	signInAgain(t, s, "agent").sendCode(recovery[0]).want(t, http.StatusSeeOther)
	b.post("/account/sessions/end-others", nil).want(t, http.StatusSeeOther)
	b.post("/account/factor/remove", url.Values{"password": {testsite.Password}, "code": {recovery[1]}}).want(t, http.StatusSeeOther)
	self := " account:" + id
	audited(t, s, ticket.Agent(id), "signed_in"+self, "factor_added"+self, "factor_failed"+self, "factor_passed"+self, "signed_in"+self, "recovery_code_used"+self,
		"signed_in"+self, "sessions_ended"+self, "factor_removed"+self)
}
