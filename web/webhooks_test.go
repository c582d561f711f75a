package web_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/feed"
	"docket/internal/postgres"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
	"docket/internal/webhook"
	"docket/web"
)

// webhookSeen is a webhook as another system sees it.
type webhookSeen struct {
	ID, URL, Secret string
	Types           []string
}

const webhookURL = "https://receiver.invalid/hook"

// newWebhook is what adds a webhook for every type of event.
func newWebhook() string {
	types, _ := json.Marshal(feed.Types)
	return `{"url":` + quoted(webhookURL) + `,"types":` + string(types) + `}`
}

func (p program) addWebhook(t *testing.T) webhookSeen {
	t.Helper()
	return read[webhookSeen](t, p.post("/api/v1/webhooks", newWebhook()).want(t, 201))
}

// everyWebhookCall is one of each call that is about webhooks; the one that deletes comes last.
func everyWebhookCall(id string) []oneCall {
	path := "/api/v1/webhooks/" + id
	return []oneCall{
		{"POST", "/api/v1/webhooks", newWebhook(), account.WebhooksWrite, nil},
		{"GET", "/api/v1/webhooks", "", account.WebhooksWrite, nil},
		{"POST", path + "/rotate", "", account.WebhooksWrite, nil},
		{"POST", path + "/switch-on", "", account.WebhooksWrite, nil},
		{"POST", path + "/test", "", account.WebhooksWrite, nil},
		{"GET", path + "/deliveries", "", account.WebhooksWrite, nil},
		{"POST", path + "/resend", `{"since":"2026-01-31"}`, account.WebhooksWrite, nil},
		{"DELETE", path, "", account.WebhooksWrite, nil},
	}
}

// everyAnswerAboutWebhooks makes each call about webhooks give every answer that it can give.
func everyAnswerAboutWebhooks(t *testing.T, s *testsite.Site, all program, id string) {
	for _, c := range everyWebhookCall(id) {
		if got := c.by(all); got.status/100 != 2 {
			t.Errorf("%s %s: %d %s", c.method, c.path, got.status, got.body)
		}
		if strings.Contains(c.path, id) {
			c.path = strings.Replace(c.path, id, uuid.NewString(), 1)
			c.by(all).refuses(t, 404, "not_found")
		}
	}
	id = all.addWebhook(t).ID
	all.send("HEAD", "/api/v1/webhooks", "").want(t, 200)
	all.send("HEAD", "/api/v1/webhooks/"+id+"/deliveries", "").want(t, 200)
	all.get("/api/v1/webhooks/"+id+"/deliveries?cursor=x").refuses(t, 422, "bad_cursor")
	all.get("/api/v1/webhooks/"+id+"/deliveries?limit=0").refuses(t, 422, "invalid", "limit bad_limit")
	test := read[struct{ ID string }](t, all.post("/api/v1/webhooks/"+id+"/test", "").want(t, 202, `"type":"webhook.test"`, `"state":"waiting"`)).ID
	for _, state := range webhook.States {
		execute(t, s, "UPDATE webhook_deliveries SET state = $1, next_at_ms = now_ms() + 100000 WHERE event_id = $2", string(state), test)
		all.get("/api/v1/webhooks/"+id+"/deliveries").want(t, 200, `"state":`+quoted(string(state)))
	}
	all.post("/api/v1/webhooks/"+id+"/resend", `{"delivery":`+quoted(test)+`}`).want(t, 202, test)
	gone := connectTo(t, "postgres://nobody@127.0.0.1:1/nothing")
	few := connectTo(t, s.DB.Primary)
	holdConnections(t, t.Context(), few)
	for code, at := range map[string]program{
		"rate_limited": all.at(beside(t, s, limitRate)),
		"unavailable":  all.at(beside(t, s, func(c *web.Config) { c.Webhooks = webhooksOf(t, gone) })),
		"overloaded":   all.at(beside(t, s, func(c *web.Config) { c.Webhooks = webhooksOf(t, few) })),
	} {
		status := http.StatusServiceUnavailable
		if code == "rate_limited" {
			status = http.StatusTooManyRequests
			at.get("/api/v1/tickets").want(t, 200)
		}
		for _, c := range everyWebhookCall(id) {
			c.by(at).refuses(t, status, code)
		}
	}
	execute(t, s, "ALTER TABLE webhooks RENAME TO elsewhere_as_well")
	for _, c := range everyWebhookCall(id) {
		c.by(all).refuses(t, 500, "internal")
	}
}

