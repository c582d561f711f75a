package web_test

import (
	"strings"
	"testing"
	"time"

	"docket/internal/account"
)

func TestKey_Scopes(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := visitor(t, s.URL)
	good, other := s.Key(t, "good", account.LatestRead), s.Key(t, "other", account.TicketsRead, account.TicketsWrite, account.DecisionsWrite)
	const path = "/api/v1/users/u-1/latest-ticket"
	for _, try := range []struct {
		authorization string
		status        int
		code          string
	}{
		{"", 401, "unauthenticated"},
		{"Bearer", 401, "unauthenticated"},
		{"Bearer dk_made_up", 401, "unauthenticated"},
		{"Bearer " + good[:len(good)-1], 401, "unauthenticated"},
		{"Basic " + good, 401, "unauthenticated"},
		{"Bearer " + other, 403, "missing_scope"},
		{"Bearer " + good, 404, "no_approved_ticket"},
		{"bearer " + good, 404, "no_approved_ticket"},
	} {
		got := b.get(path, "Authorization", try.authorization).want(t, try.status, `"code":"`+try.code+`"`, `"request_id":"`)
		if kind := got.header.Get("Content-Type"); kind != "application/problem+json" {
			t.Errorf("%d is %s", got.status, kind)
		}
	}
	b.get(path+"?x=1", "Authorization", "Bearer "+good).want(t, 422, `"field":"x"`)
	b.get("/api/v1/users/"+strings.Repeat("x", 129)+"/latest-ticket", "Authorization", "Bearer "+good).want(t, 404, "no_approved_ticket")
	b.get("/api/v1/users/%00/latest-ticket", "Authorization", "Bearer "+good).want(t, 404, "no_approved_ticket")
	b.send("DELETE", path, nil).want(t, 405, "method_not_allowed")
	b.get("/api/v2").want(t, 404, "not_found")
}

func TestKey_RevokedWithinSeconds(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, keys := visitor(t, s.URL), s.Instances[0].Keys
	secret := s.Key(t, "reader", account.LatestRead)
	b.get("/api/v1/users/u/latest-ticket", "Authorization", "Bearer "+secret).want(t, 404)
	all, err := keys.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Revoke(t.Context(), all[0].ID); err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(5 * time.Second); ; {
		asked := time.Now()
		if b.get("/api/v1/users/u/latest-ticket", "Authorization", "Bearer "+secret).status == 401 {
			return
		}
		if asked.After(until) {
			t.Fatal("five seconds later the key still works")
		}
	}
}
