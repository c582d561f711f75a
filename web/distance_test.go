package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestDistance_FarPrimary has a primary on the other side of the world, and behind a slow link at that: a round trip takes half
// a second. Nearly everything must still work, one request after the other and many at once.
func TestDistance_FarPrimary(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute, for nearly all of which it waits")
	}
	t.Parallel()
	db := testdb.NewWithReplica(t)
	relay := testdb.NewRelay(t, db.Primary)
	s := testsite.Start(t, testsite.Form(), 1, testdb.DB{Primary: relay.URL, Replica: db.Replica})
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	all := programs(t, s)("all", account.Scopes...)
	relay.SetRoundTrip(500 * time.Millisecond)
	s.Instances[0].Primary.Reset()
	for deadline := time.Now().Add(20 * time.Second); all.get("/api/v1/users/u-0/latest-ticket", "Cache-Control", "no-cache").status != http.StatusNotFound; {
		if time.Now().After(deadline) {
			t.Fatal("no read of the primary within 20 s")
		}
	}
	f := &farCalls{t: t}
	for i := range 3 {
		f.submitAndDecide(all, fmt.Sprint("one after the other ", i))
	}
	var many sync.WaitGroup
	for i := range 40 {
		many.Go(func() { f.submitAndDecide(all, fmt.Sprint("at once ", i)) })
	}
	many.Wait()
	f.call("queue", http.StatusOK, func() reply { return agent.get("/review") })
	f.call("form", http.StatusOK, func() reply { return customer.get("/tickets/new") })
	var page string
	f.call("submit a page", http.StatusSeeOther, func() reply {
		got := customer.post("/tickets", answers(someID))
		page = got.location()
		return got
	})
	f.call("own tickets", http.StatusOK, func() reply { return customer.get("/tickets") })
	if page != "" {
		id := page[len("/tickets/"):]
		f.call("open a ticket", http.StatusOK, func() reply { return agent.get("/review/" + id) })
		f.call("approve", http.StatusSeeOther, func() reply { return agent.post("/review/"+id+"/approve", url.Values{"version": {"1"}}) })
	}
	f.call("submit with photos", http.StatusSeeOther, func() reply {
		picked := []chosen{{"document_front", "front.jpg", photo()}, {"selfie", "selfie.jpg", photo()}}
		return customer.postFiles("/tickets", answers(uuid.NewString()), picked)
	})
	f.call("sign out", http.StatusSeeOther, func() reply { return customer.post("/logout", nil) })
	f.call("sign in", http.StatusSeeOther, func() reply {
		return customer.post("/login", url.Values{"email": {"customer@example.com"}, "password": {testsite.Password}})
	})
	f.call("ready", http.StatusOK, func() reply { return customer.get("/readyz").want(t, http.StatusOK, "read-write") })
	if f.failed*20 > f.all {
		t.Errorf("%d of %d requests failed, want at most one in twenty", f.failed, f.all)
	}
	t.Logf("%d of %d requests failed", f.failed, f.all)
}

// farCalls counts requests and logs how many round trips each kind of them takes.
type farCalls struct {
	t           *testing.T
	mu          sync.Mutex // guards what follows
	all, failed int
}

func (f *farCalls) call(what string, want int, send func() reply) (got reply, ok bool) {
	began := time.Now()
	got = send()
	f.t.Logf("%s: %d after %.1f round trips", what, got.status, time.Since(began).Seconds()/0.5)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all++; got.status != want {
		f.failed++
		f.t.Logf("%s: %.300s", what, got.body)
	}
	return got, got.status == want
}

func (f *farCalls) submitAndDecide(p program, user string) {
	got, ok := f.call("submit", http.StatusCreated, func() reply {
		return p.post("/api/v1/tickets", submission(user), "Idempotency-Key", uuid.NewString())
	})
	if !ok {
		return
	}
	id := read[ticketSeen](f.t, got).ID
	f.call("decide", http.StatusOK, func() reply { return p.post("/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":1}`) })
	f.call("look up", http.StatusOK, func() reply { return p.get("/api/v1/users/" + url.PathEscape(user) + "/latest-ticket") })
}
