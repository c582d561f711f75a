package web_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/feed"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/web"
)

var eventsCall = oneCall{"GET", "/api/v1/events", "", account.EventsRead, nil}

// eventsSeen is one answer of the feed.
type eventsSeen struct {
	Items []struct {
		Type     string
		TicketID *string `json:"ticket_id"`
		User     string  `json:"user_id"`
		UserSeq  int64   `json:"user_seq"`
		Version  *int64
		Status   *string
		Reasons  []string
	}
	Next string
}

// types says what happened, as "type user".
func (e eventsSeen) types() (types []string) {
	for _, item := range e.Items {
		types = append(types, item.Type+" "+item.User)
	}
	return types
}

// feedOf runs a feed of a database until the test ends.
func feedOf(t *testing.T, url string) (*feed.Feed, *postgres.Pool) {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	f := feed.New(pool)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	return f, pool
}

// everyAnswerOfEvents makes the feed give every answer that it can give.
func everyAnswerOfEvents(t *testing.T, s *testsite.Site, all program) {
	all.get("/api/v1/events?types=ticket.submitted,ticket.rejected&limit=1000&wait=0").want(t, 200)
	all.send("HEAD", "/api/v1/events", "").want(t, 200)
	all.get("/api/v1/events?after=x").refuses(t, 422, "bad_cursor")
	all.get("/api/v1/events?types=ticket.lost&limit=1001&wait=31").refuses(t, 422, "invalid", "limit bad_limit", "types not_an_option", "wait bad_wait")
	silent, _ := feedOf(t, "postgres://nobody@127.0.0.1:1/none")
	busy, few := feedOf(t, s.DB.Primary)
	holdConnections(t, t.Context(), few)
	with := func(f *feed.Feed) program { return all.at(beside(t, s, func(c *web.Config) { c.Feed = f })) }
	early, _ := feedOf(t, s.DB.Primary)
	first := read[eventsSeen](t, with(early).get("/api/v1/events?limit=1").want(t, 200))
	late, _ := feedOf(t, s.DB.Primary)
	eventsCall.by(with(silent)).refuses(t, 503, "unavailable")
	eventsCall.by(with(busy)).refuses(t, 503, "overloaded")
	limited := all.at(beside(t, s, limitRate))
	eventsCall.by(limited).want(t, 200)
	eventsCall.by(limited).refuses(t, 429, "rate_limited")
	execute(t, s, "ALTER TABLE feed_marks RENAME TO elsewhere")
	eventsCall.by(with(late)).refuses(t, 500, "internal")
	execute(t, s, "ALTER TABLE elsewhere RENAME TO feed_marks")
	execute(t, s, "INSERT INTO feed_marks (at_ms, seq) SELECT 1, max(seq) FROM ticket_events")
	with(late).get("/api/v1/events?after="+first.Next).refuses(t, 410, "cursor_expired")
}

// TestAPIEvents_Followed follows the feed with calls that wait, from before the first change to after the erasure of the user.
func TestAPIEvents_Followed(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.New(t))
	made := programs(t, s)
	writer, reader := made("writer", account.Scopes...), made("reader", account.EventsRead).at(s.URLs[1])
	next := read[eventsSeen](t, reader.get("/api/v1/events").want(t, 200, `"items":[]`)).Next
	follow := func(types string, want ...string) (seen eventsSeen) {
		t.Helper()
		for len(seen.Items) < len(want) {
			page := read[eventsSeen](t, reader.get("/api/v1/events?wait=30&after="+next+types).want(t, 200))
			if len(page.Items) == 0 {
				t.Fatalf("after %v nothing comes for 30 seconds, want %v", seen.types(), want)
			}
			seen.Items, next = append(seen.Items, page.Items...), page.Next
		}
		if got := seen.types(); !slices.Equal(got, want) {
			t.Errorf("events %v, want %v", got, want)
		}
		return seen
	}
	waits := make(chan struct{})
	go func() {
		defer close(waits)
		follow("", "ticket.submitted ann")
	}()
	for s.Instances[1].Feed.Waiting() == 0 {
		runtime.Gosched()
	}
	ann := writer.submit("ann", "1")
	<-waits
	bob := writer.submit("bob", "2")
	decide := func(id, body string) { writer.post("/api/v1/tickets/"+id+"/decision", body).want(t, 200) }
	decide(ann.ID, `{"decision":"approve","version":1,"note":"a secret"}`)
	decide(bob.ID, `{"decision":"reject","version":1,"reasons":["name_mismatch"],"comment":"another secret"}`)
	seen := follow("", "ticket.submitted bob", "ticket.approved ann", "ticket.rejected bob")
	if no := seen.Items[2]; *no.TicketID != bob.ID || *no.Version != 2 || *no.Status != "rejected" || !slices.Equal(no.Reasons, []string{"name_mismatch"}) || no.UserSeq <= seen.Items[0].UserSeq {
		t.Errorf("the rejection is %+v", no)
	}
	execute(t, s, "SELECT erase_user('ann', 'cli', 'request')")
	erased := follow("&types=user.erased,approval.expired", "user.erased ann").Items[0]
	if erased.TicketID != nil || erased.Version != nil || erased.Status != nil {
		t.Errorf("the erasure is %+v", erased)
	}
	all := reader.get("/api/v1/events").want(t, 200).body
	for _, secret := range []string{"secret", "agent:", "key:", "Ann Example"} {
		if strings.Contains(all, secret) {
			t.Errorf("the feed has %q: %s", secret, all)
		}
	}
}

// TestAPIEvents_ServerStops ends a call that waits when its server stops: the answer is whole, and empty.
func TestAPIEvents_ServerStops(t *testing.T) {
	t.Parallel()
	s := start(t)
	reader := programs(t, s)("reader", account.EventsRead)
	next := read[eventsSeen](t, reader.get("/api/v1/events")).Next
	go func() {
		for s.Instances[0].Feed.Waiting() == 0 {
			runtime.Gosched()
		}
		s.Instances[0].Web.EndStreams()
	}()
	reader.get("/api/v1/events?wait=30&after="+next).want(t, 200, `"items":[]`)
}
