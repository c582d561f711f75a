package web_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"docket/internal/account"
)

func TestSearch_FindsTickets(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	ann, user := signedIn(t, s, "ann", account.Customer)
	id := ann.submit(someID)
	for _, query := range []string{"nguy", "van nguyen", "NGUYỄN", "=", user, id, strings.ToUpper(id[len(id)-8:])} {
		want := []string{id}
		if query == "=" { // nothing is asked for
			want = nil
		}
		page := agent.get("/review?q="+url.QueryEscape(query)).want(t, 200)
		if got := listed(page.body); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", query, got, want)
		}
	}
	if page := agent.get("/review?q=zzz").want(t, 200); !strings.Contains(page.body, "Nothing is found for") {
		t.Error("a search without a result does not say so")
	}
	agent.get("/review?q="+strings.Repeat("x", 129)).want(t, 422)
	agent.get("/review?q=a&q=b").want(t, 422)
	agent.get("/review?q=").want(t, 200)
	if page := agent.get("/review?q=nguy", "HX-Request", "true").want(t, 200); strings.Contains(page.body, `name="q" value="nguy" placeholder`) {
		t.Error("the part that is swapped while one types has the box in it")
	}
}
