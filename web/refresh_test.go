package web_test

import (
	"bufio"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// refreshed is the list as a page loads it again by itself.
func (b *browser) refreshed() string {
	b.t.Helper()
	return b.get("/review", "HX-Request", "true", account.Background, "1", "Cache-Control", "no-cache").want(b.t, http.StatusOK).body
}

// wantTexts fails unless a text has these and, after "-", has not.
func wantTexts(t *testing.T, who, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		without, no := strings.CutPrefix(text, "-")
		if strings.Contains(body, without) == no {
			t.Errorf("%s is shown %q: %v, want %v", who, without, no, !no)
		}
	}
}

// TestRefresh_EachAgentTheirOwn has the list made for one agent, then shown to others.
func TestRefresh_EachAgentTheirOwn(t *testing.T) {
	t.Parallel()
	s := start(t)
	one, oneID := signedIn(t, s, "one", account.Agent)
	two, twoID := signedIn(t, s, "two", account.Agent)
	three, threeID := signedIn(t, s, "three", account.Agent)
	ids := waiting(t, s, "ann", "bob")
	if got := ticketIn(t, one.post("/review/next", nil).want(t, http.StatusSeeOther).location()); got != ids[0] {
		t.Fatalf("next is %s, want %s", got, ids[0])
	}
	one.post("/review/"+ids[1]+"/handover", url.Values{"to": {"two@example.com"}}).want(t, http.StatusSeeOther)
	for range 2 { // whoever is first has it made
		wantTexts(t, "three", three.refreshed(), "held by one@example.com", "-held by you", "for two@example.com", threeID, "-"+oneID, "-"+twoID)
		wantTexts(t, "one", one.refreshed(), "held by you", "-held by one@example.com", oneID, "-"+threeID)
		wantTexts(t, "two", two.refreshed(), "held by one@example.com", "for you", twoID, "-"+threeID)
	}
	if page := three.get("/review").want(t, http.StatusOK).body; !strings.Contains(page, `id="queue-list"`) || !strings.Contains(page, `id="queue-counts"`) {
		t.Error("the page lacks what a refresh replaces")
	}
}

// TestRefresh_OpinionGiven shows a list that was made for others to an agent who can't decide a ticket of it any more.
func TestRefresh_OpinionGiven(t *testing.T) {
	t.Parallel()
	s := startSecond(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	first, _ := signedIn(t, s, "first", account.Agent)
	second, _ := signedIn(t, s, "second", account.Agent)
	id := customer.submit(someID)
	wantTexts(t, "the first", first.refreshed(), id)
	first.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	wantTexts(t, "the second", second.refreshed(), id, "Second opinion")
	wantTexts(t, "the first", first.refreshed(), "-"+id)
}

// TestRefresh_OwnWriteAtOnce writes between two refreshes of the same tick.
func TestRefresh_OwnWriteAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	id := waiting(t, s, "ann")[0]
	for range 5 {
		wantTexts(t, "before", agent.refreshed(), "-held by you")
		agent.post("/review/"+id+"/claim", nil).want(t, http.StatusSeeOther)
		wantTexts(t, "the holder", agent.refreshed(), "held by you")
		agent.post("/review/"+id+"/release", nil).want(t, http.StatusSeeOther)
	}
}

// TestRefresh_OtherInstance changes a ticket elsewhere: a list that was made before is not shown after the next event.
func TestRefresh_OtherInstance(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.New(t))
	email, _ := s.Account(t, "agent", account.Agent)
	here, there := visitor(t, s.URLs[0]), visitor(t, s.URLs[1])
	here.login(email)
	there.login(email)
	events := here.queueEvents()
	here.refreshed()
	for _, id := range waiting(t, s, "ann", "bob", "cid") {
		there.post("/review/"+id+"/claim", nil).want(t, http.StatusSeeOther)
		for events(); !strings.Contains(here.refreshed(), "held by you"); { // an event of an earlier change may come first
			events()
		}
		there.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
		for events(); strings.Contains(here.refreshed(), id); {
			events()
		}
	}
}

// queueEvents opens the event stream of the queue; what it returns waits for an event.
func (b *browser) queueEvents() (next func()) {
	b.t.Helper()
	answer, err := b.client.Get(b.url + "/review/events")
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = answer.Body.Close() })
	lines := bufio.NewScanner(answer.Body)
	return func() {
		b.t.Helper()
		for lines.Scan() {
			if lines.Text() == "event: queue" {
				return
			}
		}
		b.t.Fatal("the stream ended")
	}
}

// TestQueue_SharedUntilAChange shows a list that was made for another agent, until something changes: by way of this instance, by way
// of another, or by the agent at another.
func TestQueue_SharedUntilAChange(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.New(t))
	one, _ := signedIn(t, s, "one", account.Agent)
	two, _ := signedIn(t, s, "two", account.Agent)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	other, _ := signedIn(t, s, "other", account.Customer)
	shown := func(b *browser) string { return b.get("/review").want(t, http.StatusOK).body }
	for _, agent := range []*browser{one, two, one} {
		wantTexts(t, "before", shown(agent), "Nothing is waiting")
	}
	first := customer.submit(someID)
	wantTexts(t, "after a submission", shown(two), first)
	second := other.at(s.URLs[1]).submit(uuid.NewString())
	for !strings.Contains(shown(two), second) { // until this instance is notified
		t.Log("not yet")
	}
	one.at(s.URLs[1]).post("/review/"+second+"/claim", nil).want(t, http.StatusSeeOther)
	wantTexts(t, "after the agent's claim elsewhere", shown(one), "held by you")
	for !strings.Contains(shown(two), "held by one@example.com") {
		t.Log("not yet notified of the claim")
	}
	execute(t, s, "DELETE FROM claims") // no instance is notified
	wantTexts(t, "what is asked of the primary", two.get("/review", "Cache-Control", "no-cache").want(t, http.StatusOK).body, "-held by")
}
