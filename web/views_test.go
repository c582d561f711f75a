package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"docket/internal/account"
)

var deletesView = regexp.MustCompile(`action="(/review/views/[0-9a-f-]{36}/delete)"`)

func TestViews_OwnAndShared(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	other, _ := signedIn(t, s, "other", account.Agent)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	keep := func(name, query, shared string) reply {
		t.Helper()
		return agent.post("/review/views", url.Values{"name": {name}, "query": {query}, "shared": {shared}})
	}
	if got := keep("Mine only", "status=rejected&decider=me", "").want(t, 303).location(); got != "/review?status=rejected&decider=me" {
		t.Errorf("keeping a view leads to %s", got)
	}
	keep("Passports", "f.document_type=passport", "yes").want(t, 303)
	keep("Passports", "f.document_type=passport&sort=newest", "yes").want(t, 303) // in place of the one before
	agent.get("/review").want(t, 200, "Mine only", `href="/review?f.document_type=passport&amp;sort=newest"`)
	other.get("/review").want(t, 200, "Passports").lacks(t, "Mine only")
	if found := deletesView.FindString(agent.get("/review").body); found != "" {
		t.Errorf("a view that is not shown can be deleted: %s", found)
	}
	shown := "/review?sort=newest&f.document_type=passport"
	if body := other.get(shown).want(t, 200).body; deletesView.MatchString(body) {
		t.Error("another agent may delete a shared view")
	}
	address := deletesView.FindStringSubmatch(admin.get(shown).want(t, 200).body)
	if address == nil {
		t.Fatal("an admin cannot delete a shared view")
	}
	other.post(address[1], nil).want(t, 404)
	admin.post(address[1], nil).want(t, 303)
	admin.post(address[1], nil).want(t, 404)
	agent.get("/review").want(t, 200, "Mine only").lacks(t, "Passports")
	for name, query := range map[string]string{
		"": "status=approved", strings.Repeat("x", 61): "status=approved", "bad\x00": "status=approved", "empty": "", "unknown": "utm_source=x", "twice": "sort=newest&sort=newest",
		"wrong": "status=open", "cursor": "cursor=x", "no query": "%zz",
	} {
		keep(name, query, "yes").want(t, 422)
	}
}

// TestViews_FormChanged has views of a former form: what it has no more.
func TestViews_FormChanged(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, id := signedIn(t, s, "agent", account.Agent)
	other, _ := signedIn(t, s, "other", account.Agent)
	for name, query := range map[string]string{"Field": "f.gone=x", "Column": "c.gone=yes", "Option": "f.document_type=gone", "Queue": "queue=gone", "Reason": "reason=gone"} {
		_, err := s.Instances[0].Primary.Exec(t.Context(), "INSERT INTO saved_views (id, account_id, name, query, shared) VALUES (gen_random_uuid(), $1, $2, $3, true)", id, name, query)
		if err != nil {
			t.Fatal(err)
		}
		page := agent.get("/review").want(t, 200, "<bdi>"+name+"</bdi>", "the form has changed")
		page.lacks(t, query)
		other.get("/review").want(t, 200, "<bdi>"+name+"</bdi>").lacks(t, query)
		address := deletesView.FindStringSubmatch(page.body)
		if address == nil {
			t.Fatalf("the view %s cannot be deleted", name)
		}
		agent.post(address[1], nil).want(t, 303)
		other.get("/review").want(t, 200).lacks(t, "<bdi>"+name+"</bdi>")
	}
}

func TestViews_TooMany(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, id := signedIn(t, s, "agent", account.Agent)
	_, err := s.Instances[0].Primary.Exec(t.Context(), `INSERT INTO saved_views (id, account_id, name, query, shared)
		SELECT gen_random_uuid(), $1, 'view ' || n, 'status=approved', false FROM generate_series(1, 50) AS n`, id)
	if err != nil {
		t.Fatal(err)
	}
	agent.post("/review/views", url.Values{"name": {"view 50"}, "query": {"status=rejected"}}).want(t, 303) // in place of one
	agent.post("/review/views", url.Values{"name": {"one more"}, "query": {"status=rejected"}}).want(t, 422)
	agent.get("/review").want(t, 200, "view 49").lacks(t, "one more")
}
