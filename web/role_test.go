package web_test

import (
	"bytes"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/mac"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// appRole gives a role the rights of docs/role.sql, and returns the address of the database for it.
func appRole(t *testing.T, owner *postgres.Pool, primary string) (asApp string) {
	t.Helper()
	role := "app_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	grants, err := os.ReadFile("../docs/role.sql")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // it runs after every migration
		if _, err := owner.Exec(t.Context(), strings.ReplaceAll(string(grants), "docket_app", role)); err != nil {
			t.Fatal(err)
		}
	}
	return primary + "&options=-c%20role%3D" + role
}

// TestRole_Journeys runs an instance as the role of docs/role.sql. Staff and keys are added by the owner of the tables, as
// docket account and docket key do.
func TestRole_Journeys(t *testing.T) {
	t.Parallel()
	f, err := formfile.Load("../internal/form/testdata/photos.yaml")
	if err != nil {
		t.Fatal(err)
	}
	db := testdb.New(t)
	owner := testsite.Start(t, f, 1, db)
	if _, err := mac.Register(t.Context(), owner.Instances[0].Primary, mac.NewKey(bytes.Repeat([]byte{7}, 32)), true); err != nil { // of testsite
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.DB{Primary: appRole(t, owner.Instances[0].Primary, db.Primary), Direct: db.Primary})

	customer := visitor(t, s.URL)
	customer.post("/signup", credentials("ann@example.com", "a long enough battery")).want(t, 303)
	customer.post("/language", url.Values{"language": {"en"}}).want(t, 303)
	front := customer.uploaded(someID, "front")
	customer.post("/tickets/new", url.Values{"submission_id": {someID}, "full_name": {"Ann"}, "front": {front}}).want(t, 303)
	me := []chosen{{"selfie", "me.jpg", photo()}}
	sent := customer.postFiles("/tickets", url.Values{"submission_id": {someID}, "full_name": {"Ann"}, "front": {front}}, me).want(t, 303).location()
	customer.get(sent).want(t, 200)

	email, _ := owner.Account(t, "linh", account.Agent)
	agent := visitor(t, s.URL)
	agent.login(email)
	app, _ := agent.enrol(t, url.Values{"password": {testsite.Password}})
	if got := agent.post("/review/next", nil).want(t, 303).location(); got != strings.Replace(sent, "/tickets/", "/review/", 1) {
		t.Errorf("the next ticket is %s", got)
	}
	review := strings.Replace(sent, "/tickets/", "/review/", 1)
	agent.get(review).want(t, 200)
	agent.get("/files/"+front).want(t, 200)
	agent.post(review+"/approve", url.Values{"version": {"1"}, "note": {"seen"}}).want(t, 303)
	agent.get("/review").want(t, 200)
	agent.post("/account/factor/recovery-codes", url.Values{"password": {testsite.Password}, "code": {app.code(0)}}).want(t, 200)
	agent.post("/account/password", url.Values{"old_password": {testsite.Password}, "password": {"another long battery"}}).want(t, 303)
	agent.post("/logout", nil).want(t, 303)
	again := visitor(t, s.URL)
	again.post("/login", credentials(email, "another long battery")).want(t, 303)
	again.sendCode(app.code(1)).want(t, 303)
	again.get("/account").want(t, 200)

	all := programs(t, owner)("crm", account.Scopes...).at(s.URL)
	id := strings.TrimPrefix(sent, "/tickets/")
	user := read[ticketSeen](t, all.get("/api/v1/tickets/"+id).want(t, 200)).UserID
	all.get("/api/v1/users/"+user+"/latest-ticket").want(t, 200, id)
	var named [2]string
	for i, field := range []string{"front", "selfie"} {
		stored := all.send("POST", "/api/v1/files?user_id=crm-1&field="+field, string(photo()), "Content-Type", "image/jpeg").want(t, 201)
		named[i] = read[struct{ ID string }](t, stored).ID
	}
	made := all.post("/api/v1/tickets", `{"user_id":"crm-1","extra":{"full_name":"Bo","front":"`+named[0]+`","selfie":"`+named[1]+`"}}`, "Idempotency-Key", "1").want(t, 201)
	all.post("/api/v1/tickets/"+read[ticketSeen](t, made).ID+"/decision", `{"decision":"reject","version":1,"reason":"blurry"}`).want(t, 200)

	sendByWebhook(t, s, all)

	next := uuid.NewString()
	again.get("/review").want(t, 200)
	second := customer.postFiles("/tickets", url.Values{"submission_id": {next}, "full_name": {"Ann"}, "front": {customer.uploaded(next, "front")}}, me).want(t, 303).location()
	customer.post(second+"/withdraw", nil).want(t, 303)
	if err := s.Instances[0].Files.CollectUnused(t.Context(), files.Ages{}); err != nil {
		t.Error(err)
	}
	adminEmail, _ := owner.Account(t, "ada", account.Admin)
	eraseAsAdmin(t, s, adminEmail, user)
	_, staff := owner.Account(t, "bob", account.Agent)
	manageAsAdmin(t, s, adminEmail, staff)
	if log := s.Log.String(); strings.Contains(log, "permission denied") || strings.Contains(log, "row-level security") {
		t.Errorf("the role lacks a right:\n%s", log)
	}
}

