package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/audit"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testmail"
	"docket/internal/testkit/testprovider"
	"docket/internal/testkit/testsite"
)

// TestCitus_People invites an agent and changes the account, and has a customer get the e-mails about tickets, on a Citus cluster. Then the customer is erased by command.
func TestCitus_People(t *testing.T) {
	f, err := formfile.Parse(accessForm("approval: {valid_for: 20d, ask_again: 30d}"))
	if err != nil {
		t.Fatal(err)
	}
	server := testmail.Start(t)
	s := startCitus(t, app.Config{Form: f, BaseURL: mailBase, Mail: app.Mail{ServerURL: server.URL, From: "Tickets <tickets@docket.test>"}})
	waitFor(t, s, "SELECT mail_is_sent()")
	run := uuid.NewString()
	admin, _ := signedIn(t, s, "admin-"+run, account.Admin)
	customer, user := signedIn(t, s, "customer-"+run, account.Customer)

	email := "new-" + run + "@example.com"
	admin.post("/admin/people", url.Values{"email": {email}, "role": {"agent"}}).want(t, http.StatusSeeOther)
	agent := visitor(t, s.URL)
	agent.post(server.Wait(t, email).Path(t, mailBase), url.Values{"password": {testsite.Password}}).want(t, http.StatusSeeOther)
	agent.post("/login", credentials(email, testsite.Password)).want(t, http.StatusSeeOther)

	forgetPassword(t, s, server, "forgetful-"+run+"@example.com")

	submit := func() string {
		t.Helper()
		return strings.TrimPrefix(customer.post("/tickets", url.Values{"submission_id": {uuid.NewString()}, "system": {"crm"}}).want(t, http.StatusSeeOther).location(), "/tickets/")
	}
	mailed := func(about, id string) {
		t.Helper()
		m := server.WaitFor(t, about, func(m testmail.Message) bool { return strings.Contains(m.Subject, about) })
		if m.To != "customer-"+run+"@example.com" || m.Path(t, mailBase) != "/tickets/"+id {
			t.Errorf("%s went to %s and leads to %s, want the customer and %s", about, m.To, m.Path(t, mailBase), id)
		}
	}
	first := submit()
	mailed("we have received your ticket", first)
	agent.post("/review/"+first+"/reject", url.Values{"version": {"1"}, "reason": {"unclear"}}).want(t, http.StatusSeeOther)
	mailed("your ticket was rejected", first)
	second := submit()
	agent.post("/review/"+second+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	mailed("your approval ends soon", second)

	page := "/admin/people/" + text(t, s, "SELECT id::text FROM accounts WHERE email = '"+email+"'")
	change := func(name, role string) {
		t.Helper()
		version := seenVersion(t, admin.get(page).want(t, http.StatusOK).body)
		admin.post(page, url.Values{"change": {name}, "role": {role}, "version": {version}}).want(t, http.StatusSeeOther)
	}
	change("role", "admin")
	change("disable", "")
	if to := agent.get("/review").location(); !strings.HasPrefix(to, "/login") {
		t.Errorf("a disabled agent gets to %q, want to sign in", to)
	}
	change("enable", "")
	agent.post("/login", credentials(email, testsite.Password)).want(t, http.StatusSeeOther)
	agent.enrol(t, url.Values{"password": {testsite.Password}})
	change("factor_off", "")
	agent.post("/login", credentials(email, testsite.Password)).want(t, http.StatusSeeOther)
	agent.get("/admin/people").want(t, http.StatusOK)
	change("sign_out", "")
	agent.get("/review").want(t, http.StatusSeeOther)
	countLate(t, s, server, user)
	if done, _, err := s.Instances[0].Erasures.EraseUser(t.Context(), user, audit.CLI, "request"); err != nil || done.Tickets != 3 {
		t.Errorf("%d tickets were erased (%v), want 3", done.Tickets, err)
	}
	wantNoError(t, s)
}

// forgetPassword has somebody sign up, forget the password, and choose another.
func forgetPassword(t *testing.T, s *testsite.Site, server *testmail.Server, email string) {
	t.Helper()
	const fresh = "a password that is new"
	b := visitor(t, s.URL)
	b.post("/signup", credentials(email, testsite.Password)).want(t, http.StatusSeeOther)
	b.post(server.Wait(t, email).Path(t, mailBase), nil).want(t, http.StatusSeeOther)
	b.post("/login", credentials(email, testsite.Password)).want(t, http.StatusSeeOther)
	b.post("/forgot", url.Values{"email": {email}}).want(t, http.StatusSeeOther)
	b.post(server.Wait(t, email).Path(t, mailBase), url.Values{"password": {fresh}}).want(t, http.StatusSeeOther)
	b.post("/login", credentials(email, testsite.Password)).want(t, http.StatusUnprocessableEntity)
	b.post("/login", credentials(email, fresh)).want(t, http.StatusSeeOther)
	b.get("/tickets").want(t, http.StatusOK)
}

// TestCitus_Provider has a customer and an agent sign in at a provider on a Citus cluster, the agent's role and team change, and the customer be erased.
func TestCitus_Provider(t *testing.T) {
	p := testprovider.Start(t, providerAgent, providerAdmin, providerCustomer)
	s := providerSite{startCitus(t, app.Config{Form: testsite.Form(), Undo: new(time.Duration(0)), Provider: p.Config(), Local: account.LocalCustomers}), p, nil}
	p.Run(t, s.URL)
	s.waitUntilReady(t)
	customer, got := s.signedInAtProvider(t, "ann")
	if got.want(t, http.StatusSeeOther).location() != "/tickets" {
		t.Fatalf("a customer gets to %s", got.location())
	}
	id := customer.submit(uuid.NewString())
	former, _ := s.signedInAtProvider(t, "linh")
	former.post("/review/"+id+"/claim", nil).want(t, http.StatusSeeOther)
	former.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	customer.get("/tickets/"+id).want(t, http.StatusOK, `data-status="approved"`)
	former.get("/account").want(t, http.StatusOK, "linh@example.com")
	if teams, err := s.Instances[0].Accounts.Teams(t.Context(), accountOf(t, s, "linh@example.com")); err != nil || len(teams) != 1 {
		t.Errorf("the teams are %v (%v), want one", teams, err)
	}
	changed := providerAgent
	changed.Groups = []string{"docket-admin"}
	p.Set(changed)
	admin, _ := s.signedInAtProvider(t, "linh")
	former.get("/review").want(t, http.StatusSeeOther)
	const page = "/admin/users/u-1042"
	admin.get(page).want(t, http.StatusOK, "ann@example.com")
	admin.post(page+"/erase", url.Values{"confirm": {"u-1042"}, "reason": {"request"}}).want(t, http.StatusSeeOther)
	customer.get("/tickets").want(t, http.StatusSeeOther)
	if n := count(t, s.Site, "SELECT count(*) FROM accounts WHERE email = 'ann@example.com'"); n != 0 {
		t.Error("the account of the erased customer is there")
	}
	changed.Groups = nil
	p.Set(changed)
	_, got = s.signedInAtProvider(t, "linh")
	got.want(t, http.StatusForbidden)
	admin.get("/review").want(t, http.StatusSeeOther)
	wantNoError(t, s.Site)
}

// countLate adds a ticket of a user that was rejected half a day ago, and waits until it is counted although that time was settled. It is too late for an e-mail.
func countLate(t *testing.T, s *testsite.Site, server *testmail.Server, user string) {
	t.Helper()
	server.Refuse(func(string) error { return &smtp.SMTPError{Code: 451, Message: "later"} }) // what is written stays in the outbox
	execute(t, s, "UPDATE rollup_state SET settled_ms = now_ms() - now_ms() % 1800000 - 7200000")
	at := time.Now().Add(-12 * time.Hour).UnixMilli()
	id := uuid.New()
	execute(t, s, `INSERT INTO tickets (id, user_id, submitted_by, status, version, extra, decided_by, decided_at_ms, reject_reason, reject_reasons, reject_comment, created_at_ms, updated_at_ms)
		VALUES ($1, $2, 'user:' || $2, 'rejected', 2, '{}', 'agent:late', $3, 'unclear', '{unclear}', '', $3, $3)`, id, user, at)
	waitFor(t, s, "SELECT count(*) = 2 FROM ticket_events WHERE user_id = $1 AND ticket_id = $2 AND seq IS NOT NULL", user, id)
	if n := count(t, s, "SELECT count(*) FROM outbox WHERE ticket_id = $1", id); n != 0 {
		t.Errorf("%d e-mails about what is half a day old, want none", n)
	}
	if err := s.Instances[0].Rollups.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s, "SELECT count(*) FROM rollup_slots WHERE at_ms = $1 AND what = 'rejected'", at-at%1800000); n == 0 {
		t.Error("a rejection that came late is not counted")
	}
}
