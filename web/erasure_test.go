package web_test

import (
	"maps"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

func TestErasure_ByAdmin(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.NewWithReplica(t))
	customer, user := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	admin, _ := signedIn(t, s, "admin", account.Admin)

	id := customer.submit(someID)
	agent.post("/review/"+id+"/approve", url.Values{"version": {"1"}, "note": {"CANARY-NOTE"}}).want(t, 303)
	latest := "/api/v1/users/" + user + "/latest-ticket"
	here := programs(t, s)("system", account.Scopes...)
	elsewhere := here.at(s.URLs[1])
	for _, p := range []program{here, elsewhere} {
		p.get(latest).want(t, 200, "Nguyễn Văn A")
	}

	page := "/admin/users/" + user
	admin.get("/review/"+id).want(t, 200, page)
	admin.get("/review?user="+user).want(t, 200, page)
	if strings.Contains(agent.get("/review/"+id).want(t, 200).body, page) {
		t.Error("an agent sees the link")
	}
	admin.get(page).want(t, 200, "customer@example.com", "Erase everything")
	admin.post(page+"/erase", url.Values{"confirm": {"somebody"}, "reason": {"spite"}}).want(t, 422, "not the id of the user", "Choose a reason", `value="somebody"`)
	agent.post(page+"/erase", url.Values{"confirm": {user}, "reason": {"request"}}).want(t, 403)

	admin.post(page+"/hold", url.Values{"hold": {" "}}).want(t, 422, "Write why")
	admin.post(page+"/hold", url.Values{"hold": {"A lawsuit"}}).want(t, 303)
	admin.get(page).want(t, 200, "A lawsuit", "End the hold before you erase")
	admin.post(page+"/erase", url.Values{"confirm": {user}, "reason": {"request"}}).want(t, 409, "A lawsuit")
	here.get(latest).want(t, 200)
	admin.post(page+"/end-hold", nil).want(t, 303)

	admin.post(page+"/erase", url.Values{"confirm": {user}, "reason": {"request"}}).want(t, 303)
	here.get(latest).refuses(t, 404, "no_approved_ticket")
	for elsewhere.get(latest).status == 200 {
		if t.Context().Err() != nil {
			t.Fatal("the other instance still answers")
		}
	}
	elsewhere.get(latest).refuses(t, 404, "no_approved_ticket")
	customer.get("/tickets").want(t, 303)
	admin.get(page).want(t, 200, "Erased by", "admin@example.com", "The user asked for it", "There is nothing to erase")
	admin.post(page+"/erase", url.Values{"confirm": {user}, "reason": {"request"}}).want(t, 303)
	admin.get("/admin/users/nobody").want(t, 404)
	for _, address := range []string{"/review/" + id, "/review?status=approved&user=" + user} {
		body := agent.get(address).want(t, 200, "rased").body
		if strings.Contains(body, "Nguyễn Văn A") || strings.Contains(body, "CANARY") {
			t.Errorf("%s shows what was erased", address)
		}
	}
	ticket := here.get("/api/v1/tickets/"+id).want(t, 200, `"extra":{}`, `"status":"approved"`, `"kind":"erased"`, `"files":{}`).body
	if strings.Contains(ticket, `"erased_at_ms":null`) || strings.Contains(ticket, "Nguyễn") {
		t.Errorf("the ticket is %s", ticket)
	}
}

// TestErasure_Confirmation: ten minutes after the sign-in an admin shows the password again, and a code if there is a factor.
func TestErasure_Confirmation(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin, id := signedIn(t, s, "admin", account.Admin)
	app, _ := admin.enrol(t, url.Values{"password": {testsite.Password}})
	var users []string
	for _, name := range []string{"ann", "bob"} {
		customer, user := signedIn(t, s, name, account.Customer)
		customer.submit(someID)
		users = append(users, user)
	}
	page := "/admin/users/" + users[0]
	form := url.Values{"confirm": {users[0]}, "reason": {"request"}}
	later := func() {
		t.Helper()
		execute(t, s, "UPDATE sessions SET confirmed_at_ms = now_ms() - 600001 WHERE account_id = $1", id)
	}
	if body := admin.get(page).want(t, 200).body; strings.Contains(body, `name="password"`) {
		t.Error("the password is asked for although it was just shown")
	}
	later()
	admin.get(page).want(t, 200, `name="password"`, `name="code"`)
	for range 12 { // none of these is a try
		if body := admin.post(page+"/erase", form).want(t, 422, "Confirm that it is you").body; strings.Contains(body, "not your present password") {
			t.Fatal("a password that was not asked for is called wrong")
		}
	}
	wrong := url.Values{"password": {testsite.Password}, "code": {"000000"}}
	admin.post(page+"/erase", merge(form, wrong)).want(t, 422, "This code is wrong")
	admin.get(page).want(t, 200, "Erase everything")
	right := url.Values{"password": {testsite.Password}, "code": {app.code(0)}}
	admin.post(page+"/erase", merge(form, right)).want(t, 303)
	admin.get(page).want(t, 200, "Erased by")
	next := "/admin/users/" + users[1]
	admin.post(next+"/erase", url.Values{"confirm": {users[1]}, "reason": {"request"}}).want(t, 303) // within ten minutes
}

func merge(forms ...url.Values) url.Values {
	all := url.Values{}
	for _, form := range forms {
		maps.Copy(all, form)
	}
	return all
}

// TestErasure_Resubmission: after an erased rejection the whole form is asked.
func TestErasure_Resubmission(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	id := customer.submit(someID)
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"name_mismatch"}}).want(t, 303)
	execute(t, s, "SELECT erase_tickets(ARRAY[$1::uuid], 'retention', 'retention')", id)
	customer.get("/tickets/"+id).want(t, 200, "The answers were erased")
	customer.get("/tickets/new").want(t, 200, `name="full_name"`, `name="document_number"`)
	again := customer.submit(uuid.NewString())
	agent.get("/review/"+again).want(t, 200, "Attempt 2:", "erased", "The answers were erased")
	agent.get("/review/"+id).want(t, 200, "the time limit of the form")
}

func TestErasure_OfLinkAlone(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	link := partner(t, s, "shop").addLink(t, "u-1", `,"prefill":{"full_name":"An Nguyen"}`)
	page := "/admin/users/u-1"
	admin.get(page).want(t, 200, "<dt>Links</dt><dd>1</dd>", "Erase everything")
	admin.post(page+"/erase", url.Values{"confirm": {"u-1"}, "reason": {"request"}}).want(t, 303)
	admin.get(page).want(t, 200, "Erased by", "There is nothing to erase")
	visitor(t, s.URL).get(strings.TrimPrefix(link.URL, s.URL)).want(t, 404)
}
