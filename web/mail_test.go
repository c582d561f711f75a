package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/form"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testmail"
	"docket/internal/testkit/testsite"
)

const mailBase = "http://docket.test"

// mailSite is a site that sends e-mail, and the server that gets it.
func mailSite(t *testing.T) (*testsite.Site, *testmail.Server) {
	t.Helper()
	return mailSiteOf(t, testsite.Form())
}

func mailSiteOf(t *testing.T, f *form.Form) (*testsite.Site, *testmail.Server) {
	t.Helper()
	server := testmail.Start(t)
	s := testsite.StartWith(t, testdb.New(t), app.Config{Form: f, BaseURL: mailBase, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Mail: app.Mail{ServerURL: server.URL, From: "Tickets <tickets@docket.test>"}})
	for sends := false; !sends; { // rows are written from then on
		if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT mail_is_sent()").Scan(&sends); err != nil {
			t.Fatal(err)
		}
	}
	return s, server
}

func credentials(email, password string) url.Values {
	return url.Values{"email": {email}, "password": {password}}
}

func TestMail_Confirm(t *testing.T) {
	t.Parallel()
	s, server := mailSite(t)
	b := visitor(t, s.URL)
	if got := b.post("/signup", credentials("ann@example.com", testsite.Password)).want(t, 303); got.location() != "/sent" {
		t.Fatalf("sign-up leads to %s", got.location())
	}
	b.get("/sent").want(t, 200, "Look into your e-mail")
	if got := b.get("/tickets"); got.location() != "/login?next=%2Ftickets" {
		t.Errorf("after sign-up /tickets answers %d %s", got.status, got.location())
	}
	m := server.Wait(t, "ann@example.com")
	if m.From != "tickets@docket.test" || m.Header.Get("From") != `"Tickets" <tickets@docket.test>` || m.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("the e-mail is from %s, its header is %v", m.From, m.Header)
	}
	path := m.Path(t, mailBase)
	for range 2 { // programs that look at links do not use it up
		b.get(path).want(t, 200, "Confirm the address")
	}
	b.post("/login", credentials("ann@example.com", testsite.Password)).want(t, 422, "not confirmed yet", "Send the e-mail again")
	b.post("/login", credentials("ann@example.com", "not the password")).want(t, 422, "do not belong together")
	if got := b.post(path, nil).want(t, 303); got.location() != "/login?done=confirm" {
		t.Errorf("confirming leads to %s", got.location())
	}
	b.post(path, nil).want(t, 303) // a double click
	b.get("/login?done=confirm").want(t, 200, "Your e-mail address is confirmed")
	b.login("ann@example.com")
	b.get("/tickets").want(t, 200)
	b.get("/confirm/made-up").want(t, 404, "does not work any more")
	b.post("/confirm/made-up", nil).want(t, 404, "does not work any more")
}

// TestMail_ConfirmAgain asks for the link a second time, and has the first answer say no more of a confirmed address.
func TestMail_ConfirmAgain(t *testing.T) {
	t.Parallel()
	s, server := mailSite(t)
	b := visitor(t, s.URL)
	b.post("/signup", credentials("ann@example.com", testsite.Password)).want(t, 303)
	first := server.Wait(t, "ann@example.com").Path(t, mailBase)
	b.post("/confirm", url.Values{"email": {"Ann@example.com"}}).want(t, 303)
	second := server.Wait(t, "ann@example.com").Path(t, mailBase)
	b.post(second, nil).want(t, 303)
	b.get(first).want(t, 404)
	b.login("ann@example.com")
	for _, email := range []string{"ann@example.com", "nobody@example.com"} {
		if got := b.post("/confirm", url.Values{"email": {email}}).want(t, 303); got.location() != "/sent" {
			t.Errorf("%s is led to %s", email, got.location())
		}
	}
	b.post("/forgot", url.Values{"email": {"ann@example.com"}}).want(t, 303)
	if m := server.Wait(t, "ann@example.com"); !strings.Contains(m.Subject, "new password") {
		t.Errorf("a confirmed address got %q", m.Subject)
	}
}

