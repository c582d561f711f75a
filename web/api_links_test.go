package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/postgres"
	"docket/internal/submissionlink"
	"docket/internal/testkit/testsite"
	"docket/web"
)

// linkSeen is what a program reads of a submission link that it has made.
type linkSeen struct {
	ID        string `json:"id"`
	URL       string `json:"url"`
	ExpiresMS int64  `json:"expires_at_ms"`
}

// partner is a program whose links may lead back to https://shop.example.
func partner(t *testing.T, s *testsite.Site, name string) program {
	t.Helper()
	p := programs(t, s)(name, account.Scopes...)
	execute(t, s, "UPDATE api_keys SET return_origins = '{https://shop.example,http://localhost:3000}' WHERE name = '"+name+"'")
	return p
}

// addLink makes a link for a user; more is further members of the body.
func (p program) addLink(t *testing.T, user, more string) linkSeen {
	t.Helper()
	return read[linkSeen](t, p.post("/api/v1/submission-links", `{"user_id":`+quoted(user)+more+`}`).want(t, 201))
}

func TestLinks_Add(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := partner(t, s, "shop")
	made := p.addLink(t, "u-1", "")
	if day := time.Until(time.UnixMilli(made.ExpiresMS)); day < 23*time.Hour || day > 25*time.Hour {
		t.Errorf("the link works for %s, want a day", day)
	}
	if !strings.HasPrefix(made.URL, s.URL+"/s/") || len(made.URL) < len(s.URL)+40 {
		t.Errorf("the address is %s", made.URL)
	}
	p.addLink(t, "u-1", `,"return_url":"https://shop.example/done?order=7","state":"order 7","expires_in":600,"language":"vi",
		"prefill":{"full_name":"An Nguyen","email":"an@example.com"},"locked":["full_name"]`)
	p.addLink(t, "u-1", `,"return_url":"http://localhost:3000/","expires_in":2592000,"prefill":{}`)

	for more, field := range map[string]string{
		`,"return_url":"https://evil.example/"`:                                "return_url not_an_option",
		`,"return_url":"https://shop.example.evil.example/"`:                   "return_url not_an_option",
		`,"return_url":"https://shop.example@evil.example/"`:                   "return_url not_an_option",
		`,"return_url":"https://evil.example\\@shop.example/"`:                 "return_url not_an_option",
		`,"return_url":"http://shop.example/"`:                                 "return_url not_an_option",
		`,"return_url":"https://shop.example:8443/"`:                           "return_url not_an_option",
		`,"return_url":"//shop.example/"`:                                      "return_url not_an_option",
		`,"return_url":"javascript:alert(1)"`:                                  "return_url not_an_option",
		`,"return_url":""`:                                                     "return_url not_an_option",
		`,"state":"` + strings.Repeat("x", 501) + `"`:                          "state too_long",
		`,"state":"a\u0001b"`:                                                  "state bad_characters",
		`,"expires_in":599`:                                                    "expires_in bad_time",
		`,"expires_in":2592001`:                                                "expires_in bad_time",
		`,"expires_in":"600"`:                                                  "expires_in bad_time",
		`,"expires_in":1e3`:                                                    "expires_in bad_time",
		`,"language":"xx"`:                                                     "language not_an_option",
		`,"prefill":[]`:                                                        "prefill wrong_type",
		`,"prefill":{"email":"no address"}`:                                    "email bad_email",
		`,"prefill":{"full_name":7}`:                                           "full_name wrong_type",
		`,"prefill":{"full_name":""}`:                                          "full_name required",
		`,"prefill":{"shoe_size":"44"}`:                                        "shoe_size unknown_field",
		`,"prefill":{"document_front":"0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a10"}`: "document_front not_applicable",
		`,"locked":["full_name"]`:                                              "locked not_an_option",
		`,"locked":"full_name"`:                                                "locked wrong_type",
		`,"surprise":1`:                                                        "surprise unknown_field",
	} {
		p.post("/api/v1/submission-links", `{"user_id":"u-1"`+more+`}`).refuses(t, 422, "invalid", field)
	}
	if n := count(t, s, "SELECT count(*) FROM submission_links"); n != 3 {
		t.Errorf("%d links were made, want 3", n)
	}
}

func TestLinks_Revoke(t *testing.T) {
	t.Parallel()
	s := start(t)
	p, other := partner(t, s, "shop"), partner(t, s, "bank")
	made := p.addLink(t, "u-1", "")
	other.send("DELETE", "/api/v1/submission-links/"+made.ID, "").refuses(t, 404, "not_found")
	p.send("DELETE", "/api/v1/submission-links/nonsense", "").refuses(t, 404, "not_found")
	for range 2 {
		p.send("DELETE", "/api/v1/submission-links/"+made.ID, "").want(t, 204)
	}
	if n := count(t, s, "SELECT count(*) FROM submission_links WHERE revoked_at_ms IS NOT NULL"); n != 1 {
		t.Errorf("%d links are revoked, want 1", n)
	}
}

func TestKeys_ReturnOrigins(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin, _ := signedIn(t, s, "ada", account.Admin)
	form := url.Values{"name": {"shop"}, "scope": {"links:write"}, "expires": {"90"}, "origins": {"https://shop.example\r\nhttps://shop.example/path"}}
	admin.post("/admin/keys", form).want(t, 422, "https://shop.example/path", "is not an origin")
	form.Set("origins", "https://Shop.Example:443\r\n https://app.example:8443/ https://shop.example")
	admin.post("/admin/keys", form).want(t, 200, "dk_")
	if n := count(t, s, "SELECT count(*) FROM api_keys WHERE return_origins = '{https://shop.example,https://app.example:8443}'"); n != 1 {
		t.Error("the key has not the origins that were typed")
	}
}

// everyLinkCall is one of each call that is about a submission link.
func everyLinkCall(id string) []oneCall {
	return []oneCall{
		{"POST", "/api/v1/submission-links", `{"user_id":"u-link"}`, account.LinksWrite, nil},
		{"DELETE", "/api/v1/submission-links/" + id, "", account.LinksWrite, nil},
	}
}

// everyAnswerAboutLinks makes each call about a link give every answer that it can give.
func everyAnswerAboutLinks(t *testing.T, s *testsite.Site, all program, id string) {
	all.send("DELETE", "/api/v1/submission-links/"+id, "").want(t, 204)
	all.send("DELETE", "/api/v1/submission-links/"+uuid.NewString(), "").refuses(t, 404, "not_found")
	few, err := postgres.Connect(t.Context(), s.DB.Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(few.Close)
	holdConnections(t, t.Context(), few)
	gone, err := postgres.Connect(t.Context(), "postgres://nobody@127.0.0.1:1/nothing")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(gone.Close)
	for code, at := range map[string]program{
		"rate_limited": all.at(beside(t, s, limitRate)),
		"unavailable":  all.at(beside(t, s, func(c *web.Config) { c.Links = submissionlink.New(gone, nil) })),
		"overloaded":   all.at(beside(t, s, func(c *web.Config) { c.Links = submissionlink.New(few, nil) })),
	} {
		status := http.StatusServiceUnavailable
		if code == "rate_limited" {
			status = http.StatusTooManyRequests
			at.get("/api/v1/tickets").want(t, 200)
		}
		for _, c := range everyLinkCall(id) {
			c.by(at).refuses(t, status, code)
		}
	}
	execute(t, s, "ALTER TABLE submission_links RENAME TO elsewhere_too")
	for _, c := range everyLinkCall(id) {
		c.by(all).refuses(t, 500, "internal")
	}
}
