package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/audit"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testmail"
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
	countLate(t, s)
	if done, _, err := s.Instances[0].Erasures.EraseUser(t.Context(), user, audit.CLI, "request"); err != nil || done.Tickets != 2 {
		t.Errorf("%d tickets were erased (%v), want 2", done.Tickets, err)
	}
	wantNoError(t, s)
}

// countLate adds a ticket that was rejected half a day ago, and waits until it is counted although that time was settled.
func countLate(t *testing.T, s *testsite.Site) {
	t.Helper()
	execute(t, s, "UPDATE rollup_state SET settled_ms = now_ms() - now_ms() % 1800000 - 7200000")
	at := time.Now().Add(-12 * time.Hour).UnixMilli()
	execute(t, s, `INSERT INTO tickets (id, user_id, status, version, extra, decided_by, decided_at_ms, reject_reason, reject_reasons, reject_comment, created_at_ms, updated_at_ms)
		VALUES ($1, 'late', 'rejected', 2, '{}', 'agent:late', $2, 'unclear', '{unclear}', '', $2, $2)`, uuid.New(), at)
	waitFor(t, s, "SELECT NOT EXISTS (SELECT FROM ticket_events WHERE user_id = 'late' AND seq IS NULL)")
	if err := s.Instances[0].Rollups.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s, "SELECT count(*) FROM rollup_slots WHERE at_ms = $1 AND what = 'rejected'", at-at%1800000); n == 0 {
		t.Error("a rejection that came late is not counted")
	}
}
