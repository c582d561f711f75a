package web_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

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

// TestReview_SamePerson: an agent sees tickets of other users with the same document or the same person, and nothing otherwise.
func TestReview_SamePerson(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	ann, _ := signedIn(t, s, "ann", account.Customer)
	bob, _ := signedIn(t, s, "bob", account.Customer)
	first := ann.submit(someID)
	agent.get("/review/"+first).want(t, 200).lacks(t, "same-person")
	given := answers(uuid.NewString())
	given.Set("document_number", strings.ToLower(given.Get("document_number")[:2])+" - "+given.Get("document_number")[2:])
	second := strings.TrimPrefix(bob.post("/tickets", given).want(t, 303).location(), "/tickets/")
	agent.get("/review/"+first).want(t, 200, "Same Full name + Date of birth, Document number", second, "bob", "In review, ")
	other := answers(uuid.NewString())
	other.Set("document_number", "ZZ99887766")
	cid, _ := signedIn(t, s, "cid", account.Customer)
	third := strings.TrimPrefix(cid.post("/tickets", other).want(t, 303).location(), "/tickets/")
	agent.get("/review/"+third).want(t, 200, "Same Full name + Date of birth", first, second).lacks(t, "Same Document number")
}
