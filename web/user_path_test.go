package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/views"
)

// strangeUsers are ids that an address has to write in another way.
var strangeUsers = []string{"/", "//", "/a", "a/", "a//b", ".", "..", "...", "./", "a/../b", "~", "~.", "~~..", "%2F", "%", "a b?c#d;e&f+g"}

// escapeUser writes an id as programs do that mean it: "." and ".." as they would be followed as folders else.
func escapeUser(id string) string { return strings.ReplaceAll(url.PathEscape(id), ".", "%2E") }

func TestUserID_InPath(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := programs(t, s)("all", account.Scopes...)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	for i, user := range strangeUsers {
		id := p.submit(user, "key-"+string(rune('a'+i))).ID
		p.approve(id)
		base := "/api/v1/users/" + escapeUser(user)
		for _, address := range []string{base + "/latest-ticket", base + "/tickets"} {
			for _, part := range []string{address, strings.ReplaceAll(address, "%2F", "%2f")} {
				if got := p.get(part, "Cache-Control", "no-cache").want(t, http.StatusOK, id); !strings.Contains(got.body, `"user_id":`+quoted(user)) {
					t.Errorf("%s of %q: %s", part, user, got.body)
				}
			}
		}
		admin.get("/admin/users?user="+url.QueryEscape(user)).want(t, http.StatusSeeOther)
		page := views.UserPath(user)
		admin.get("/review/"+id).want(t, http.StatusOK, `href="`+strings.ReplaceAll(page, "&", "&amp;")+`"`)
		admin.get(page).want(t, http.StatusOK, "Erase everything")
		if got := admin.post(views.HoldPath(user), url.Values{"hold": {"A lawsuit"}}); got.status != http.StatusSeeOther || got.location() != page {
			t.Errorf("a hold on %q: %d, to %s", user, got.status, got.location())
		}
		admin.get(page).want(t, http.StatusOK, "A lawsuit")
		admin.post(views.EndHoldPath(user), nil).want(t, http.StatusSeeOther)
	}
	for _, address := range []string{"/users/%2F", "/admin/users/%2F/"} {
		admin.get(address).want(t, http.StatusNotFound)
	}
	for _, address := range []string{"/api/v1/users/%2F", "/api/v1/users/%2F/", "/api/v1/users/%2F/%2F/tickets", "/api/v1/users/%2F/tickets/", "/api/v1/users//tickets"} {
		p.get(address).refuses(t, http.StatusNotFound, "not_found")
	}
}

// A browser asks for the page of each user where its link leads.
func TestUserPath_InBrowser(t *testing.T) {
	t.Parallel()
	for _, user := range strangeUsers {
		path := views.UserPath(user)
		part, err := url.PathUnescape(strings.TrimPrefix(path, "/admin/users/"))
		if folder := strings.ToLower(strings.ReplaceAll(part, "%2e", ".")); err != nil || folder == "." || folder == ".." || views.UserOfPart(part) != user {
			t.Errorf("%q is at %s, which leads to %q, %v", user, path, views.UserOfPart(part), err)
		}
	}
}
