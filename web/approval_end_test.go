package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testmail"
	"docket/internal/testkit/testsite"
)

// accessForm asks for access to a system. more are further lines.
func accessForm(more string) []byte {
	return []byte(`
name: access
title: Access
` + more + `
fields:
  - {name: system, label: System, type: choice, required: true, options: [{value: crm, label: CRM}, {value: payroll, label: Payroll}]}
  - {name: until, label: Until, type: date}
reasons:
  - {code: unclear, label: Unclear, class: retry, text: Please tell us more.}
  - {code: leaked, label: Leaked, class: final, text: It was taken back.}
`)
}

// startAccess runs a site with an accessForm.
func startAccess(t *testing.T, more string) *testsite.Site {
	t.Helper()
	f, err := formfile.Parse(accessForm(more))
	if err != nil {
		t.Fatal(err)
	}
	return testsite.Start(t, f, 2, testdb.NewWithReplica(t))
}

// ask submits a ticket for a user and returns its id.
func (p program) ask(user, system string) string {
	p.t.Helper()
	body := fmt.Sprintf(`{"user_id":%q,"extra":{"system":%q}}`, user, system)
	return read[endSeen](p.t, p.post("/api/v1/tickets", body, "Idempotency-Key", user+system+time.Now().String()).want(p.t, http.StatusCreated)).ID
}

