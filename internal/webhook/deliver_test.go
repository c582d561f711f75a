package webhook_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"docket/internal/app"
	"docket/internal/feed"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
	"docket/internal/webhook"
)

// sent is one request as a receiver got it.
type sent struct {
	ID      string
	Header  http.Header
	Body    []byte
	Event   event
	Attempt int // that the receiver has seen of it
}

// event is what a body says.
type event struct {
	ID       string    `json:"id"`
	Type     feed.Type `json:"type"`
	TicketID *string   `json:"ticket_id"`
	UserID   *string   `json:"user_id"`
	UserSeq  *int64    `json:"user_seq"`
	Version  *int64    `json:"version"`
}

// receiver is another system that gets events, and answers as it is told.
type receiver struct {
	t      *testing.T
	server *httptest.Server

	mu     sync.Mutex // guards what follows
	answer func(sent) int
	all    []sent
	more   chan struct{} // closed, and made anew, with each request
}

func receive(t *testing.T, answer func(sent) int) *receiver {
	t.Helper()
	r := &receiver{t: t, answer: answer, more: make(chan struct{})}
	r.server = httptest.NewServer(http.HandlerFunc(r.serve))
	t.Cleanup(r.server.Close)
	return r
}

func (r *receiver) serve(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	got := sent{ID: request.Header.Get("webhook-id"), Header: request.Header, Body: body, Attempt: 1}
	if err != nil || json.Unmarshal(body, &got.Event) != nil || got.Event.ID != got.ID {
		r.t.Errorf("the body %s of %s: %v", body, got.ID, err)
	}
	r.mu.Lock()
	for _, before := range r.all {
		if before.ID == got.ID {
			got.Attempt++
		}
	}
	r.all = append(r.all, got)
	answer := r.answer
	close(r.more)
	r.more = make(chan struct{})
	r.mu.Unlock()
	status := answer(got)
	w.WriteHeader(status)
	fmt.Fprintf(w, "answer %d", status)
}

func (r *receiver) setAnswer(answer func(sent) int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = answer
}

// until waits until enough reports true of all requests, and returns them.
func (r *receiver) until(enough func([]sent) bool) []sent {
	r.t.Helper()
	late := time.After(time.Minute)
	for {
		r.mu.Lock()
		all, more := r.all[:len(r.all):len(r.all)], r.more
		r.mu.Unlock()
		if enough(all) {
			return all
		}
		select {
		case <-more:
		case <-late:
			r.t.Fatalf("%d requests, and no more for a minute", len(all))
		}
	}
}

// distinct is how many events there are in requests.
func distinct(all []sent) int {
	ids := map[string]bool{}
	for _, each := range all {
		ids[each.ID] = true
	}
	return len(ids)
}

func atLeast(events int) func([]sent) bool {
	return func(all []sent) bool { return distinct(all) >= events }
}

func always(status int) func(sent) int { return func(sent) int { return status } }

// site is a running ticket system whose webhooks may be on this machine.
type site struct {
	*testsite.Site
	t   *testing.T
	all *webhook.Webhooks
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{Site: testsite.StartWith(t, testdb.New(t), loopback), t: t}
	s.all = s.Instances[0].Webhooks
	return s
}

// loopback lets webhooks be on this machine. An instance whose lease has ended, as whenever a test lets time pass, has it again soon.
var loopback = app.Config{Webhooks: app.Webhooks{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}, Renew: 100 * time.Millisecond}}

// add adds a webhook for every event.
func (s *site) add(r *receiver) (webhook.Webhook, string) {
	s.t.Helper()
	added, secret, err := s.all.Add(s.t.Context(), r.server.URL+"/hook", feed.Types, "cli")
	if err != nil {
		s.t.Fatal(err)
	}
	return added, secret
}

// submit submits a ticket, and approve approves one.
func (s *site) submit(user string) ticket.Ticket {
	s.t.Helper()
	submitted, err := s.Instances[0].Desk.Submit(s.t.Context(), ticket.Submission{UserID: user, Extra: []byte(`{}`), By: ticket.Key("crm"), Key: uuid.NewString()})
	if err != nil {
		s.t.Fatal(err)
	}
	return submitted
}

func (s *site) approve(t ticket.Ticket) {
	s.t.Helper()
	if _, err := s.Instances[0].Desk.Decide(s.t.Context(), t.ID, t.Version, ticket.Approve(ticket.Key("rules"), "")); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) exec(statement string, args ...any) {
	s.t.Helper()
	if _, err := s.Instances[0].Primary.Exec(s.t.Context(), statement, args...); err != nil {
		s.t.Fatal(err)
	}
}

// advance lets time pass, for the database.
func (s *site) advance(by time.Duration) {
	s.t.Helper()
	s.exec(fmt.Sprintf(`CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
		SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint + %d $$`, by.Milliseconds()))
}