func TestMail_SignupTaken(t *testing.T) {
	t.Parallel()
	s, server := mailSite(t)
	s.Account(t, "ann", account.Customer)
	b := visitor(t, s.URL)
	fresh := b.post("/signup", credentials("bob@example.com", testsite.Password))
	taken := b.post("/signup", credentials("ann@example.com", "another password"))
	if fresh.status != taken.status || fresh.location() != taken.location() || fresh.body != taken.body {
		t.Errorf("a new address gets %d %s %q, a taken one %d %s %q", fresh.status, fresh.location(), fresh.body, taken.status, taken.location(), taken.body)
	}
	if m := server.Wait(t, "ann@example.com"); !strings.Contains(m.Subject, "you have an account already") || m.Path(t, mailBase) != "/forgot" {
		t.Errorf("the owner got %+v", m)
	}
	b.post("/login", credentials("ann@example.com", "another password")).want(t, 422)
	b.login("ann@example.com")
}

// TestMail_SignupOfAnother has somebody else sign up with an address before its owner confirms it. Its owner gets two links, and
// whichever is opened, neither password works: a link to choose one is sent.
func TestMail_SignupOfAnother(t *testing.T) {
	t.Parallel()
	s, server := mailSite(t)
	owner, other := visitor(t, s.URL), visitor(t, s.URL)
	for opened, email := range []string{"ann@example.com", "bob@example.com"} {
		var links []string
		owner.post("/signup", credentials(email, testsite.Password)).want(t, 303)
		links = append(links, server.Wait(t, email).Path(t, mailBase))
		other.post("/signup", credentials(email, "another password")).want(t, 303)
		links = append(links, server.Wait(t, email).Path(t, mailBase))
		for range 2 { // a double click
			if got := owner.post(links[opened], nil).want(t, 303); got.location() != "/login?done=choose" {
				t.Errorf("link %d leads to %s", opened, got.location())
			}
		}
		owner.get("/login?done=choose").want(t, 200, "More than one password was chosen")
		other.post(links[1-opened], nil).want(t, 404)
		other.post("/login", credentials(email, "another password")).want(t, 422)
		owner.post("/login", credentials(email, testsite.Password)).want(t, 422)
		reset := server.Wait(t, email).Path(t, mailBase)
		owner.post(reset, url.Values{"password": {"a password that is new"}}).want(t, 303)
		visitor(t, s.URL).post("/login", credentials(email, "a password that is new")).want(t, 303)
	}
}

