package web_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

// patience is how long a test waits for what is done soon, on a machine that is busy with other things.
const patience = time.Minute

// audited fails unless an actor did this, in any order: what is written in batches may be some milliseconds late.
func audited(t *testing.T, s *testsite.Site, actor string, want ...string) {
	t.Helper()
	var got []string
	for until := time.Now().Add(patience); ; {
		entries, _, err := s.Instances[0].Audit.List(t.Context(), audit.Filter{
			From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour), Actor: actor, Limit: 100,
		})
		if err != nil {
			t.Fatal(err)
		}
		got = nil
		for _, e := range entries {
			got = append(got, string(e.Action)+" "+e.Object)
			recorded := e.Action != audit.Approved && e.Action != audit.Rejected
			if recorded && (e.RequestID == "" || e.Client.String() != "127.0.0.1") {
				t.Errorf("%s of %s has the request %q and the client %s", e.Action, actor, e.RequestID, e.Client)
			}
		}
		if len(got) >= len(want) || time.Now().After(until) {
			break
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s did %q, want %q", actor, got, want)
	}
}

func TestAudit_Agent(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, agentID := signedIn(t, s, "agent", account.Agent)
	id := customer.submit(someID)
	agent.get("/review").want(t, 200)
	agent.get("/review?user=CANARY").want(t, 200)
	for range 3 {
		agent.get("/review", account.Background, "1").want(t, 200)
	}
	agent.get("/review/"+id).want(t, 200)
	agent.post("/review/"+id+"/claim", nil).want(t, 303)
	agent.get("/review/"+id).want(t, 200)
	agent.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	agent.get("/review/"+id).want(t, 200)
	object := " ticket:" + id
	audited(t, s, ticket.Agent(agentID), "signed_in account:"+agentID, "list_shown ", "search_shown ", "list_shown ",
		"unclaimed_ticket_opened"+object, "ticket_opened"+object, "approved"+object, "ticket_opened"+object)
	for until := time.Now().Add(patience); count(t, s, "SELECT count(*) FROM audit WHERE action = 'list_shown' AND count = 1") != 2; {
		if time.Now().After(until) {
			t.Fatal("the lists that were shown do not say how many tickets they had")
		}
	}
	if n := count(t, s, "SELECT count(*) FROM audit a WHERE a::text LIKE '%CANARY%'"); n != 0 {
		t.Error("the audit has what was searched for")
	}
}

func TestAudit_Key(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := programs(t, s)("crm", account.Scopes...)
	file := p.sendsPhoto("u-1")
	var id string
	if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT ticket_id FROM ticket_files").Scan(&id); err != nil {
		t.Fatal(err)
	}
	p.get("/api/v1/tickets").want(t, 200)
	p.get("/api/v1/users/u-1/tickets").want(t, 200)
	p.get("/api/v1/tickets/"+id).want(t, 200)
	p.get("/api/v1/tickets/"+uuid.NewString()).want(t, 404)
	p.get("/api/v1/files/"+file).want(t, 200)
	p.post("/api/v1/tickets/"+id+"/decision", `{"decision":"reject","version":1,"reason":"underage"}`).want(t, 200)
	audited(t, s, "key:crm", "list_shown ", "search_shown ", "ticket_opened ticket:"+id, "file_seen file:"+file, "rejected ticket:"+id)
}

func TestAudit_SignIn(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, agentID := signedIn(t, s, "agent", account.Agent)
	agent.post("/account/password", url.Values{"old_password": {testsite.Password}, "password": {"another long battery"}}).want(t, 303)
	agent.post("/logout", nil).want(t, 303)
	agent.post("/logout", nil).want(t, 303) // who is not signed in does not sign out
	agent.post("/login", url.Values{"email": {" Agent@example.com"}, "password": {"wrong"}}).want(t, 422)
	visitor(t, s.URL).post("/login", url.Values{"email": {"nobody@example.com"}, "password": {"wrong"}}).want(t, 422)
	visitor(t, s.URL).post("/signup", url.Values{"email": {"ann@example.com"}, "password": {"twelve chars, and more"}}).want(t, 303)
	var ann string
	if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT id FROM accounts WHERE email = 'ann@example.com'").Scan(&ann); err != nil {
		t.Fatal(err)
	}
	self, trail := " account:"+agentID, s.Instances[0].Audit
	audited(t, s, ticket.Agent(agentID), "signed_in"+self, "password_changed"+self, "signed_out"+self)
	audited(t, s, audit.Anonymous, "sign_in_failed "+trail.Email("agent@example.com"), "sign_in_failed "+trail.Email("nobody@example.com"))
	audited(t, s, ticket.User(ann), "account_added account:"+ann, "signed_in account:"+ann)
	if n := count(t, s, "SELECT count(*) FROM audit a WHERE a::text LIKE '%@%'"); n != 0 {
		t.Error("the audit has an e-mail address")
	}
}