// waits waits until a query has an answer of true.
func (s *site) waits(query string, args ...any) {
	s.t.Helper()
	for late := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		var is bool
		if err := s.Instances[0].Primary.QueryRow(s.t.Context(), query, args...).Scan(&is); err != nil {
			s.t.Fatal(err)
		}
		if is {
			return
		}
		if time.Now().After(late) {
			s.t.Fatalf("not within a minute: %s", query)
		}
	}
}

const allDelivered = "SELECT count(*) = $1 FROM webhook_deliveries WHERE state = 'delivered'"

func TestDeliver_EachOnceInOrder(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := receive(t, always(204))
	s.submit("before")
	added, secret := s.add(r)
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	const tickets = 40
	for i := range tickets {
		s.approve(s.submit(fmt.Sprint("u-", i)))
	}
	all := r.until(atLeast(2 * tickets))
	s.waits(allDelivered, 2*tickets)
	if len(all) != 2*tickets {
		t.Errorf("%d requests for %d events", len(all), 2*tickets)
	}
	versions := map[string]int64{}
	for _, each := range all {
		if err := verifier.Verify(each.Body, each.Header); err != nil {
			t.Errorf("%s: %v", each.ID, err)
		}
		if each.Header.Get("Content-Type") != "application/json" || *each.Event.UserID == "before" {
			t.Errorf("%s: %v %s", each.ID, each.Header, each.Body)
		}
		if before := versions[*each.Event.TicketID]; *each.Event.Version != before+1 {
			t.Errorf("version %d of a ticket came after %d", *each.Event.Version, before)
		}
		versions[*each.Event.TicketID] = *each.Event.Version
	}
	listed, _, err := s.all.Deliveries(t.Context(), added.ID, webhook.Place{}, 200)
	if err != nil || len(listed) != 2*tickets || listed[0].Status != 204 || listed[0].Attempts != 1 {
		t.Errorf("%d deliveries, %v", len(listed), err)
	}
}

// TestDeliver_OrderWhileOneFails has the first event of one ticket fail: its second one waits, those of others do not.
func TestDeliver_OrderWhileOneFails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := receive(t, func(got sent) int {
		if *got.Event.UserID == "bad" && got.Event.Type == feed.Submitted && got.Attempt == 1 {
			return 500
		}
		return 200
	})
	s.add(r)
	bad := s.submit("bad")
	s.waits("SELECT count(*) = 1 FROM webhook_deliveries WHERE state = 'waiting' AND attempts = 1")
	s.approve(bad)
	for i := range 5 {
		s.approve(s.submit(fmt.Sprint("good-", i)))
	}
	s.waits("SELECT count(*) = 10 FROM webhook_deliveries d JOIN tickets t ON t.id = d.ticket_id WHERE d.state = 'delivered' AND t.user_id LIKE 'good%'")
	s.waits("SELECT count(*) = 2 FROM webhook_deliveries WHERE state = 'waiting'")
	s.advance(10 * time.Second)
	s.waits(allDelivered, 12)
	var order []feed.Type
	for _, each := range r.until(atLeast(12)) {
		if *each.Event.UserID == "bad" {
			order = append(order, each.Event.Type)
		}
	}
	if got, want := fmt.Sprint(order), fmt.Sprint([]feed.Type{feed.Submitted, feed.Submitted, feed.Approved}); got != want {
		t.Errorf("of the ticket whose first event failed came %s, want %s", got, want)
	}
}

// TestDeliver_OrderInOneRound has the first of two events of a ticket fail that are sent in one round: the second one waits.
func TestDeliver_OrderInOneRound(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := receive(t, always(200))
	added, _ := s.add(r)
	s.approve(s.submit("ann"))
	s.waits(allDelivered, 2)
	r.setAnswer(func(got sent) int {
		if got.Event.Type == feed.Submitted && got.Attempt == 2 {
			return 500
		}
		return 200
	})
	if err := s.all.ResendSince(t.Context(), added.ID, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	s.waits("SELECT count(*) = 1 FROM webhook_deliveries WHERE state = 'waiting' AND status = 500")
	s.advance(10 * time.Second)
	s.waits(allDelivered, 2)
	var order []feed.Type
	for _, each := range r.until(atLeast(2)) {
		order = append(order, each.Event.Type)
	}
	want := []feed.Type{feed.Submitted, feed.Approved, feed.Submitted, feed.Submitted, feed.Approved}
	if !slices.Equal(order, want) {
		t.Errorf("events came as %s, want %s", order, want)
	}
}

func TestDeliver_ReceiverDownForAnHour(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := receive(t, always(503))
	added, _ := s.add(r)
	const tickets = 60
	for i := range tickets {
		s.approve(s.submit(fmt.Sprint("u-", i)))
	}
	s.waits("SELECT failures >= 3 FROM webhooks")
	for minutes := 20; minutes <= 60; minutes += 20 {
		tried := len(r.until(func([]sent) bool { return true })) // before time passes: what comes after that may be minutes away
		s.advance(time.Duration(minutes) * time.Minute)
		r.until(func(all []sent) bool { return len(all) > tried })
	}
	if found, err := s.all.Find(t.Context(), added.ID); err != nil || found.FailingSince.IsZero() || found.Off != "" {
		t.Errorf("after an hour: %+v, %v", found, err)
	}
	r.setAnswer(always(200))
	s.advance(62 * time.Minute)
	r.until(atLeast(2 * tickets))
	s.waits(allDelivered, 2*tickets)
	if found, err := s.all.Find(t.Context(), added.ID); err != nil || !found.FailingSince.IsZero() {
		t.Errorf("after it answers again: %+v, %v", found, err)
	}
}

// TestDeliver_AnswersAgain has a receiver answer after a long time in which it did not: nobody waits for the next attempt, which is a day
// away.
func TestDeliver_AnswersAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := receive(t, always(503))
	s.add(r)
	s.submit("ann")
	s.waits("SELECT count(*) = 1 FROM webhook_deliveries WHERE attempts > 0")
	r.setAnswer(always(200))
	s.exec("UPDATE webhook_deliveries SET attempts = 20, next_at_ms = now_ms() + 86400000")
	s.exec("UPDATE webhooks SET failures = 20, next_at_ms = 0")
	s.waits(allDelivered, 1)
}