func TestMail_Reset(t *testing.T) {
	t.Parallel()
	s, server := mailSite(t)
	signedIn, _ := signedIn(t, s, "ann", account.Customer)
	b := visitor(t, s.URL)
	b.get("/login").want(t, 200, "Forgot your password?")
	known, unknown := b.post("/forgot", url.Values{"email": {" Ann@Example.com"}}), b.post("/forgot", url.Values{"email": {"nobody@example.com"}})
	if known.status != 303 || known.status != unknown.status || known.location() != unknown.location() || known.body != unknown.body {
		t.Errorf("a known address gets %d %s, an unknown one %d %s", known.status, known.location(), unknown.status, unknown.location())
	}
	b.post("/forgot", url.Values{"email": {"ann"}}).want(t, 422, "Enter an e-mail address")
	for waiting := 1; waiting > 0; { // what was written for the unknown address is deleted
		if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT count(*) FROM outbox").Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	path := server.Wait(t, "ann@example.com").Path(t, mailBase)
	b.post("/forgot", url.Values{"email": {"ann@example.com"}}).want(t, 303)
	other := server.Wait(t, "ann@example.com").Path(t, mailBase)

	page := b.get(path).want(t, 200, "ann@example.com")
	if policy := page.header.Get("Referrer-Policy"); policy != "no-referrer, strict-origin" {
		t.Errorf("Referrer-Policy is %q", policy)
	}
	b.post(path, url.Values{"password": {"short"}}).want(t, 422, "12 to 200 characters")
	signedIn.get("/tickets").want(t, 200)
	if log := s.Log.String(); strings.Contains(log, strings.TrimPrefix(path, "/reset/")) || strings.Contains(log, "@example.com") {
		t.Errorf("the log has a link or an address:\n%s", log)
	}
	const fresh = "a password that is new"
	if got := b.post(path, url.Values{"password": {fresh}}).want(t, 303); got.location() != "/login?done=reset" {
		t.Errorf("it leads to %s", got.location())
	}
	signedIn.get("/tickets").want(t, 303)
	for _, used := range []string{path, other} {
		b.get(used).want(t, 404, "does not work any more")
		b.post(used, url.Values{"password": {"yet another password"}}).want(t, 404)
	}
	b.post("/login", credentials("ann@example.com", testsite.Password)).want(t, 422)
	b.post("/login", credentials("ann@example.com", fresh)).want(t, 303)
	if m := server.Wait(t, "ann@example.com"); !strings.Contains(m.Subject, "your password was changed") {
		t.Errorf("after that %q arrived", m.Subject)
	}
}

// TestMail_ResetKeepsFactor resets a password that an operator has set: it need not be changed again, and the second factor stays.
func TestMail_ResetKeepsFactor(t *testing.T) {
	t.Parallel()
	s, server := mailSite(t)
	_, id := s.Account(t, "ann", account.Customer)
	for _, statement := range []string{
		"UPDATE accounts SET must_change_password = true WHERE id = $1", "INSERT INTO factors (account_id, secret, last_step) VALUES ($1, '', 0)",
	} {
		if _, err := s.Instances[0].Primary.Exec(t.Context(), statement, id); err != nil {
			t.Fatal(err)
		}
	}
	b := visitor(t, s.URL)
	b.post("/forgot", url.Values{"email": {"ann@example.com"}}).want(t, 303)
	b.post(server.Wait(t, "ann@example.com").Path(t, mailBase), url.Values{"password": {"a password that is new"}}).want(t, 303)
	if got := b.post("/login", credentials("ann@example.com", "a password that is new")).want(t, 303); got.location() != "/login/code" {
		t.Errorf("signing in leads to %s", got.location())
	}
	if _, err := s.Instances[0].Primary.Exec(t.Context(), "DELETE FROM factors WHERE account_id = $1", id); err != nil {
		t.Fatal(err)
	}
	if got := b.post("/login", credentials("ann@example.com", "a password that is new")).want(t, 303); got.location() != "/tickets" {
		t.Errorf("without a factor signing in leads to %s", got.location())
	}
}

// TestMail_ResetExpired also has a link of the wrong kind.
func TestMail_ResetExpired(t *testing.T) {
	t.Parallel()
	s, server := mailSite(t)
	s.Account(t, "ann", account.Customer)
	b := visitor(t, s.URL)
	b.post("/forgot", url.Values{"email": {"ann@example.com"}}).want(t, 303)
	path := server.Wait(t, "ann@example.com").Path(t, mailBase)
	b.get(strings.Replace(path, "/reset/", "/confirm/", 1)).want(t, 404)
	b.post(strings.Replace(path, "/reset/", "/confirm/", 1), nil).want(t, 404)
	for _, later := range []string{"30 minutes", "10 seconds"} {
		if _, err := s.Instances[0].Primary.Exec(t.Context(), "UPDATE account_links SET expires_at_ms = expires_at_ms - extract(epoch FROM $1::interval) * 1000", later); err != nil {
			t.Fatal(err)
		}
	}
	b.get(path).want(t, 404)
	b.post(path, url.Values{"password": {"a password that is new"}}).want(t, 404)
	b.login("ann@example.com")
}

func TestMail_Ticket(t *testing.T) {
	t.Parallel()
	s, server := mailSite(t)
	customer, user := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	vietnamese := []string{"Accept-Language", "vi", "Content-Type", "application/x-www-form-urlencoded"}

	id := customer.submit(someID)
	want := func(about string, path string, texts ...string) {
		t.Helper()
		m := server.WaitFor(t, about, func(m testmail.Message) bool { return strings.Contains(m.Subject, about) })
		if m.To != "customer@example.com" || m.Path(t, mailBase) != path {
			t.Errorf("%s went to %s and leads to %s, want %s", about, m.To, m.Path(t, mailBase), path)
		}
		for _, text := range texts {
			if !strings.Contains(m.Text, text) {
				t.Errorf("%s does not say %q:\n%s", about, text, m.Text)
			}
		}
		for _, secret := range []string{"Nguy", "B1234567", "1990", "by hand", "internal"} {
			if strings.Contains(m.Text+m.Subject, secret) {
				t.Errorf("%s says %q:\n%s", about, secret, m.Text)
			}
		}
	}
	want("we have received your ticket", "/tickets/"+id)
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"name_mismatch"}, "comment": {"written by hand"}, "note": {"internal"}}).want(t, 303)
	reason, _ := testsite.Form().Reason("name_mismatch")
	want("your ticket was rejected", "/tickets/"+id, strings.Fields(reason.Text)[0])

	again := answers("0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c002")
	second := customer.send(http.MethodPost, "/tickets", strings.NewReader(again.Encode()), vietnamese...).want(t, 303).location()
	want("chúng tôi đã nhận yêu cầu của bạn", second)
	agent.post("/review/"+strings.TrimPrefix(second, "/tickets/")+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	want("yêu cầu của bạn đã được duyệt", second)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	admin.post("/review/"+strings.TrimPrefix(second, "/tickets/")+"/revoke", url.Values{"version": {"2"}, "reason": {"name_mismatch"}, "note": {"internal"}}).want(t, 303)
	want("phê duyệt của bạn đã bị thu hồi", second, "không còn hiệu lực")

	key := s.Key(t, "all", account.Scopes...) // another system's users have no e-mail, also if their id is that of an account
	visitor(t, s.URL).send(http.MethodPost, "/api/v1/tickets", strings.NewReader(`{"user_id":"`+user+`","extra":`+systemsAnswers+`}`),
		"Authorization", "Bearer "+key, "Content-Type", "application/json", "Idempotency-Key", "k").want(t, 201)
	customer.post("/forgot", url.Values{"email": {"customer@example.com"}}).want(t, 303)
	if m := server.Wait(t, "customer@example.com"); !strings.Contains(m.Subject, "mật khẩu mới") {
		t.Errorf("after a submission by another system %q arrived", m.Subject)
	}
}

