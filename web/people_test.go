package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/audit"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testmail"
	"docket/internal/testkit/testsite"
)

// seenVersion is the version of the account that a page of it was made for.
func seenVersion(t *testing.T, body string) string {
	t.Helper()
	found := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("no version in %s", body)
	}
	return found[1]
}

// unconfirm makes the sessions of an account as old as they are ten minutes after the sign-in.
func unconfirm(t *testing.T, s *testsite.Site, id string) {
	t.Helper()
	execute(t, s, "UPDATE sessions SET confirmed_at_ms = now_ms() - 600001 WHERE account_id = $1", id)
}

func TestPeople_Change(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin, adminID := signedIn(t, s, "ada", account.Admin)
	agent, id := signedIn(t, s, "bob", account.Agent)
	customer, _ := signedIn(t, s, "carl", account.Customer)
	page := "/admin/people/" + id
	list := admin.get("/admin/people").want(t, 200, "ada@example.com", "bob@example.com", page, "Last sign-in").body
	if strings.Contains(list, "carl@example.com") {
		t.Error("customers are listed")
	}
	admin.get("/admin/people?find=BOB").want(t, 200, "bob@example.com")
	admin.get("/admin/people?find=carl@example.com").want(t, 200, "carl@example.com")
	admin.get("/admin/people?find=%00").want(t, 422)
	agent.get("/admin").want(t, 403)
	customer.get("/admin/people").want(t, 403)

	change := func(name string) url.Values {
		t.Helper()
		return url.Values{"change": {name}, "version": {seenVersion(t, admin.get(page).want(t, 200).body)}}
	}
	stale := change("sign_out")
	admin.post(page, change("sign_out")).want(t, 303)
	if agent.get("/review").location() != "/login?next=%2Freview" {
		t.Error("the agent is still signed in")
	}
	admin.post(page, stale).want(t, 409, "changed this account meanwhile")
	admin.post(page, change("disable")).want(t, 303)
	admin.get(page+"?done=disable").want(t, 200, "The account is disabled.", "Enable")
	visitor(t, s.URL).post("/login", credentials("bob@example.com", testsite.Password)).want(t, 422, "disabled")
	admin.post(page, change("enable")).want(t, 303)
	visitor(t, s.URL).post("/login", credentials("bob@example.com", testsite.Password)).want(t, 303)
	role := change("role")
	role.Set("role", "admin")
	admin.post(page, role).want(t, 303)
	admin.get(page+"?done=admin").want(t, 200, "This person is an admin now.")
	admin.post(page, url.Values{"change": {"burn"}, "version": {"1"}}).want(t, 422)

	admin.post(page, url.Values{"change": {"teams"}, "teams": {"Blue!"}}).want(t, 422, "small letters", `value="Blue!"`)
	admin.post(page, url.Values{"change": {"teams"}, "teams": {"red, blue"}}).want(t, 303)
	admin.get("/admin/people").want(t, 200, "blue, red")
	admin.post(page, url.Values{"change": {"teams"}, "teams": {""}}).want(t, 303)
	if body := admin.get("/admin/people").want(t, 200).body; strings.Contains(body, "blue, red") {
		t.Error("the account is in teams still")
	}

	self := url.Values{"change": {"disable"}, "version": {"1"}}
	admin.get("/admin/people/"+adminID).want(t, 200, "This is you")
	admin.post("/admin/people/"+adminID, self).want(t, 422, "Another admin can change your role")
	admin.get("/review").want(t, 200)

	unconfirm(t, s, adminID)
	again := change("disable")
	admin.post(page, again).want(t, 422, "Confirm that it is you")
	again.Set("password", "not the password")
	admin.post(page, again).want(t, 422, "not your present password")
	again.Set("password", testsite.Password)
	admin.post(page, again).want(t, 303)
}

func TestPeople_FactorOff(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin, _ := signedIn(t, s, "ada", account.Admin)
	agent, id := signedIn(t, s, "bob", account.Agent)
	agent.enrol(t, url.Values{"password": {testsite.Password}})
	page := "/admin/people/" + id
	body := admin.get(page).want(t, 200, "Reset the second factor").body
	admin.post(page, url.Values{"change": {"factor_off"}, "version": {seenVersion(t, body)}}).want(t, 303)
	if body := admin.get(page).want(t, 200).body; strings.Contains(body, "Reset the second factor") {
		t.Error("there is a second factor still")
	}
	if got := visitor(t, s.URL).post("/login", credentials("bob@example.com", testsite.Password)).want(t, 303).location(); got != "/review" {
		t.Errorf("after the sign-in: %s, want no question for a code", got)
	}
}

// TestPeople_AdminsAtOnce lets two admins lower each other at the same time: one of them stays an admin.
func TestPeople_AdminsAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	ada, adaID := signedIn(t, s, "ada", account.Admin)
	eve, eveID := signedIn(t, s, "eve", account.Admin)
	lower := url.Values{"change": {"role"}, "role": {"customer"}, "version": {"1"}}
	statuses := make(chan int, 2)
	go func() { statuses <- ada.post("/admin/people/"+eveID, lower).status }()
	go func() { statuses <- eve.post("/admin/people/"+adaID, lower).status }()
	first, second := <-statuses, <-statuses
	var admins int
	if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT count(*) FROM accounts WHERE role = 'admin'").Scan(&admins); err != nil || admins != 1 {
		t.Errorf("%d admins are left (%v), after %d and %d; want one", admins, err, first, second)
	}
}