// approve approves a ticket that was just submitted.
func (p program) approve(id string) {
	p.t.Helper()
	p.post("/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":1}`).want(p.t, http.StatusOK)
}

type endSeen struct {
	ID           string `json:"id"`
	ValidUntilMS int64  `json:"valid_until_ms"`
	DecidedAtMS  int64  `json:"decided_at_ms"`
}

// An approval that ends is not answered after that, by no way, and its event is there once.
func TestApproval_Ends(t *testing.T) {
	t.Parallel()
	s := startAccess(t, "approval: {valid_for: 4s}")
	all := programs(t, s)("all", account.Scopes...)
	id := all.ask("ann", "crm")
	all.approve(id)
	latest := "/api/v1/users/ann/latest-ticket"
	made := read[endSeen](t, all.get("/api/v1/tickets/"+id).want(t, http.StatusOK))
	if made.ValidUntilMS < made.DecidedAtMS+3000 || made.ValidUntilMS > made.DecidedAtMS+4000 {
		t.Errorf("it was decided at %d and ends at %d, want 4 s later", made.DecidedAtMS, made.ValidUntilMS)
	}
	etag := ""
	for {
		got := all.get(latest)
		if got.status == http.StatusNotFound {
			break
		}
		etag = got.header.Get("ETag")
		got.want(t, http.StatusOK, fmt.Sprintf(`"valid_until_ms":%d`, made.ValidUntilMS))
	}
	all.get(latest).refuses(t, http.StatusNotFound, "approval_expired")
	all.get(latest, "Cache-Control", "no-cache").refuses(t, http.StatusNotFound, "approval_expired")
	all.get(latest, "If-None-Match", etag).refuses(t, http.StatusNotFound, "approval_expired")
	all.send(http.MethodHead, latest, "").want(t, http.StatusNotFound)
	all.post("/api/v1/latest-tickets", `{"user_ids":["ann"]}`).want(t, http.StatusOK, `"ticket":null`)
	all.get("/api/v1/users/ann/latest-tickets").want(t, http.StatusOK, `{"items":[]}`)

	events := all.get("/api/v1/events?types=approval.expired&wait=20").want(t, http.StatusOK, id, `"status":"approved"`, `"version":3`)
	if n := strings.Count(events.body, "approval.expired"); n != 1 {
		t.Errorf("%d events, want one: %s", n, events.body)
	}
	all.get("/api/v1/tickets/"+id).want(t, http.StatusOK, `"status":"approved"`, `"kind":"expired"`)

	second := all.ask("ann", "crm") // and a new one is the latest again
	all.approve(second)
	all.get(latest, "Cache-Control", "no-cache").want(t, http.StatusOK, second)
}

// The latest approval is known for each subject, and each may have one open ticket.
func TestLatestPer(t *testing.T) {
	t.Parallel()
	s := startAccess(t, "latest_per: system")
	all := programs(t, s)("all", account.Scopes...)
	latest := "/api/v1/users/ann/latest-ticket"
	crm := all.ask("ann", "crm")
	all.post("/api/v1/tickets", `{"user_id":"ann","extra":{"system":"crm"}}`, "Idempotency-Key", "again").refuses(t, http.StatusConflict, "open_ticket_exists")
	payroll := all.ask("ann", "payroll")
	all.get(latest+"?for=crm").refuses(t, http.StatusNotFound, "no_approved_ticket")
	all.approve(crm)
	all.approve(payroll)
	all.get(latest+"?for=crm").want(t, http.StatusOK, crm, `"subject":"crm"`)
	all.get(latest+"?for=payroll").want(t, http.StatusOK, payroll, `"subject":"payroll"`)
	all.get(latest).want(t, http.StatusOK, payroll)
	all.get(latest+"?for=nothing").refuses(t, http.StatusNotFound, "no_approved_ticket")
	all.get(latest+"?for=c%00").refuses(t, http.StatusUnprocessableEntity, "invalid", "for not_an_option")
	all.post("/api/v1/latest-tickets", `{"user_ids":["ann","bob"],"for":"crm"}`).want(t, http.StatusOK, crm, `{"user_id":"bob","ticket":null}`)
	listed := all.get("/api/v1/users/ann/latest-tickets").want(t, http.StatusOK, crm, payroll)
	if strings.Index(listed.body, crm) > strings.Index(listed.body, payroll) {
		t.Errorf("not in the order of the subjects: %s", listed.body)
	}

	admin, _ := signedIn(t, s, "admin", account.Admin)
	admin.post("/review/"+crm+"/revoke", revocation("2", "unclear")).want(t, http.StatusSeeOther)
	all.get(latest+"?for=crm").refuses(t, http.StatusNotFound, "no_approved_ticket")
	all.get(latest+"?for=payroll").want(t, http.StatusOK, payroll)
	all.get(latest).want(t, http.StatusOK, payroll)
	again := all.ask("ann", "crm")
	all.approve(again)
	all.get(latest+"?for=crm").want(t, http.StatusOK, again)
}

func TestLatestPer_NotInTheForm(t *testing.T) {
	t.Parallel()
	s := startAccess(t, "")
	all := programs(t, s)("all", account.Scopes...)
	all.get("/api/v1/users/ann/latest-ticket?for=crm").refuses(t, http.StatusUnprocessableEntity, "invalid", "for not_an_option")
	all.post("/api/v1/latest-tickets", `{"user_ids":["ann"],"for":"crm"}`).refuses(t, http.StatusUnprocessableEntity, "invalid", "for not_an_option")
	all.get("/api/v1/users/ann/latest-tickets").want(t, http.StatusOK, `{"items":[]}`)
}

// The owner sees when an approval ends, in the list and on its page, and is asked again before; with latest_per the form is open while
// another subject waits.
func TestApproval_Pages(t *testing.T) {
	t.Parallel()
	s := startAccess(t, "latest_per: system\napproval: {valid_for: 20d, ask_again: 30d}")
	customer, user := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	all := programs(t, s)("all", account.Scopes...)
	submit := func(system string) reply {
		t.Helper()
		return customer.post("/tickets", url.Values{"submission_id": {uuid.NewString()}, "system": {system}})
	}
	crm := strings.TrimPrefix(submit("crm").want(t, http.StatusSeeOther).location(), "/tickets/")
	submit("crm").want(t, http.StatusConflict)
	customer.get("/tickets/new").want(t, http.StatusOK, `name="system"`)
	submit("payroll").want(t, http.StatusSeeOther)
	all.approve(crm)

	day := time.Now().UTC().AddDate(0, 0, 20).Format("2006")
	customer.get("/tickets/"+crm).want(t, http.StatusOK, "Valid until", "The approval is valid until", day, "Start a new ticket")
	customer.get("/tickets").want(t, http.StatusOK, "The approval is valid until", "Ask for a new one")
	agent.get("/review/"+crm).want(t, http.StatusOK, "The approval is valid until")
	submit("crm").want(t, http.StatusSeeOther)
	if body := customer.get("/tickets").want(t, http.StatusOK, "The approval is valid until").body; strings.Contains(body, "Ask for a new one") {
		t.Error("the user is asked again while a new ticket waits")
	}
	all.get("/api/v1/users/"+user+"/latest-ticket?for=crm").want(t, http.StatusOK, crm)
}

// Before an approval ends its owner gets one e-mail.
func TestApproval_Reminder(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse(accessForm("approval: {valid_for: 20d, ask_again: 30d}"))
	if err != nil {
		t.Fatal(err)
	}
	server := testmail.Start(t)
	s := testsite.StartWith(t, testdb.New(t), app.Config{Form: f, BaseURL: mailBase, Mail: app.Mail{ServerURL: server.URL, From: "Tickets <tickets@docket.test>"}})
	for sends := false; !sends; { // rows are written from then on
		if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT mail_is_sent()").Scan(&sends); err != nil {
			t.Fatal(err)
		}
	}
	customer, _ := signedIn(t, s, "customer", account.Customer)
	id := strings.TrimPrefix(customer.post("/tickets", url.Values{"submission_id": {someID}, "system": {"crm"}}).want(t, http.StatusSeeOther).location(), "/tickets/")
	programs(t, s)("all", account.Scopes...).approve(id)
	m := server.WaitFor(t, "the reminder", func(m testmail.Message) bool { return strings.Contains(m.Subject, "your approval ends soon") })
	if path := m.Path(t, mailBase); path != "/tickets/"+id {
		t.Errorf("the e-mail leads to %s", path)
	}
}

// endedApproval adds the latest approval of the user u-ended, which has ended, and returns its ticket.
func endedApproval(t *testing.T, s *testsite.Site) (id string) {
	t.Helper()
	id = uuid.NewString()
	execute(t, s, strings.ReplaceAll(`WITH latest AS (
			INSERT INTO user_tickets (user_id, ticket_id, extra, decided_by, valid_until_ms, created_at_ms, updated_at_ms) VALUES ('u-ended', 'ID', '{}', 'agent:a', 2000, 1000, 1000)
		)
		INSERT INTO tickets (id, user_id, status, version, extra, valid_until_ms, created_at_ms, updated_at_ms, decided_by, decided_at_ms, submitted_by, submission_key)
		VALUES ('ID', 'u-ended', 'approved', 2, '{}', 2000, 1000, 1000, 'agent:a', 1000, 'key:all', 'ID');
		UPDATE tickets SET version = version + 1, expired_at_ms = 2000 WHERE id = 'ID'`, "ID", id))
	return id
}
