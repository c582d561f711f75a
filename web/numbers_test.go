package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// countNumbers counts until something of a kind is counted: an instance counts nothing while another one does.
func countNumbers(t *testing.T, s *testsite.Site, what string) {
	t.Helper()
	for counted := false; !counted; {
		err := s.Instances[0].Rollups.Count(t.Context())
		if err == nil {
			err = s.Instances[0].Primary.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM rollup_days WHERE what = $1)", what).Scan(&counted)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestNumbers_OwnAndTeam(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	colleague, _ := signedIn(t, s, "colleague", account.Agent)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	day := time.Now().UTC().Format(time.DateOnly)
	id := customer.submit(someID)
	agent.get("/review/"+id).want(t, 200)
	agent.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	countNumbers(t, s, "approved")
	agent.get("/numbers").want(t, 200, "agent@example.com</bdi>", "Sent and decided", "<table")
	if body := colleague.get("/numbers").want(t, 200, "colleague@example.com</bdi>").body; strings.Contains(body, "agent@example.com</bdi></th>") {
		t.Error("an agent reads what a colleague did")
	}
	admin.get("/numbers?from="+day).want(t, 200, "agent@example.com</bdi></th>")
	fragment := admin.get("/numbers", "HX-Request", "true").want(t, 200, `<section id="numbers"`)
	if strings.Contains(fragment.body, "<html") {
		t.Error("htmx gets the whole page")
	}
}

func TestNumbers_WrongRange(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	for _, query := range []string{"from=yesterday", "from=2020-01-01&to=2026-01-01", "from=2026-02-02&to=2026-02-01", "status=approved"} {
		agent.get("/numbers?"+query).want(t, 422)
	}
	agent.get("/numbers?from=2020-01-01&to=2020-01-02").want(t, 200, "Nothing in this time.")
}

// TestUsualWait_ToldToCustomers has twenty tickets that were decided after two and a half hours: then customers are told, before they
// send and after.
func TestUsualWait_ToldToCustomers(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.New(t))
	customer, _ := signedIn(t, s, "customer", account.Customer)
	if body := customer.get("/tickets/new").want(t, 200).body; strings.Contains(body, "Usually decided") {
		t.Error("without decisions a customer is told how long they take")
	}
	execute(t, s, `INSERT INTO tickets (id, user_id, status, version, extra, decided_by, decided_at_ms, reject_reason, reject_comment, created_at_ms, updated_at_ms)
		SELECT gen_random_uuid(), 'u' || n, 'rejected', 2, '{}', 'agent:a', ms, 'other', '', ms - 9000000, ms FROM generate_series(1, 20) n, now_ms() ms`)
	countNumbers(t, s, "wait")
	customer.url = s.URLs[1] // the first instance remembers for some minutes that it is not known
	customer.get("/tickets/new").want(t, 200, "Usually decided within 3 hours.")
	id := customer.submit(someID)
	customer.get("/tickets/"+id).want(t, 200, "Usually decided within 3 hours.")
}

func TestFormPreview_EveryLanguage(t *testing.T) {
	t.Parallel()
	s := rulesSite(t)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	admin.get("/admin").want(t, 200, `href="/admin/form"`)
	page := admin.get("/admin/form").want(t, 200, "Born", "<fieldset class=\"ticket-form\" disabled>")
	if strings.Contains(page.body, `action="/tickets"`) {
		t.Error("the preview can be sent")
	}
	admin.get("/admin/form?language=vi").want(t, 200, `lang="vi"`, "Sinh")
	admin.get("/admin/form?language=xx").want(t, 422)
	admin.get("/admin/form", "Accept-Language", "vi").want(t, 200, "Sinh")
}

// TestFormMail_EveryLanguage shows the e-mails of the form for an example, in each language.
func TestFormMail_EveryLanguage(t *testing.T) {
	t.Parallel()
	s := rulesSite(t)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	admin.get("/admin/form").want(t, 200, `href="/admin/form/mail"`)
	admin.get("/admin/form/mail").want(t, 200, "It was rejected", "Your ticket was approved", "In docket&#39;s own words.", "/tickets/0199c1f0-", "This docket sends no e-mail.", "Never sent")
	admin.get("/admin/form/mail?language=vi").want(t, 200, `lang="vi"`, "đã được duyệt")
	admin.get("/admin/form/mail?language=xx").want(t, 422)
	admin.get("/admin/form/mail", "Accept-Language", "vi").want(t, 200).lacks(t, "Your ticket was approved")
}