func TestAudit_Page(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin, adminID := signedIn(t, s, "admin", account.Admin)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, agentID := signedIn(t, s, "agent", account.Agent)
	id := customer.submit(someID)
	agent.get("/review/"+id).want(t, 200)
	agent.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	self, object := " account:"+agentID, " ticket:"+id
	audited(t, s, ticket.Agent(agentID), "signed_in"+self, "unclaimed_ticket_opened"+object, "approved"+object)

	admin.get("/review").want(t, 200, `href="/admin/audit"`)
	admin.get("/admin/audit").want(t, 200, "agent@example.com", "customer@example.com", "Ticket opened without a claim", "/review/"+id, "127.0.0.1")
	of := admin.get("/admin/audit?actor=Agent@example.com").want(t, 200, "Approved", "Signed in")
	if strings.Contains(of.body, "customer@example.com") {
		t.Error("a list of what the agent did names the customer")
	}
	if got := admin.get("/admin/audit?actor=agent:"+agentID+"&action=approved").want(t, 200, "Approved"); strings.Count(got.body, "<tr>") != 2 {
		t.Errorf("a list of one approval and a row of names is\n%s", got.body)
	}
	admin.get("/admin/audit?ticket="+id).want(t, 200, "Ticket opened without a claim", "Approved")
	admin.get("/admin/audit?actor=key:none", "HX-Request", "true").want(t, 200, "Nothing was recorded")
	for _, query := range []string{"actor=nobody@example.com", "actor=a%00b", "action=nothing", "ticket=x", "from=x", "from=2026-01-01&to=2026-03-01", "cursor=x"} {
		admin.get("/admin/audit?"+query).want(t, 422, `class="problem"`)
	}
	execute(t, s, "INSERT INTO audit (actor, action) SELECT 'key:busy', 'list_shown' FROM generate_series(1, 60)")
	first := admin.get("/admin/audit?actor=key:busy").want(t, 200, `rel="next"`)
	next := strings.ReplaceAll(regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(first.body)[1], "&amp;", "&")
	rest := admin.get(next).want(t, 200, "First page")
	if n := strings.Count(first.body, "<tr>") + strings.Count(rest.body, "<tr>"); n != 62 {
		t.Errorf("two pages have %d rows, want 60 and two of names", n)
	}
	admin.get(strings.Replace(next, "busy", "idle", 1)).want(t, 422)
	for until := time.Now().Add(patience); count(t, s, "SELECT count(*) FROM audit WHERE action = 'audit_shown' AND actor = 'agent:' || $1 AND count = 50", adminID) == 0; {
		if time.Now().After(until) {
			t.Fatal("that the audit was shown is not recorded")
		}
	}
}

// TestAudit_FileNotRecorded asks for a file while the audit cannot be written: only its owner is shown it.
func TestAudit_FileNotRecorded(t *testing.T) {
	t.Parallel()
	s := start(t)
	owner, ownerID := signedIn(t, s, "owner", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	p := programs(t, s)("crm", account.Scopes...)
	file := p.sendsPhoto(ownerID)
	agent.get("/files/"+file).want(t, 200)
	execute(t, s, "ALTER TABLE audit RENAME TO elsewhere")
	for name, got := range map[string]reply{"an agent": agent.get("/files/" + file), "a key": p.get("/api/v1/files/" + file)} {
		if got.status != 500 || strings.HasPrefix(got.body, "\xff\xd8") {
			t.Errorf("%s gets %d and %d bytes", name, got.status, len(got.body))
		}
	}
	owner.get("/files/"+file).want(t, 200)
	agent.get("/review").want(t, 200) // that is recorded as soon as it can be
	execute(t, s, "ALTER TABLE elsewhere RENAME TO audit")
}