func connectTo(t *testing.T, url string) *postgres.Pool {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// webhooksOf are the webhooks of a database.
func webhooksOf(t *testing.T, pool *postgres.Pool) *webhook.Webhooks {
	events, done := feed.New(pool), make(chan error, 1)
	ctx, end := context.WithCancel(context.WithoutCancel(t.Context()))
	go func() { done <- events.Run(ctx) }()
	t.Cleanup(func() { end(); <-done })
	return webhook.New(webhook.Config{Primary: pool, Feed: events})
}

func TestWebhooks_Refused(t *testing.T) {
	t.Parallel()
	s := start(t)
	all := programs(t, s)("all", account.Scopes...)
	for body, wrong := range map[string]string{
		`{"types":["ticket.approved"]}`:                                             "url required",
		`{"url":"https://example.com"}`:                                             "types required",
		`{"url":"example.com","types":["ticket.approved"]}`:                         "url bad_url",
		`{"url":"http://example.com","types":["ticket.approved"]}`:                  "url not_https",
		`{"url":"https://127.0.0.1","types":["ticket.approved"]}`:                   "url reserved_address",
		`{"url":"https://169.254.169.254/latest","types":["ticket.approved"]}`:      "url reserved_address",
		`{"url":"https://[::ffff:10.0.0.1]","types":["ticket.approved"]}`:           "url reserved_address",
		`{"url":"https://2130706433","types":["ticket.approved"]}`:                  "url reserved_address",
		`{"url":"https://localhost:5432","types":["ticket.approved"]}`:              "url reserved_address",
		`{"url":"https://example.com","types":[]}`:                                  "types not_an_option",
		`{"url":"https://example.com","types":["ticket.opened"]}`:                   "types not_an_option",
		`{"url":"https://example.com","types":["ticket.approved","ticket.opened"]}`: "types not_an_option",
		`{"url":"https://example.com","types":"ticket.approved"}`:                   "types wrong_type",
	} {
		all.post("/api/v1/webhooks", body).refuses(t, 422, "invalid", wrong)
	}
	id := all.addWebhook(t).ID
	for body, wrong := range map[string]string{
		`{}`:               "delivery required",
		`{"delivery":"x"}`: "delivery wrong_type",
		`{"delivery":"00000000-0000-0000-0000-000000000000"}`: "delivery wrong_type",
		`{"since":"tomorrow"}`:                                "since bad_time",
		`{"delivery":"` + id + `","since":"2026-01-31"}`:      "since unexpected",
	} {
		all.post("/api/v1/webhooks/"+id+"/resend", body).refuses(t, 422, "invalid", wrong)
	}
	all.post("/api/v1/webhooks/"+id+"/resend", `{"delivery":`+quoted(id)+`}`).refuses(t, 404, "not_found")
	execute(t, s, "UPDATE webhooks SET off_at_ms = 1, off_reason = 'gone'")
	all.get("/api/v1/webhooks").want(t, 200, `"off_reason":"gone"`)
	all.post("/api/v1/webhooks/"+id+"/test", "").refuses(t, 422, "invalid", "id switched_off")
	all.post("/api/v1/webhooks/"+id+"/switch-on", "").want(t, 200, `"off_reason":null`)
}

// TestWebhooks_SecretOnce shows a secret when it is made, and never again.
func TestWebhooks_SecretOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	all := programs(t, s)("all", account.Scopes...)
	made := all.addWebhook(t)
	rotated := read[webhookSeen](t, all.post("/api/v1/webhooks/"+made.ID+"/rotate", "").want(t, 200))
	if !strings.HasPrefix(made.Secret, "whsec_") || !strings.HasPrefix(rotated.Secret, "whsec_") || made.Secret == rotated.Secret {
		t.Errorf("secrets %q and %q", made.Secret, rotated.Secret)
	}
	if got := all.get("/api/v1/webhooks").want(t, 200, made.ID, `"added_by":"key:all"`); strings.Contains(got.body, "whsec_") {
		t.Error("the list has a secret")
	}
	if n := count(t, s, "SELECT count(*) FROM webhooks w WHERE position($1::bytea IN w.secret) > 0 OR w::text LIKE '%whsec%'", []byte(made.Secret)[6:]); n != 0 {
		t.Error("the database has a secret that is not encrypted")
	}
}