// TestDeliver_OneWithoutAnswer has a receiver that never answers to one event: those that come after it arrive.
func TestDeliver_OneWithoutAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := receive(t, func(got sent) int {
		if *got.Event.UserID == "bad" {
			return 504
		}
		return 200
	})
	s.add(r)
	s.submit("bad")
	s.waits("SELECT count(*) = 1 FROM webhook_deliveries WHERE attempts > 0")
	s.exec("UPDATE webhooks SET failures = 20, next_at_ms = 0")
	s.waits("SELECT failures > 20 FROM webhooks")
	s.submit("good")
	s.exec("UPDATE webhooks SET next_at_ms = 0")
	s.waits(allDelivered, 1)
	s.waits("SELECT failures < 3 FROM webhooks")
}

// TestDeliver_SlowReceiver has a receiver that does not answer beside one that does.
func TestDeliver_SlowReceiver(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	done := make(chan struct{})
	slow := receive(t, func(sent) int { <-done; return 200 })
	defer close(done)
	fast := receive(t, always(200))
	s.add(slow)
	s.add(fast)
	for i := range 100 {
		s.submit(fmt.Sprint("u-", i))
	}
	fast.until(atLeast(100))
	if got := len(slow.until(func([]sent) bool { return true })); got > 16 {
		t.Errorf("%d requests at a time to a receiver that does not answer", got)
	}
}

// TestDeliver_InstanceLosesLease has an instance stand still in the middle of a request: what it finds out afterwards does not count,
// and the same event is sent again by whoever has the webhook then.
func TestDeliver_InstanceLosesLease(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	hold := make(chan struct{})
	r := receive(t, func(got sent) int {
		if got.Attempt == 1 {
			<-hold
			return 500
		}
		return 200
	})
	s.add(r)
	s.submit("ann")
	r.until(atLeast(1))
	s.exec("UPDATE webhooks SET leased_by = $1, leased_until_ms = now_ms() + 3000", uuid.New())
	close(hold)
	s.waits(allDelivered, 1)
	if all := r.until(atLeast(1)); len(all) != 2 || all[0].ID != all[1].ID {
		t.Errorf("%d requests, of %d events", len(all), distinct(all))
	}
	s.waits("SELECT count(*) = 1 FROM webhook_deliveries WHERE attempts = 1")
}

// TestDeliver_PositionLost has a position that the feed does not have, as after a failover that has lost its end: what has happened within
// the last hour is sent again, and then what is new.
func TestDeliver_PositionLost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := receive(t, always(200))
	s.add(r)
	s.submit("ann")
	s.waits(allDelivered, 1)
	s.exec("UPDATE webhooks SET position = 1000000000000")
	s.submit("bob")
	r.until(atLeast(2)) // in any order: they are about two tickets
	s.waits(allDelivered, 2)
}

// TestDeliver_ResendDuringRound has everything sent again while a request is under way: what that round writes does not undo it.
func TestDeliver_ResendDuringRound(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	hold := make(chan struct{})
	r := receive(t, func(got sent) int {
		if *got.Event.UserID == "bob" {
			<-hold
		}
		return 200
	})
	added, _ := s.add(r)
	s.submit("ann")
	s.waits(allDelivered, 1)
	s.submit("bob")
	r.until(atLeast(2))
	err := s.all.ResendSince(t.Context(), added.ID, time.Now().Add(-time.Hour))
	close(hold)
	if err != nil {
		t.Fatal(err)
	}
	s.submit("eve")
	s.waits(allDelivered, 3)
	again := 0
	for _, each := range r.until(atLeast(3)) {
		if *each.Event.UserID == "ann" {
			again++
		}
	}
	if again != 2 {
		t.Errorf("the first event was sent %d times, want twice", again)
	}
}