// sendByWebhook adds a webhook, waits until a test was sent, although nobody answers, and does all else that can be done with one.
func sendByWebhook(t *testing.T, s *testsite.Site, all program) {
	t.Helper()
	hook := "/api/v1/webhooks/" + all.addWebhook(t).ID
	all.post(hook+"/test", "").want(t, 202)
	for late := time.Now().Add(time.Minute); count(t, s, "SELECT count(*) FROM webhook_deliveries WHERE attempts > 0 AND error <> ''") == 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatal("the test was not sent within a minute")
		}
	}
	all.post(hook+"/rotate", "").want(t, 200)
	all.post(hook+"/resend", `{"since":"2026-01-31"}`).want(t, 202)
	all.post(hook+"/switch-on", "").want(t, 200)
	all.get(hook+"/deliveries").want(t, 200, "webhook.test")
	all.send("DELETE", hook, "").want(t, 204)
}

// manageAsAdmin invites somebody, changes an account, and makes and revokes a key.
func manageAsAdmin(t *testing.T, s *testsite.Site, email, other string) {
	t.Helper()
	admin := visitor(t, s.URL)
	admin.login(email)
	admin.post("/admin/people", url.Values{"email": {"new@example.com"}, "role": {"agent"}}).want(t, 200, "/reset/")
	admin.get("/admin/people").want(t, 200, "new@example.com")
	page := "/admin/people/" + other
	for i, change := range []string{"sign_out", "disable", "enable", "factor_off", "admin"} {
		typed := url.Values{"change": {change}, "version": {strconv.Itoa(i + 1)}}
		if change == "admin" {
			typed.Set("change", "role")
			typed.Set("role", change)
		}
		admin.post(page, typed).want(t, 303)
	}
	admin.post("/admin/keys", url.Values{"name": {"billing"}, "scope": {"latest:read"}, "expires": {""}}).want(t, 200, "dk_")
	key := regexp.MustCompile(`/admin/keys/[0-9a-f-]{36}`).FindString(admin.get("/admin/keys").want(t, 200, "billing").body)
	admin.post(key, nil).want(t, 303)
}

// eraseAsAdmin erases a user after a hold has ended, and then what the form keeps no longer.
func eraseAsAdmin(t *testing.T, s *testsite.Site, email, user string) {
	t.Helper()
	admin := visitor(t, s.URL)
	admin.login(email)
	page := "/admin/users/" + user
	admin.get(page).want(t, 200)
	admin.post(page+"/hold", url.Values{"hold": {"A lawsuit"}}).want(t, 303)
	admin.post(page+"/end-hold", nil).want(t, 303)
	admin.post(page+"/erase", url.Values{"confirm": {user}, "reason": {"request"}}).want(t, 303)
	for _, path := range []string{page, "/admin/rules", "/review?status=rejected"} {
		admin.get(path).want(t, 200)
	}
	due, err := s.Instances[0].Erasures.EraseDue(t.Context(), form.Retain{Rejected: form.Period{Days: 1}}, time.Now().AddDate(0, 0, 2))
	if err != nil || len(due) != 1 || due[0].Count != 0 {
		t.Errorf("what is due by a wrong clock: %v, %v; the role erases nothing that was closed today", due, err)
	}
}