const systemsAnswers = `{"full_name":"A","date_of_birth":"1990-01-31","nationality":"VNM","document_type":"passport",` +
	`"issuing_country":"VNM","document_number":"B1234567","expiry_date":"2040-01-01","consent":true}`

func TestMail_NewDevice(t *testing.T) {
	t.Parallel()
	s, server := mailSite(t)
	_, id := s.Account(t, "ann", account.Customer)
	first, second := visitor(t, s.URL), visitor(t, s.URL)
	first.login("ann@example.com") // the account is new
	if _, err := s.Instances[0].Primary.Exec(t.Context(), "UPDATE accounts SET created_at_ms = 0 WHERE id = $1", id); err != nil {
		t.Fatal(err)
	}
	first.login("ann@example.com") // the device is known
	second.login("ann@example.com")
	if m := server.Wait(t, "ann@example.com"); !strings.Contains(m.Subject, "new device") {
		t.Errorf("%q arrived", m.Subject)
	}
	second.login("ann@example.com")
	second.post("/forgot", url.Values{"email": {"ann@example.com"}}).want(t, 303)
	if m := server.Wait(t, "ann@example.com"); !strings.Contains(m.Subject, "new password") {
		t.Errorf("then %q arrived", m.Subject)
	}
	for range 5 { // the two before count, also that of the new account
		visitor(t, s.URL).login("ann@example.com")
	}
	second.post("/forgot", url.Values{"email": {"ann@example.com"}}).want(t, 303)
	told := 0
	for ; !strings.Contains(server.Wait(t, "ann@example.com").Subject, "new password"); told++ {
	}
	if told != 3 {
		t.Errorf("%d more e-mails tell of a new device, want 3", told)
	}
}