func TestPeople_InviteByLink(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin, adminID := signedIn(t, s, "ada", account.Admin)
	invite := url.Values{"email": {"New@Example.com"}, "role": {"agent"}}
	admin.post("/admin/people", url.Values{"email": {"nobody"}, "role": {"agent"}}).want(t, 422, "e-mail address")
	admin.post("/admin/people", url.Values{"email": {"ada@example.com"}, "role": {"agent"}}).want(t, 422, "has an account already")
	link := func() string {
		t.Helper()
		body := admin.post("/admin/people", invite).want(t, 200, "new@example.com").body
		found := regexp.MustCompile(`<code>(http[^<]+)</code>`).FindStringSubmatch(body)
		if found == nil || !strings.HasPrefix(found[1], s.URL) {
			t.Fatalf("no link in %s", body)
		}
		return strings.TrimPrefix(found[1], s.URL)
	}
	first := link()
	admin.get("/admin/people").want(t, 200, "Invited, no password yet")
	visitor(t, s.URL).post("/login", credentials("new@example.com", "")).want(t, 422)
	second := link() // ends the first
	invited := visitor(t, s.URL)
	invited.get(first).want(t, 404)
	invited.get(second).want(t, 200)
	invited.post(second, url.Values{"password": {"a long enough battery"}}).want(t, 303)
	invited.post(second, url.Values{"password": {"another long battery"}}).want(t, 404)
	if got := invited.post("/login", credentials("new@example.com", "a long enough battery")).want(t, 303).location(); got != "/review" {
		t.Errorf("after the sign-in: %s", got)
	}
	admin.post("/admin/people", invite).want(t, 422, "has an account already")
	unconfirm(t, s, adminID)
	invite.Set("email", "other@example.com")
	admin.post("/admin/people", invite).want(t, 422, "Confirm that it is you", "other@example.com")
}

func TestPeople_InviteByMail(t *testing.T) {
	t.Parallel()
	server := testmail.Start(t)
	s := testsite.StartWith(t, testdb.New(t), app.Config{BaseURL: mailBase, Mail: app.Mail{ServerURL: server.URL, From: "Tickets <tickets@docket.test>"}})
	admin, _ := signedIn(t, s, "ada", account.Admin)
	if got := admin.post("/admin/people", url.Values{"email": {"new@example.com"}, "role": {"admin"}}).want(t, 303).location(); got != "/admin/people?done=invited" {
		t.Errorf("redirected to %s", got)
	}
	path := server.Wait(t, "new@example.com").Path(t, mailBase)
	invited := visitor(t, s.URL)
	invited.post(path, url.Values{"password": {"a long enough battery"}}).want(t, 303)
	invited.post("/login", credentials("new@example.com", "a long enough battery")).want(t, 303)
	invited.get("/admin/people").want(t, 200)
}

func TestPeople_Audit(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin, _ := signedIn(t, s, "ada", account.Admin)
	_, id := signedIn(t, s, "bob", account.Agent)
	page := "/admin/people/" + id
	for _, change := range []string{"sign_out", "disable", "enable"} {
		admin.post(page, url.Values{"change": {change}, "version": {seenVersion(t, admin.get(page).want(t, 200).body)}}).want(t, 303)
	}
	want := map[audit.Action]bool{audit.AccountsShown: true, audit.SessionsEnded: true, audit.AccountDisabled: true, audit.AccountEnabled: true}
	for until := time.Now().Add(patience); len(want) > 0 && time.Now().Before(until); {
		entries, _, err := s.Instances[0].Audit.List(t.Context(), audit.Filter{From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour), Limit: 500, Object: audit.AccountObject(uuid.MustParse(id))})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			delete(want, e.Action)
		}
	}
	if len(want) > 0 {
		t.Errorf("the audit lacks %v", want)
	}
}

func TestKeys_Pages(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin, adminID := signedIn(t, s, "ada", account.Admin)
	agent, _ := signedIn(t, s, "bob", account.Agent)
	admin.get("/admin/keys").want(t, 200, "There is no key yet")
	admin.post("/admin/keys", url.Values{"name": {"crm!"}, "expires": {"90"}}).want(t, 422, "Choose at least one")
	admin.post("/admin/keys", url.Values{"name": {"crm!"}, "scope": {"latest:read"}, "expires": {"90"}}).want(t, 422, "letters, digits")
	form := url.Values{"name": {"crm"}, "scope": {"latest:read", "tickets:read"}, "expires": {"90"}, "not_own": {"1"}}
	body := admin.post("/admin/keys", form).want(t, 200, "Give this key to crm").body
	secret := regexp.MustCompile(`dk_[\w-]+`).FindString(body)
	admin.post("/admin/keys", form).want(t, 422, "A key has this name")
	crm := programs(t, s)("other", account.Scopes...)
	crm.key = secret
	crm.get("/api/v1/tickets").want(t, 200)
	crm.post("/api/v1/tickets", "{}", "Idempotency-Key", "1").refuses(t, 403, "missing_scope")
	list := admin.get("/admin/keys").want(t, 200, "crm", "not its own").body
	page := regexp.MustCompile(`/admin/keys/[0-9a-f-]{36}`).FindString(list)
	agent.post(page, nil).want(t, 403)
	unconfirm(t, s, adminID)
	admin.post(page, nil).want(t, 422, "Confirm that it is you")
	admin.post(page, url.Values{"password": {testsite.Password}}).want(t, 303)
	admin.get(page).want(t, 200, "Revoked")
	admin.get("/admin/keys/"+uuid.NewString()).want(t, 404)
}
