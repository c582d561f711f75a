package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// revocation is what an admin sends to take an approval back.
func revocation(version, reason string) url.Values {
	return url.Values{"version": {version}, "reason": {reason}, "note": {"CANARY seen elsewhere"}}
}

func TestRevoke_Pages(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, user := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	program := programs(t, s)("system", account.Scopes...)
	id := customer.submit(someID)
	page, revoke, latest := "/review/"+id, "/review/"+id+"/revoke", "/api/v1/users/"+user+"/latest-ticket"
	admin.post(revoke, revocation("1", "name_mismatch")).want(t, 409) // it is open
	program.post("/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":1}`).want(t, 200)
	program.get(latest).want(t, 200, id)

	if strings.Contains(agent.get(page).want(t, 200).body, "Take back") {
		t.Error("an agent is offered what only admins may do")
	}
	agent.post(revoke, revocation("2", "name_mismatch")).want(t, 403)
	customer.post(revoke, revocation("2", "name_mismatch")).want(t, 403)
	admin.get(page).want(t, 200, "Take back this approval…", "no earlier one takes its place")
	admin.post(revoke, revocation("2", "")).want(t, 422, "Choose a reason", "CANARY seen elsewhere</textarea>")
	admin.post(revoke, revocation("2", "bogus")).want(t, 422)
	admin.post(revoke, url.Values{"version": {"2"}, "reason": {"name_mismatch", "other"}}).want(t, 422, "Choose one reason")
	admin.post(revoke, url.Values{"version": {"2"}, "reason": {"other"}, "note": {"a\x00b"}}).want(t, 422, "invisible characters")
	admin.post(revoke, revocation("1", "name_mismatch")).want(t, 409)
	program.get(latest).want(t, 200, id)

	admin.post(revoke, revocation("2", "name_mismatch")).want(t, 303)
	program.get(latest).refuses(t, 404, "no_approved_ticket")
	program.get(latest, "Cache-Control", "no-cache").refuses(t, 404, "no_approved_ticket")
	admin.post(revoke, revocation("2", "name_mismatch")).want(t, 303) // a double click
	admin.post(revoke, revocation("2", "other")).want(t, 409, "You have decided this ticket already")
	admin.get(page).want(t, 200, "Approval taken back by", "admin@example.com", "CANARY seen elsewhere", "Revoked")
	admin.get("/review?status=revoked").want(t, 200, "admin@example.com", id)
	admin.get("/admin/audit?action=revoked").want(t, 200, "Approval taken back", "admin@example.com")
	admin.get("/admin/audit?action=approved").want(t, 200, "key:system")
	program.get("/api/v1/tickets/"+id).want(t, 200, `"status":"revoked"`, `"revoked_by":"agent:`, `"reject_reason":"name_mismatch"`, `"decided_by":"key:system"`, `"kind":"revoked"`)
	program.get("/api/v1/tickets?status=revoked").want(t, 200, id)
	program.post("/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":1}`).refuses(t, 409, "already_decided")

	reason, _ := formfile.Default().Reason("name_mismatch")
	read := customer.get("/tickets/"+id).want(t, 200, "The approval has been taken back", strings.Fields(reason.Text)[0], "You can send a new ticket", "Start a new ticket")
	if strings.Contains(read.body, "CANARY") || strings.Contains(program.get("/api/v1/tickets/"+id).body, "CANARY") {
		t.Error("somebody else reads the internal note")
	}
	customer.get("/tickets").want(t, 200, "Revoked")
	customer.get("/tickets/new").want(t, 200)
	again := customer.submit(uuid.NewString())
	program.get("/api/v1/tickets/"+again).want(t, 200, `"attempt":1`, `"previous_id":null`)
}

func TestRevoke_FinalReason(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, user := signedIn(t, s, "customer", account.Customer)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	program := programs(t, s)("system", account.Scopes...)
	id := customer.submit(someID)
	program.post("/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":1}`).want(t, 200)
	admin.post("/review/"+id+"/revoke", revocation("2", "underage")).want(t, 303)
	customer.get("/tickets/"+id).want(t, 200, "This decision is final")
	customer.post("/tickets", answers(uuid.NewString())).want(t, 409, "You cannot send this again")
	program.post("/api/v1/tickets", submission(user), "Idempotency-Key", "k").refuses(t, 409, "resubmission_closed")
	admin.post("/review/users/"+user+"/reopen", url.Values{"note": {"it was a mistake"}}).want(t, 303)
	customer.get("/tickets/"+id).want(t, 200, "You can send a new ticket")
	customer.submit(uuid.NewString())
}

func TestRevoke_AgentsWhereTheFormSays(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, parsed(t, "revoke: agents\n"+string(testsite.Form().Text)), 1, testdb.New(t))
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	program := programs(t, s)("system", account.Scopes...)
	id := customer.submit(someID)
	program.post("/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":1}`).want(t, 200)
	agent.get("/review/"+id).want(t, 200, "Take back this approval…")
	agent.post("/review/"+id+"/revoke", revocation("2", "other")).want(t, 303)
	customer.get("/tickets/"+id).want(t, 200, "The approval has been taken back")
}