// TestMail_NoAddress asks for e-mails to what can be no address: it is answered like an address without an account.
func TestMail_NoAddress(t *testing.T) {
	t.Parallel()
	s, server := mailSite(t)
	b := visitor(t, s.URL)
	for _, path := range []string{"/forgot", "/confirm"} {
		for _, email := range []string{"ann\x00@example.com", "ann\xff@example.com", "ann@example.com\r\nBcc: bob@example.com", "@"} {
			if got := b.post(path, url.Values{"email": {email}}).want(t, 303); got.location() != "/sent" {
				t.Errorf("%s with %q leads to %s", path, email, got.location())
			}
		}
	}
	if n := server.Count(); n != 0 {
		t.Errorf("%d e-mails were sent", n)
	}
}

func TestMail_Limits(t *testing.T) {
	t.Parallel()
	s, _ := mailSite(t)
	b := visitor(t, s.URL)
	for range 6 {
		b.post("/signup", credentials("ann@example.com", "short")).want(t, 422, "12 to 200 characters")
	}
	for _, path := range []string{"/forgot", "/confirm", "/forgot", "/confirm", "/signup"} {
		b.post(path, credentials("ann@example.com", testsite.Password)).want(t, 303)
	}
	for _, path := range []string{"/forgot", "/confirm", "/signup"} {
		got := b.post(path, credentials("Ann@example.com", testsite.Password)).want(t, 429, "Too many e-mails", "Ann@example.com")
		if got.header.Get("Retry-After") != "3600" {
			t.Errorf("%s: Retry-After is %q", path, got.header.Get("Retry-After"))
		}
	}
	from := func(client, email string) reply {
		return b.post("/forgot", url.Values{"email": {email}}, "X-Forwarded-For", client)
	}
	for n := range 200 {
		from("2001:db8::"+strconv.Itoa(n), "user"+strconv.Itoa(n)+"@example.com").want(t, 303)
	}
	from("2001:db8::ffff:1", "last@example.com").want(t, 429)
	from("2001:db8:0:1::1", "last@example.com").want(t, 303)
}

func TestMail_Off(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := visitor(t, s.URL)
	if got := b.get("/login").want(t, 200); strings.Contains(got.body, "/forgot") {
		t.Error("the page to sign in offers an e-mail")
	}
	b.get("/forgot").want(t, 404)
	b.post("/signup", credentials("ann@example.com", testsite.Password)).want(t, 303)
	id := b.submit(someID)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	agent.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	var waiting int
	if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT count(*) FROM outbox").Scan(&waiting); err != nil || waiting > 0 {
		t.Errorf("%d e-mails wait although none is sent, %v", waiting, err)
	}
}

func TestMail_DevFolder(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "mail")
	s := testsite.StartWith(t, testdb.New(t), app.Config{BaseURL: mailBase, Mail: app.Mail{Folder: folder}})
	b := visitor(t, s.URL)
	b.get("/dev/mail").want(t, 200, "There is none yet")
	b.post("/signup", credentials("ann@example.com", testsite.Password)).want(t, 303)
	b.get("/tickets").want(t, 200) // nobody is asked to confirm an address
	b.post("/forgot", url.Values{"email": {"ann@example.com"}}).want(t, 303)
	var name string
	for name == "" && t.Context().Err() == nil {
		_, rest, _ := strings.Cut(b.get("/dev/mail").want(t, 200).body, `href="/dev/mail/`)
		name, _, _ = strings.Cut(rest, `"`)
	}
	letter := b.get("/dev/mail/"+name).want(t, 200, "ann@example.com", `href="`+mailBase+"/reset/")
	_, rest, _ := strings.Cut(letter.body, `href="`+mailBase)
	path, _, _ := strings.Cut(rest, `"`)
	b.get(path).want(t, 200)
	if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.Mode() != 0o600 {
		t.Errorf("the file: %v, %v", info.Mode(), err)
	}
	for _, other := range []string{"none.eml", "..%2Fsecret.eml", "%2Fetc%2Fpasswd"} {
		b.get("/dev/mail/"+other).want(t, 404)
	}
	elsewhere := httptest.NewRequest(http.MethodGet, "/dev/mail", nil)
	elsewhere.RemoteAddr = "192.0.2.7:1234"
	answer := httptest.NewRecorder()
	s.Instances[0].Web.ServeHTTP(answer, elsewhere)
	if answer.Code != http.StatusNotFound {
		t.Errorf("another machine gets %d", answer.Code)
	}
}