// TestAdminWebhooks_Manage does all that an admin can do with a webhook.
func TestAdminWebhooks_Manage(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin, adminID := signedIn(t, s, "admin", account.Admin)
	admin.get("/admin").want(t, 200, "/admin/webhooks")
	admin.get("/admin/webhooks").want(t, 200, "There is no webhook yet")
	add := func(address string, types ...string) reply {
		return admin.post("/admin/webhooks", url.Values{"url": {address}, "type": types})
	}
	add("http://127.0.0.1/", "ticket.approved").want(t, 422, "not the internet", "http://127.0.0.1/")
	add("http://example.com/", "ticket.approved").want(t, 422, "begins with https://")
	add("nonsense", "ticket.approved").want(t, 422, "Write an address such as")
	add(webhookURL).want(t, 422, "Choose at least one")
	add(webhookURL, "ticket.opened").want(t, 422, "Choose at least one")
	if made := add(webhookURL, "ticket.approved", "ticket.rejected").want(t, 200, "whsec_"); made.header.Get("Cache-Control") == "" {
		t.Error("the page with the secret may be stored")
	}
	var id string
	if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT id::text FROM webhooks").Scan(&id); err != nil {
		t.Fatal(err)
	}
	page := "/admin/webhooks/" + id
	admin.get("/admin/webhooks").want(t, 200, webhookURL, "2 kinds", page)
	admin.get(page).want(t, 200, webhookURL, "Nothing was sent yet")
	change := func(what string, more url.Values) reply {
		form := url.Values{"change": {what}}
		maps.Copy(form, more)
		return admin.post(page, form)
	}
	if to := change("test", nil).want(t, 303).location(); to != page+"?done=test" {
		t.Errorf("after a test: %s", to)
	}
	admin.get(page+"?done=test").want(t, 200, "webhook.test", "A test is under way")
	var test string
	if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT event_id::text FROM webhook_deliveries").Scan(&test); err != nil {
		t.Fatal(err)
	}
	change("resend", url.Values{"delivery": {test}}).want(t, 303)
	change("resend", url.Values{"delivery": {"x"}}).want(t, 422)
	change("resend", url.Values{"delivery": {uuid.NewString()}}).want(t, 404)
	change("since", url.Values{"since": {"yesterday"}}).want(t, 422, "Write a date", "yesterday")
	change("since", url.Values{"since": {"2026-01-31"}}).want(t, 303)
	change("nonsense", nil).want(t, 422)
	change("rotate", nil).want(t, 200, "whsec_", "the secret before")
	execute(t, s, "UPDATE webhooks SET off_at_ms = now_ms(), off_reason = 'failing'")
	admin.get("/admin/webhooks").want(t, 200, "it failed for five days")
	change("test", nil).want(t, 303)
	admin.get(page).want(t, 200, "Switch on")
	change("on", nil).want(t, 303)
	change("delete", nil).want(t, 303)
	admin.get(page).want(t, 404)
	admin.get("/admin/webhooks?done=delete").want(t, 200, "The webhook is deleted", "There is no webhook yet")
	object := " " + audit.WebhookObject(uuid.MustParse(id))
	audited(t, s, ticket.Agent(adminID), "signed_in account:"+adminID, "webhook_added"+object, "webhook_tested"+object, "webhook_resent"+object, "webhook_resent"+object, "webhook_rotated"+object,
		"webhook_switched_on"+object, "webhook_deleted"+object)
}

// TestAdminWebhooks_Confirm asks an admin who signed in a while ago for the password before a secret is made or a webhook ends.
func TestAdminWebhooks_Confirm(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := programs(t, s)("all", account.Scopes...).addWebhook(t)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	execute(t, s, "UPDATE sessions SET confirmed_at_ms = now_ms() - 600001")
	admin.post("/admin/webhooks", url.Values{"url": {webhookURL}, "type": {"ticket.approved"}}).want(t, 422, `name="password"`)
	for _, what := range []string{"rotate", "delete"} {
		admin.post("/admin/webhooks/"+made.ID, url.Values{"change": {what}}).want(t, 422, `name="password"`)
	}
	if n := count(t, s, "SELECT count(*) FROM webhooks WHERE deleted_at_ms IS NULL AND old_secret IS NULL"); n != 1 {
		t.Error("a webhook was changed by an admin who has not confirmed")
	}
}

// everyValueOfWebhooks drives every value of every enumeration of webhooks.
func everyValueOfWebhooks(t *testing.T, s *testsite.Site, all program) {
	id := all.addWebhook(t).ID
	all.post("/api/v1/webhooks", `{"url":"https://10.0.0.1","types":["ticket.approved"]}`).want(t, 422, "reserved_address")
	all.post("/api/v1/webhooks", `{"url":"http://example.com","types":["ticket.approved"]}`).want(t, 422, "not_https")
	all.post("/api/v1/webhooks/"+id+"/test", "").want(t, 202)
	for _, state := range webhook.States {
		execute(t, s, "UPDATE webhook_deliveries SET state = $1, next_at_ms = now_ms() + 100000", string(state))
		all.get("/api/v1/webhooks/"+id+"/deliveries").want(t, 200, `"state":`+quoted(string(state)))
	}
	execute(t, s, "UPDATE webhooks SET off_at_ms = 1, off_reason = 'gone'")
	all.post("/api/v1/webhooks/"+id+"/test", "").want(t, 422, "switched_off")
}
